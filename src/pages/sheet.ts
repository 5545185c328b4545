/** Paper that the poster is printed on, upright. */
export type Sheet = {readonly name: string; readonly width: number; readonly height: number};

/** [mm] */
export const sheets: readonly Sheet[] = [
	{name: 'a0', width: 841, height: 1189},
	{name: 'a4', width: 210, height: 297},
];

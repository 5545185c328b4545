/** What is wrong at a path of a claims file. */
export type ClaimFault = {
	readonly path: readonly (string | number)[];
	/** What follows "Expected … to be". */
	readonly rule: string;
	readonly got?: string;
};

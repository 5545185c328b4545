/** For commands that can leave a page with charts. */
export type HtmlOption = {readonly html: boolean};

export const htmlOption = {
	type: 'boolean',
	default: false,
	describe: 'Also write a page with charts, one file that loads nothing',
} as const;

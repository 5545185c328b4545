/** Longest query that is read [characters]. */
export const longestQuery = 10_000;

/** Deepest nesting of a query that is read. */
export const deepestQuery = 100;

/** Fault of a query: its place, from 0, and what would do there. */
export class QueryFault extends Error {
	override name = 'QueryFault';
	readonly offset: number;
	readonly rule: string;
	readonly got: string;

	/** @param rule - text that follows "Expected … to be" */
	constructor(offset: number, rule: string, got: string) {
		super(`expected ${rule}, got ${got}`);
		this.offset = offset;
		this.rule = rule;
		this.got = got;
	}
}

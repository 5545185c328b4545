/**
 * Uniform numbers in [0, 1), the same for the same seed: what simple-statistics takes as its `randomSource`. For
 * resampling; the simulator has streams of its own.
 *
 * @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md, mulberry32
 */
export function randomSource(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

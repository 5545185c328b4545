import {givesWay} from '../disk/give-way.ts';

/** Rows between two looks at the clock. */
const stride = 1 << 16;

/**
 * The order of rows by time; of equal times the one that was read first stays first. Signals are heard meanwhile.
 *
 * Merges of neighbouring runs, from those of `stride` rows upward.
 */
export async function orderByTime(at: Float64Array): Promise<Uint32Array> {
	const giveWay = givesWay();
	let order = new Uint32Array(at.length);
	for (let row = 0; row < at.length; row++) {
		order[row] = row;
	}

	for (let from = 0; from < at.length; from += stride) {
		order.subarray(from, from + stride).sort((a, b) => at[a]! - at[b]! || a - b);
		await giveWay();
	}

	let merged = new Uint32Array(at.length);
	for (let width = stride; width < at.length; width *= 2) {
		for (let from = 0; from < at.length; from += 2 * width) {
			const merge = merging(at, order, merged, {from, middle: from + width, to: from + 2 * width});
			while (!merge()) {
				await giveWay();
			}
		}

		[order, merged] = [merged, order];
	}

	return order;
}

type Runs = {readonly from: number; readonly middle: number; readonly to: number};

/** Merges two runs, `stride` rows a call; true once it is done. */
function merging(at: Float64Array, order: Uint32Array, merged: Uint32Array, runs: Runs): () => boolean {
	const [middle, to] = [Math.min(runs.middle, at.length), Math.min(runs.to, at.length)];
	let [left, right, next] = [runs.from, middle, runs.from];
	return () => {
		const end = Math.min(to, next + stride);
		for (; next < end; next++) {
			const takesLeft = right === to || (left < middle && at[order[left]!]! <= at[order[right]!]!);
			merged[next] = takesLeft ? order[left++]! : order[right++]!;
		}

		return next === to;
	};
}

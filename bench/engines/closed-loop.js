import {apply, leastRelativeSquares, medianOf} from './fit.js';
import {shapeOf} from './shapes.js';

/** KV cache of a group: what 0.9 of the GPUs' 80 GB leaves beside the weights and 1.2 GB each [tokens]. */
function roomOf(tensorParallel) {
	const weights = 32.8e9 * 2;
	const perToken = 2 * 64 * 8 * 128 * 2;
	return (tensorParallel * (0.9 * 80e9 - 1.2e9) - weights) / perToken;
}

/** Rows of Qwen3-32B on H100 under vLLM: users who ask again at once. */
export function rowsOf(table) {
	return table
		.filter(
			({backend, model, gpu, mode, concurrency, duplicate_of: twin}) =>
				backend === 'vllm' &&
				model === 'Qwen/Qwen3-32B' &&
				gpu === 'h100_sxm' &&
				mode === 'agg' &&
				concurrency &&
				!twin,
		)
		.map(row => {
			const [prompt, output, tensorParallel] = [row.isl_tokens, row.osl_tokens, row.tp].map(Number);
			const batch = Math.min(Number(row.concurrency), roomOf(tensorParallel) / (prompt + output / 2));
			return {
				id: row.id,
				family: `${prompt}x${output}`,
				shape: shapeOf({model: row.model, gpu: 'H100', tensorParallel, precision: 'FP16'}),
				...{prompt, output, tensorParallel, batch, tpot: Number(row.tpot_ms)},
			};
		});
}

/** Each step decodes a token of every sequence, and computes the part of a prompt that comes to a token of an answer. */
function stepRow({shape, prompt, output, batch}) {
	const tokens = batch * (1 + prompt / output);
	return [
		1,
		shape.weights(batch),
		shape.context(batch * (prompt + output / 2)),
		shape.compute(tokens),
		shape.exchange(tokens),
	];
}

/** Errors of rows, each predicted by coefficients of rows of other lengths. */
export function judgeClosedLoop(rows) {
	const errors = rows.map(row => {
		const others = rows.filter(({family}) => family !== row.family);
		const step = leastRelativeSquares(
			others.map(stepRow),
			others.map(({tpot}) => tpot),
		);
		return {id: row.id, tpotError: apply(step, stepRow(row)) / row.tpot - 1};
	});
	return {medianAbsoluteError: {tpot: medianOf(errors.map(({tpotError}) => Math.abs(tpotError)))}, rows: errors};
}

/*
 * Shapes of public models and GPUs, from the models' config.json and the GPUs' data sheets (dense FP16 or FP8 throughput).
 * `expertWeights` are the weights in experts, of which a token takes `taken` of `experts`.
 */
const shapes = {
	'mixtral-8x7b': {layers: 32, hidden: 4096, kvHeads: 8, weights: 46.7e9, expertWeights: 45.1e9, experts: 8, taken: 2},
	'mixtral-8x22b': {
		layers: 56,
		hidden: 6144,
		kvHeads: 8,
		weights: 140.6e9,
		expertWeights: 135.3e9,
		experts: 8,
		taken: 2,
	},
	'llama-4-scout': {
		layers: 48,
		hidden: 5120,
		kvHeads: 8,
		weights: 108.6e9,
		expertWeights: 96.6e9,
		experts: 16,
		taken: 1,
	},
	'qwen3-14b': {layers: 40, hidden: 5120, kvHeads: 8, weights: 14.8e9},
	'qwen3-32b': {layers: 64, hidden: 5120, kvHeads: 8, weights: 32.8e9},
	'qwen2.5-7b': {layers: 28, hidden: 3584, kvHeads: 4, weights: 7.6e9},
	'llama-3.1-8b': {layers: 32, hidden: 4096, kvHeads: 8, weights: 8.03e9},
	'llama-3.1-70b': {layers: 80, hidden: 8192, kvHeads: 8, weights: 70.6e9},
	'llama-2-7b': {layers: 32, hidden: 4096, kvHeads: 32, weights: 6.74e9},
	'llama-2-70b': {layers: 80, hidden: 8192, kvHeads: 8, weights: 69e9},
	'codellama-34b': {layers: 48, hidden: 8192, kvHeads: 8, weights: 33.7e9},
	'mistral-nemo': {layers: 40, hidden: 5120, kvHeads: 8, weights: 12.2e9},
	'yi-34b': {layers: 60, hidden: 7168, kvHeads: 8, weights: 34.4e9},
};

export const gpus = {
	H100: {bytesPerSecond: 3.35e12, flops: 989e12},
	'A100-80GB': {bytesPerSecond: 2.039e12, flops: 312e12},
	L40S: {bytesPerSecond: 0.864e12, flops: 362e12},
};

const headDimension = 128;

/** Name in `shapes` of a model as a repository calls it. */
export function familyOf(model) {
	const name = model.toLowerCase().replace('meta-', '');
	const family = Object.keys(shapes).find(family => name.includes(family));
	if (family === undefined) {
		throw new Error(`Expected the shape of ${model} in bench/engines/shapes.js, got none`);
	}

	return family;
}

/** Physical parts of a step on one GPU of a tensor-parallel group: bytes, operations, by the batch. */
export function shapeOf({model, gpu, tensorParallel, precision}) {
	const {layers, hidden, kvHeads, weights, expertWeights = 0, experts = 0, taken = 0} = shapes[familyOf(model)];
	const {bytesPerSecond, flops} = gpus[gpu];
	const weightBytes = precision === 'FP8' ? 1 : 2;
	const hit = batch => (experts === 0 ? 0 : experts * (1 - (1 - taken / experts) ** Math.max(1, batch)));
	const active = weights - expertWeights + (experts === 0 ? 0 : (expertWeights * taken) / experts);
	const perGpu = 1000 / tensorParallel;
	return {
		layers,
		isMixture: experts > 0,
		/** [ms] */
		weights: batch =>
			((weights - expertWeights + (experts === 0 ? 0 : (expertWeights * hit(batch)) / experts)) *
				weightBytes *
				perGpu) /
			bytesPerSecond,
		context: tokens => (tokens * 2 * layers * kvHeads * headDimension * 2 * perGpu) / bytesPerSecond,
		compute: tokens => (tokens * active * 2 * perGpu) / flops,
		/** Experts to start, over all layers. */
		experts: batch => hit(batch) * layers,
		/** Width of all layers in the GPU's time: kernels that no batch makes shorter. */
		width: (hidden * layers) / bytesPerSecond,
		/** Tokens that all-reduces carry, over all layers [MB]. */
		exchange: tokens => (tensorParallel > 1 ? (tokens * hidden * layers * 2) / 1e6 : 0),
	};
}

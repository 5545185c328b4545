import {apply, leastRelativeSquares, medianOf} from './fit.js';
import {familyOf, shapeOf} from './shapes.js';

/** Stages of the experiments of a folder, each with its load and its measured means [ms]. */
export function stagesOf(experiments, measured) {
	return measured
		.filter(({stage}) => stage !== 'all')
		.map(row => {
			const experiment = experiments.find(({experiment}) => experiment === row.experiment);
			const {model, gpu, tp, precision} = experiment;
			return {
				experiment: row.experiment,
				family: familyOf(model),
				shape: shapeOf({model, gpu, tensorParallel: Number(tp), precision}),
				rate: Number(experiment[`stage${row.stage}_rate_per_s`]),
				prompt: Number(experiment.prompt_tokens_mean),
				output: Number(experiment.output_tokens),
				mostSequences: Number(experiment.max_num_seqs),
				requests: Number(row.requests_sent),
				e2e: Number(row.e2e_mean_ms),
				ttft: Number(row.ttft_mean_ms),
				itl: Number(row.itl_derived_ms),
			};
		});
}

/** Sequences in the batch, by Little's law. */
const batchOf = ({rate, mostSequences}, e2e) => Math.min(mostSequences, (rate * e2e) / 1000);

function stepRow({shape, prompt, output}, batch) {
	const context = batch * (prompt + output / 2);
	return [1, shape.weights(batch), shape.context(context), shape.compute(batch), shape.experts(batch), shape.width];
}

const firstTokenRow = ({prompt}, itl) => [itl, prompt];

function learn(stages) {
	return {
		step: leastRelativeSquares(
			stages.map(stage => stepRow(stage, batchOf(stage, stage.e2e))),
			stages.map(({itl}) => itl),
		),
		first: leastRelativeSquares(
			stages.map(stage => firstTokenRow(stage, stage.itl)),
			stages.map(({ttft}) => ttft),
		),
	};
}

function predict(stage, {step, first}) {
	let batch = 1;
	let figures;
	for (let round = 0; round < 100; round++) {
		const itl = apply(step, stepRow(stage, batch));
		const ttft = apply(first, firstTokenRow(stage, itl));
		figures = {itl, ttft, e2e: ttft + (stage.output - 1) * itl};
		batch = 0.4 * batch + 0.6 * batchOf(stage, figures.e2e);
	}

	return figures;
}

/** Errors of experiments, each predicted by coefficients of the other families; `kept` by those of all. */
export function judgeOpenLoop(stages, kept) {
	const judged = kept ?? stages;
	const errors = [...new Set(judged.map(({experiment}) => experiment))].map(experiment => {
		const own = judged.filter(stage => stage.experiment === experiment);
		const learnt = learn(kept === undefined ? stages.filter(({family}) => family !== own[0].family) : stages);
		const errorOf = figure => {
			const predicted = own.reduce((sum, stage) => sum + stage.requests * predict(stage, learnt)[figure], 0);
			return predicted / own.reduce((sum, stage) => sum + stage.requests * stage[figure], 0) - 1;
		};
		return {experiment, e2eError: errorOf('e2e'), itlError: errorOf('itl'), ttftError: errorOf('ttft')};
	});
	const median = figure => medianOf(errors.map(error => Math.abs(error[figure])));
	return {
		medianAbsoluteError: {e2e: median('e2eError'), itl: median('itlError'), ttft: median('ttftError')},
		experiments: errors,
	};
}

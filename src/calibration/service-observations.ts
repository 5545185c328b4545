import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import {fullSpeedOf} from '../simulator/nodes.ts';

/** Where a request's time in service went, as the model's server itself tells [s]. */
export type ServerTimings = {
	readonly loadSeconds: Float64Array;
	readonly promptEvalSeconds: Float64Array;
	readonly evalSeconds: Float64Array;
};

/** A completed request, its times turned into work by the speed that its pod has at most [CPU s]. */
export type ServiceObservation = {
	readonly promptTokens: number;
	readonly outputTokens: number;
	readonly work: number;
	/** Of the work, where it went; absent where nothing tells. */
	readonly parts?: {readonly load: number; readonly prompt: number; readonly output: number};
};

/**
 * The completed requests of a record.
 *
 * @param experiment - the record's own: limits and threads stand there
 * @param timings - one row for each row of `requests`
 */
export function serviceObservations(
	{tables}: Recording,
	experiment: Experiment,
	timings?: ServerTimings,
): ServiceObservation[] {
	const {startedSeconds, endedSeconds, promptTokens, outputTokens, outcome} = tables.requests;
	const speed = fullSpeedOf(experiment.deployment);
	return outcome.flatMap((end, row) => {
		const seconds = endedSeconds[row]! - startedSeconds[row]!;
		if (end !== 'completed' || !(seconds > 0)) {
			return [];
		}

		const parts = timings && partsOf(timings, row, speed);
		return [
			{
				promptTokens: promptTokens[row]!,
				outputTokens: outputTokens[row]!,
				work: seconds * speed,
				...(parts !== undefined && {parts}),
			},
		];
	});
}

function partsOf({loadSeconds, promptEvalSeconds, evalSeconds}: ServerTimings, row: number, speed: number) {
	const [load, prompt, output] = [loadSeconds[row]!, promptEvalSeconds[row]!, evalSeconds[row]!];
	return Number.isNaN(load + prompt + output)
		? undefined
		: {load: load * speed, prompt: prompt * speed, output: output * speed};
}

import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import {fullSpeedOf} from '../simulator/nodes.ts';

/** Where a request's time in service went, as the model's server itself tells [s]. */
export type ServerTimings = {
	readonly promptEvalSeconds: Float64Array;
	readonly evalSeconds: Float64Array;
};

/** A completed request, its times turned into work by the speed that its pod has at most [CPU s]. */
export type ServiceObservation = {
	readonly promptTokens: number;
	readonly outputTokens: number;
	readonly work: number;
	/** Of the work, where it went; `rest` is neither prompt nor answer. Absent where nothing tells. */
	readonly parts?: {readonly prompt: number; readonly output: number; readonly rest: number};
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

		const work = seconds * speed;
		const parts = timings && partsOf(timings, row, {speed, work});
		return [
			{
				promptTokens: promptTokens[row]!,
				outputTokens: outputTokens[row]!,
				work,
				...(parts !== undefined && {parts}),
			},
		];
	});
}

function partsOf(
	{promptEvalSeconds, evalSeconds}: ServerTimings,
	row: number,
	{speed, work}: {readonly speed: number; readonly work: number},
): ServiceObservation['parts'] {
	const [prompt, output] = [promptEvalSeconds[row]! * speed, evalSeconds[row]! * speed];
	return Number.isNaN(prompt + output) ? undefined : {prompt, output, rest: work - prompt - output};
}

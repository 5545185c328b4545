import {fairCrps, holds, intervalScore, predictionInterval} from '../../statistics/prediction.ts';
import {runFigures} from '../figure-table.ts';
import type {Reading} from '../reading.ts';

/** Figures of one run whose prediction is scored. */
export const scoredFigures = [
	'replicasMean',
	'podHours',
	'cost',
	'energy',
	'throughput',
	'p50',
	'p95',
	'p99',
	'ttft',
	'availability',
	'cpuUtilization',
	'memoryUtilization',
] as const satisfies readonly (keyof typeof runFigures)[];
export type ScoredFigure = (typeof scoredFigures)[number];

/** Scores of the prediction of one figure against the measured runs. */
export type PredictionScore = {
	readonly figure: ScoredFigure;
	/** 90 % interval of one run, in the figure's unit. */
	readonly low: number;
	readonly high: number;
	/** Measured runs that have the figure, and those in the interval. */
	readonly count: number;
	readonly inside: number;
	/** Means over the measured runs, in the figure's unit. */
	readonly intervalScore: number;
	readonly crps: number;
	/** CRPS of the other repeats as a forecast of each; null with fewer than three repeats. */
	readonly repeatsCrps: number | null;
};

/** Fewest repeats of which the others have a spread. */
const fewestRepeats = 3;

/**
 * Scores the prediction of one run against measured ones.
 *
 * @param predicted - runs under drawn conditions, with the measured requests
 * @param cutOff - percentiles that are the clients' timeout: they are left out
 */
export function scorePredictions(
	predicted: readonly Reading[],
	measured: readonly Reading[],
	cutOff: readonly {readonly figure: string}[],
): PredictionScore[] {
	return scoredFigures
		.filter(figure => !cutOff.some(cut => cut.figure === figure))
		.flatMap(figure => {
			const {read} = runFigures[figure];
			const values = measured.map(read).filter(value => !Number.isNaN(value));
			const members = predicted
				.map(read)
				.filter(value => !Number.isNaN(value))
				.sort((a, b) => a - b);
			const interval = predictionInterval(members);
			if (interval === undefined || values.length === 0) {
				return [];
			}

			const mean = (of: (value: number, index: number) => number) =>
				values.reduce((sum, value, index) => sum + of(value, index), 0) / values.length;
			return [
				{
					figure,
					...interval,
					count: values.length,
					inside: values.filter(value => holds(interval, value)).length,
					intervalScore: mean(value => intervalScore(interval, value)),
					crps: mean(value => fairCrps(members, value)),
					repeatsCrps:
						values.length < fewestRepeats
							? null
							: mean((value, index) =>
									fairCrps(
										values.toSpliced(index, 1).sort((a, b) => a - b),
										value,
									),
								),
				},
			];
		});
}

/** Share of measured figures in their prediction intervals, of all or of one kind. */
export type PredictionCoverage = {
	readonly inside: number;
	readonly count: number;
	/**
	 * CRPS of the predictions over that of the other repeats, mean of the logarithms: at most 1 where the forecast is as
	 * good as a repeat; null where repeats do not tell.
	 */
	readonly skill: number | null;
};

/** Coverage over the scores of several experiments; undefined where nothing was scored. */
export function coverageOver(scores: readonly PredictionScore[]): PredictionCoverage | undefined {
	const total = (of: (score: PredictionScore) => number) => scores.reduce((sum, score) => sum + of(score), 0);
	const logarithms = scores.flatMap(({crps, repeatsCrps}) =>
		repeatsCrps !== null && repeatsCrps > 0 && crps > 0 ? [Math.log(crps / repeatsCrps)] : [],
	);
	return scores.length === 0
		? undefined
		: {
				inside: total(({inside}) => inside),
				count: total(({count}) => count),
				skill:
					logarithms.length === 0
						? null
						: Math.exp(logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length),
			};
}

import * as z from 'zod';

/** Figures of an arm that one real run has. */
export const predictedFigures = [
	'replicas',
	'podHours',
	'costPerHour',
	'energyWattHours',
	'throughputPerSecond',
	'p50',
	'p95',
	'p99',
	'ttftP95',
	'availability',
	'sloAttainment',
	'cpuUtilization',
	'memoryUtilization',
] as const;
export type PredictedFigure = (typeof predictedFigures)[number];

/** Parts of the width of a prediction interval: the run's own randomness, and what is not known beforehand. */
export const widthParts = ['run', 'coefficients', 'machine', 'load'] as const;
export type WidthPart = (typeof widthParts)[number];

const share = z.number();

/** Interval that holds the figure of one real run with the prediction's level. */
const PredictedInterval = z.object({
	low: z.number(),
	high: z.number(),
	/** Share of each part in the variance between runs; null where nothing varies. */
	shares: z.object({run: share, coefficients: share, machine: share, load: share}).nullable(),
});

const Figures = z.partialRecord(z.enum(predictedFigures), PredictedInterval);

/** Form of a prediction: the figures of one real run, beside the means over runs. */
export const predictionForm = z.object({
	/** Share of real runs that an interval is to hold. */
	level: z.number(),
	/** Runs that the intervals are made of. */
	runs: z.number(),
	/** Whether they were simulated for it, under conditions drawn for each; else they are the replications. */
	isDrawn: z.boolean(),
	/** Knowledge of each part beyond the run's own randomness; what is `unknown` is not in the intervals. */
	knowledge: z.object({
		/** `joint`: the covariance of the fit; `independent`: its intervals; `published`: in the machine's part. */
		coefficients: z.enum(['joint', 'independent', 'published', 'unknown']),
		/** Whether the speed differs from run to run, from machine to machine, or both. */
		machine: z.enum(['runs', 'machines', 'both', 'unknown']),
		load: z.enum(['given', 'as planned']),
	}),
	dynamic: Figures,
	fixed: Figures.nullable(),
	/** Saving of dynamic against the fixed number, pair by pair: money an hour, and a fraction of the fixed cost. */
	savings: z.object({perHour: PredictedInterval, fraction: PredictedInterval}).nullable(),
	/** Step that narrows the interval of the p95, by its largest part. */
	advice: z.enum(['calibrate', 'fit-more', 'plan-longer', 'know-load', 'live-with-it']),
});

export type Prediction = z.infer<typeof predictionForm>;
export type PredictedInterval = z.infer<typeof PredictedInterval>;

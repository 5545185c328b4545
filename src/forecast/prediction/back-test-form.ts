import * as z from 'zod';

const Interval = z.object({low: z.number(), high: z.number()});

/**
 * Forecast beside what was recorded under the same load. Intervals are those of one run, 90 %; null with too few runs. Means
 * are over the time in which replicas were recorded, after the warm-up; costs in the summary's currency.
 */
export const backTestForm = z.object({
	/** Time in which replicas were recorded, and share of the experiment's after the warm-up. */
	hours: z.number(),
	knownShare: z.number(),
	recorded: z.object({replicas: z.number(), podHours: z.number(), costPerHour: z.number().nullable()}),
	forecast: z.object({
		replicas: z.number(),
		replicasInterval: Interval.nullable(),
		costPerHour: z.number().nullable(),
		costInterval: Interval.nullable(),
	}),
	/** Mean over time of the distance between the forecast's median and the recorded replicas [pods]. */
	replicaError: z.number(),
	/** Distance of the forecast's own runs from its median, which is left where all is known but chance [pods]. */
	chanceError: z.number(),
	/** Distance of a constant number of pods, the recorded mean rounded [pods]. */
	constantError: z.number(),
	/** Forecast of the mean replicas less the recorded, as a fraction of the latter. */
	meanError: z.number(),
	/** Share of the time in which the recorded replicas are in the band that holds 90 % of the runs. */
	coverage: z.number(),
	/** Runs that the band is made of. */
	runs: z.number(),
	/** Whether the forecast may be believed here: in both, for means and cost alone, or not. */
	verdict: z.enum(['yes', 'means', 'no']),
});

/** Forecast beside a recording of the same load. */
export type BackTest = z.infer<typeof backTestForm>;

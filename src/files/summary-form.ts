import * as z from 'zod';

const Estimate = z.looseObject({mean: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable()});
const Latency = z.looseObject({mean: Estimate, p50: Estimate, p95: Estimate, p99: Estimate});
const count = z.number().min(0);

const ArmForm = z.looseObject({
	replicas: Estimate.extend({max: z.number()}),
	podHours: Estimate,
	costPerHour: Estimate,
	energyWattHours: Estimate,
	throughputPerSecond: Estimate,
	availability: Estimate,
	latencySeconds: Latency,
	waitSeconds: z.looseObject({mean: Estimate, p95: Estimate}),
	cpuUtilization: Estimate,
	memoryUtilization: Estimate,
	ttftSeconds: z.looseObject({mean: Estimate, p95: Estimate}),
	tpotSeconds: z.looseObject({mean: Estimate}),
	sloAttainment: Estimate,
	goodputPerSecond: Estimate,
	tenants: z.array(z.looseObject({name: z.string(), latencySeconds: Latency, throughputPerSecond: Estimate})),
	fairness: Estimate,
	timeline: z.array(z.tuple([z.number(), z.number()])),
	requests: z.looseObject({arrived: count, completed: count, failed: count, timedOut: count, inFlight: count}),
});

/** `summary.json` as it is read back: what others take from it is there. */
export const summaryForm = z.looseObject({
	experiment: z.string(),
	seed: z.number(),
	replications: count,
	dynamic: ArmForm,
	fixed: ArmForm.nullable(),
	savings: z
		.looseObject({perHour: Estimate, fraction: Estimate, perDay: Estimate, perMonth: Estimate, perYear: Estimate})
		.nullable(),
	economics: z.looseObject({currency: z.string().default('USD')}),
});

import * as z from 'zod';
import {sloFigures} from './meets-slo.ts';

/** Causes of a missed objective, or of a cost above that of fixed pods, each with a counterfactual that takes it away. */
export const causeKinds = [
	'no-metric',
	'out-of-reach',
	'stuck-at-zero',
	'zero-pods',
	'metric-keeps-pods',
	'scale-down-window',
	'minimum',
	'targets-low',
	'maximum',
	'start-up',
	'metrics-age',
	'scale-up-rules',
	'targets-high',
	'faults',
	'capacity',
] as const;
export type CauseKind = (typeof causeKinds)[number];

const Check = z.object({
	/** A percentile of the latency, the 95th of the time to first token, or the availability. */
	figure: z.enum(sloFigures),
	bound: z.number(),
	/** Mean over the replications; null where a replication has none. */
	value: z.number().nullable(),
	isKept: z.boolean(),
	/** Whether it is the clients' timeout rather than a latency. */
	isCutOff: z.boolean(),
	/** Whether the interval of the mean includes the bound. */
	isClose: z.boolean(),
});

const FixedPods = z.object({
	replicas: z.number(),
	costPerHour: z.number().nullable(),
	/** Extra cost of dynamic, as a share of that; negative where it costs less. */
	relativeCost: z.number().nullable(),
	/** Whether the interval of the difference includes none. */
	isAsDear: z.boolean(),
	keepsObjective: z.boolean(),
});

/** The one cause that matters most, found by simulating the experiment without it. */
const Cause = z.object({
	kind: z.enum(causeKinds),
	/** Name of the metric that it is of. */
	metric: z.string().nullable(),
	/** Share of the reconciles in which it acts. */
	share: z.number().nullable(),
	/** Figures of the experiment without the cause; null where nothing was simulated. */
	without: z
		.object({
			replications: z.number(),
			costPerHour: z.number().nullable(),
			/** Cost with the cause, in the same replications. */
			costPerHourWith: z.number().nullable(),
			checks: z.array(Check).readonly(),
		})
		.nullable(),
});

/** Setting that a tuning recommends, which keeps the same objective. */
const Tuned = z.object({
	/** Folder of the tuning. */
	folder: z.string(),
	/** Settings that differ from the experiment's, in words. */
	changes: z.array(z.string()).readonly(),
	costPerHour: z.number(),
	/** Extra cost of the experiment's own settings, as a share of that, both by the tuning's replications. */
	relativeCost: z.number(),
	/** Probability that it keeps the objective. */
	feasibility: z.number(),
});

/** Form of the answer of a run: whether the objective is kept, what it costs and against what, and why. */
export const answerForm = z.object({
	/** `none`: the experiment sets no objective. */
	objective: z.enum(['kept', 'missed', 'none']),
	checks: z.array(Check).readonly(),
	/** Mean; money in `economics.currency`. */
	costPerHour: z.number().nullable(),
	/** Shares of the requests that ended. */
	timedOutShare: z.number().nullable(),
	failedShare: z.number().nullable(),
	/** The experiment's own fixed number. */
	fixed: FixedPods.nullable(),
	/** The fewest fixed pods that keep the objective; null where there are none, or they were not looked for. */
	fewest: FixedPods.nullable(),
	/** The largest fixed number that was tried for it; null where it was not looked for. */
	searchedUpTo: z.number().nullable(),
	cause: Cause.nullable(),
	/** The best setting that a tuning of this very experiment found; left out where none is known. */
	tuned: Tuned.exactOptional(),
});

export type Answer = z.infer<typeof answerForm>;
export type AnswerCheck = Answer['checks'][number];
export type AnswerCause = NonNullable<Answer['cause']>;
export type TunedAnswer = z.infer<typeof Tuned>;
export type FixedPodsAnswer = NonNullable<Answer['fixed']>;

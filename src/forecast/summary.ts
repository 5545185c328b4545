import * as z from 'zod';
import {provenanceForm} from '../records/provenance.ts';
import {stages} from '../records/stage-clock.ts';
import {cutFigures} from '../records/timeout-cut.ts';
import {answerForm} from './answer.ts';
import {nodesForm} from './nodes/node-figures.ts';
import {backTestForm} from './prediction/back-test-form.ts';
import {predictionForm} from './prediction/prediction.ts';
import {standingForm} from './standing/standing.ts';

export type {Estimate} from '../statistics/estimate.ts';

/**
 * The form of `summary.json`, which `run --json` prints. Seconds; money of an hour in `economics.currency` unless a name says
 * otherwise; watt-hours; utilization as a fraction of the request. A mean is null where no replication had a value (a
 * latency when nothing completed); `low` and `high` are null with a single value.
 */
const Estimate = z.object({
	mean: z.number().nullable(),
	low: z.number().nullable(),
	high: z.number().nullable(),
});
/** Mean with its interval, null where there was nothing to measure. */
export const EstimateForm = Estimate;

const percentiles = {p50: Estimate, p95: Estimate, p99: Estimate};
const Latency = z.object({mean: Estimate, ...percentiles});
/** Percentiles that only the answers of an engine have. */
const optional = {p50: Estimate.exactOptional(), p99: Estimate.exactOptional()};
/**
 * Time after which clients give up, and the latencies that it cuts off: over all requests these are at least that long,
 * whatever the completed ones took.
 */
const Timeout = z.object({seconds: z.number(), cutsOff: z.array(z.enum(cutFigures)).readonly()});
const count = z.number().min(0);
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

const Arm = z.object({
	/** Replicas asked of the Deployment: time-weighted mean with its interval, and the largest number seen. */
	replicas: Estimate.extend({max: z.number()}),
	/** Time at zero pods and starts from there; left out where an autoscaler keeps one. */
	zero: z.object({share: Estimate, starts: Estimate}).exactOptional(),
	podHours: Estimate,
	costPerHour: Estimate,
	energyWattHours: Estimate,
	throughputPerSecond: Estimate,
	availability: Estimate,
	/** Latency of completed requests. */
	latencySeconds: Latency,
	timeout: Timeout,
	waitSeconds: z.object({mean: Estimate, p95: Estimate}),
	cpuUtilization: Estimate,
	memoryUtilization: Estimate,
	ttftSeconds: z.object({mean: Estimate, p95: Estimate, ...optional}),
	/** Time per output token after the first, by requests. */
	tpotSeconds: z.object({mean: Estimate, p95: Estimate.exactOptional(), ...optional}),
	/** Inter-token latency: times between tokens that follow each other, over all answers; left out where no engine streams them. */
	itlSeconds: z.object(percentiles).exactOptional(),
	sloAttainment: Estimate,
	/** Completed requests that keep the objective. */
	goodputPerSecond: Estimate,
	tenants: list(z.object({name: z.string(), latencySeconds: Latency, timeout: Timeout, throughputPerSecond: Estimate})),
	/** Jain's index over the tenants' SLO attainment, 1/tenants to 1. */
	fairness: Estimate,
	/** `[seconds, replicas]` of the first replication at each change. */
	timeline: list(z.tuple([z.number(), z.number()]).readonly()),
	/** Counts over all replications. */
	requests: z.object({arrived: count, completed: count, failed: count, timedOut: count, inFlight: count}),
});

/** Cost of the other minus that of dynamic, pair by pair under the same requests; a month has 30 days, a year 365. */
const Savings = z.object({
	perHour: Estimate,
	/** Savings as a fraction of the other's cost. */
	fraction: Estimate,
	perDay: Estimate,
	perMonth: Estimate,
	perYear: Estimate,
});

/** Energy in the measured window. `idle` is the part that the reserved cores draw even when they do nothing. */
const Energy = z.object({
	kilowattHours: Estimate,
	idleKilowattHours: Estimate,
	/** At the price of the energy model, which is in dollars whatever the pods are billed in. */
	electricityDollars: Estimate,
	idleElectricityDollars: Estimate,
	gramsCo2e: Estimate,
	idleGramsCo2e: Estimate,
	embodiedGramsCo2e: Estimate,
});

const ArmMoney = z.object({
	/** At the experiment's own prices, by where the pods' time went. */
	stages: z.record(z.enum(stages), z.object({podHours: Estimate, costPerHour: Estimate})),
	/** Part of the cost for pods that the autoscaler kept although its metrics asked for fewer. */
	slowScaleDownPerHour: Estimate,
	energy: Energy,
	costPerThousandRequests: Estimate,
	costPerMillionOutputTokens: Estimate,
	costPerMillionInputTokens: Estimate,
	cpuSecondsPerRequest: Estimate,
});

/** One arm's bill by one price book for an hour: workload and idle capacity add up to it. */
const Bill = z.object({
	costPerHour: Estimate,
	workloadPerHour: Estimate,
	idlePerHour: Estimate,
	/** Most nodes at a time; null where no nodes are billed. */
	mostNodes: z.number().nullable(),
});

const Billing = z.object({
	prices: z.string(),
	/** Currency of this row: rows of other currencies are not compared with it. */
	currency: z.string(),
	/** `fixed-nodes`: as many nodes all the time as either arm needs at most. */
	kind: z.enum(['per-pod', 'per-resource', 'nodes', 'fixed-nodes', 'instances']),
	dynamic: Bill,
	fixed: Bill.nullable(),
	savedPerHour: Estimate.nullable(),
});

const Against = z.object({
	/** The experiment's fixed number; the smallest fixed number that keeps the objective; the same without delay. */
	baseline: z.enum(['fixed', 'smallest-fixed', 'ideal']),
	/** Null for an autoscaler. */
	replicas: z.number().nullable(),
	/** Pairs of runs. */
	replications: z.number(),
	costPerHour: Estimate,
	savings: Savings,
	sloAttainment: z.object({dynamic: Estimate, baseline: Estimate}),
	/** Whether the objective is kept on average. */
	meetsSlo: z.object({dynamic: z.boolean(), baseline: z.boolean()}),
	/**
	 * Shape of the load at which dynamic costs as much: the share of the time in which it may have more pods than its
	 * floor, at the present average while loaded. Null against an autoscaler, or when it cannot be computed.
	 */
	breakEven: z.object({loadedShare: Estimate, podsWhileLoaded: Estimate, breakEvenShare: Estimate}).nullable(),
});

const Money = z.object({
	/** Code of the currency of all money but that of other ways of billing. */
	currency: z.string().default('USD'),
	dynamic: ArmMoney,
	fixed: ArmMoney.nullable(),
	/** Ways of billing side by side, the experiment's own first. */
	billing: list(Billing),
	against: list(Against),
	/** Price books whose nodes are too small for a pod. */
	tooSmallNodes: list(z.string()),
});

/** Form of a summary of an experiment's runs, simulated or measured. */
export const summaryForm = z.object({
	experiment: z.string(),
	seed: z.number(),
	replications: count,
	/** Digest of every arrival and token draw of all replications. */
	scheduleHash: z.string(),
	/** Whether the objective is kept, what it costs and against what, and why: the first lines of a report. */
	answer: answerForm,
	/** Reasons for which the autoscaler is of no use: no valid metric, no effect. */
	warnings: list(z.string()),
	/** Assumptions where the experiment does not say, and that decide the result. */
	assumptions: list(z.string()),
	dynamic: Arm,
	fixed: Arm.nullable(),
	savings: Savings.nullable(),
	economics: Money,
	/** Figures of the nodes; left out where no node autoscaler makes any. */
	nodes: nodesForm.exactOptional(),
	/** Figures of one real run; left out where it was not asked for, or of measured runs. */
	prediction: predictionForm.exactOptional(),
	/** Forecast beside what was recorded under this load; left out where the experiment names no recorded replicas. */
	backTest: backTestForm.exactOptional(),
	/** Trust that the forecast deserves; left out of a summary that a program made of its own runs, and of measured ones. */
	standing: standingForm.exactOptional(),
	/** Files, options and program that the figures depend on; left out of a summary that a program made of its own runs. */
	provenance: provenanceForm.exactOptional(),
});

/** Summary of an experiment: `summary.json`. */
export type Summary = z.infer<typeof summaryForm>;

/** Figures of one arm in a summary. */
export type ArmSummary = Summary['dynamic'];

/** Money that dynamic saves against a fixed number or another baseline. */
export type Savings = z.infer<typeof Savings>;

/** Economics of an experiment, simulated or measured. */
export type Economics = Summary['economics'];

/** Means over runs with their intervals. */
export type ArmEconomics = Economics['dynamic'];

/** Energy and emissions of one arm. */
export type EnergyFigures = ArmEconomics['energy'];

/** Cost of both arms by one way of billing. */
export type BillingFigures = Economics['billing'][number];

export type BillFigures = BillingFigures['dynamic'];

/** Savings of dynamic against a baseline, and the service that both give for their cost. */
export type AgainstFigures = Economics['against'][number];

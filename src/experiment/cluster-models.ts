import * as z from 'zod';
import {coefficient, estimatedCoefficient, modelHead, Status} from './coefficient.ts';
import {
	type CoefficientSpread,
	CovarianceSchema,
	coefficientSpread,
	deviationOf,
	type Variation,
	VariationSchema,
} from './conditions/spread.ts';
import {type Distribution, SecondsDistribution} from './distribution-schema.ts';
import {number} from './leaves.ts';
import type {EngineModel} from './serving/engine-model.ts';
import type {ServerModel} from './serving/server-model.ts';

/** How long a request occupies its pod. */
export type ServiceModel =
	| ServerModel
	| EngineModel
	| {
			/** Time in service itself [s], whatever the CPU limit. */
			readonly kind: 'time';
			readonly time: Distribution;
	  }
	| {
			/** Work in CPU-seconds, executed at the pod's speed [cores]. */
			readonly kind: 'work';
			readonly name: string;
			readonly status: 'uncalibrated' | 'calibrated';
			/** [CPU s] per request. */
			readonly perRequest: number;
			/** [CPU s] per prompt token that is not in the prompt cache. */
			readonly perPromptToken: number;
			/** [CPU s] per output token. */
			readonly perOutputToken: number;
			/** Coefficient of variation of a request's lognormal factor on its work, mean 1; 0 for none. */
			readonly residualCv: number;
			/** Part that each other pod at work on the node adds to the time that work takes; none when left out. */
			readonly perNeighbour?: number;
			/**
			 * Part of the work that requests in a pod's parallel slots do together, 0 to 1: each of n takes
			 * `n − part × (n − 1)` times as long as alone. Left out where nobody measured it: none.
			 */
			readonly sharedBySlots?: number;
			/** Standard deviation of `sharedBySlots`, by its interval; left out where it has none. */
			readonly sharedBySlotsDeviation?: number;
			/** CPU time of the backend container for each request [CPU s]. */
			readonly backendPerRequest: number;
			/** CPU use of a container that serves nothing [cores]. */
			readonly idleCpu: {readonly llm: number; readonly backend: number};
			readonly memory: MemoryModel;
			/** Left out where nothing is known of it. */
			readonly variation?: Variation;
			/** Uncertainty of the coefficients of a calibrated model; left out where nothing is known of it. */
			readonly spread?: CoefficientSpread;
	  };

/** Working set of a pod [bytes]. */
export type MemoryModel = {
	/** Memory of the LLM's server without a model. */
	readonly server: number;
	/** Weights and compute buffers, once loaded. */
	readonly weights: number;
	/** Per token of context and parallel slot, once loaded. */
	readonly perContextToken: number;
	/**
	 * Growth of the LLM's container as it serves: `bytes × (1 − exp(−served / requests))` after `served` requests; none
	 * when left out.
	 */
	readonly growth?: {readonly bytes: number; readonly requests: number};
	/** Memory of the idle backend. */
	readonly backend: number;
	/** Memory of the backend for each request that waits or runs. */
	readonly backendPerRequest: number;
};

/** Periods of the chain from a container's counters to the HPA's decision [s]. */
export type MetricsModel = {
	readonly name: string;
	/** cAdvisor: each wait is `period * (1 + jitter * U(0,1))`; `idlePeriod` while the counters do not move. */
	readonly housekeeping: {readonly period: number; readonly idlePeriod: number; readonly jitter: number};
	/** metrics-server, or Prometheus. */
	readonly scrape: {readonly period: number; readonly jitter: number};
	/** Window of the rate that an adapter finds in Prometheus [s]; left out where metrics-server gives the last two points. */
	readonly rateWindow?: number;
	/** Whether metrics-server passes on the kubelet's own rate, of its last two readings; its own last two scrapes when left out. */
	readonly hasKubeletRate?: true;
	/** HPA controller: `period + latency` from one reconcile to the next; `latency` is drawn. */
	readonly sync: {readonly period: number; readonly latency: Distribution};
};

const Work = number({min: 0, max: 1e6});
const Bytes = number({min: 0, max: 1e15});

/** A service model file: the work of a request in CPU-seconds and the memory of its pod. */
export const ServiceModelFile = z
	.strictObject({
		...modelHead('ServiceModel'),
		status: Status,
		work: z.strictObject({
			perRequest: estimatedCoefficient(Work, 'CPU s', 'Work of a request whatever its tokens'),
			perPromptToken: estimatedCoefficient(Work, 'CPU s', 'Work of a prompt token that is not in the prompt cache'),
			perOutputToken: estimatedCoefficient(Work, 'CPU s', 'Work of an output token'),
			residualCv: coefficient(
				number({min: 0, max: 10}),
				'1',
				'Coefficient of variation of the lognormal factor on a request’s work',
			),
			perNeighbour: coefficient(
				number({min: 0, max: 10}),
				'1',
				'Part that each other pod at work on the node adds to the time that work takes',
			).exactOptional(),
			sharedBySlots: estimatedCoefficient(
				number({min: 0, max: 1}),
				'1',
				'Part of the work that requests in a pod’s parallel slots do together, such as reading the weights: each of n takes n − part × (n − 1) times as long as alone. None when left out: slots share the pod’s speed and gain nothing',
			).exactOptional(),
			backendPerRequest: coefficient(Work, 'CPU s', 'CPU time of the backend for a request'),
		}),
		idleCpu: z.strictObject({
			llm: coefficient(number({min: 0, max: 1000}), 'cores', 'CPU use of the LLM’s container when it serves nothing'),
			backend: coefficient(number({min: 0, max: 1000}), 'cores', 'CPU use of the backend when it serves nothing'),
		}),
		memory: z.strictObject({
			server: coefficient(Bytes, 'bytes', 'Working set of the LLM’s server without a model'),
			weights: coefficient(Bytes, 'bytes', 'Working set of weights and compute buffers, once loaded'),
			perContextToken: coefficient(Bytes, 'bytes', 'KV cache for each token of context and parallel slot'),
			growth: z
				.strictObject({
					bytes: coefficient(Bytes, 'bytes', 'Working set that the LLM’s container gains in the end as it serves'),
					requests: coefficient(number({above: 0, max: 1e6}), 'requests', 'Requests after which 63 % of it are there'),
				})
				.describe('What use adds to the working set; none when left out')
				.exactOptional(),
			backend: coefficient(Bytes, 'bytes', 'Working set of the idle backend'),
			backendPerRequest: coefficient(Bytes, 'bytes', 'Memory of the backend for each request that waits or runs'),
		}),
		variation: VariationSchema.exactOptional(),
		covariance: CovarianceSchema.exactOptional(),
	})
	.describe('Work of a request and memory of its pod');

/** The service model that a parsed file holds. */
export function serviceModelOf(file: z.output<typeof ServiceModelFile>): ServiceModel {
	const {
		name,
		status,
		work: {sharedBySlots, ...work},
		idleCpu,
		memory,
		variation,
		covariance,
	} = file;
	const ofSlots = sharedBySlots && deviationOf(sharedBySlots);
	const fitted = [work.perRequest, work.perPromptToken, work.perOutputToken];
	const [perRequest, perPromptToken, perOutputToken] = fitted.map(({value}) => value) as [number, number, number];
	// The interval of a figure that was published spans machines, which the variation has.
	const spread = status === 'calibrated' ? coefficientSpread(fitted, covariance) : undefined;
	return {
		...{kind: 'work', name, status, ...work, perRequest, perPromptToken, perOutputToken, idleCpu, memory},
		...(sharedBySlots !== undefined && {sharedBySlots: sharedBySlots.value}),
		...(ofSlots !== undefined && ofSlots > 0 && {sharedBySlotsDeviation: ofSlots}),
		...(variation !== undefined && {variation}),
		...(spread !== undefined && {spread}),
	};
}

const Period = number({min: 0.1, max: 3600});
const Jitter = number({min: 0, max: 10});

/** A metrics model file: periods of the chain from a container's counters to the autoscaler's decision. */
export const MetricsModelFile = z
	.strictObject({
		...modelHead('MetricsModel'),
		status: Status,
		housekeeping: z
			.strictObject({
				period: coefficient(Period, 's', 'Wait between two readings of a container’s counters'),
				idlePeriod: coefficient(Period, 's', 'The same while the counters do not move'),
				jitter: coefficient(Jitter, '1', 'Each wait is the period times 1 + jitter × U(0, 1)'),
			})
			.describe('The kubelet’s cAdvisor'),
		scrape: z
			.strictObject({
				period: coefficient(Period, 's', 'Time between two scrapes of all kubelets'),
				jitter: coefficient(Jitter, '1', 'Each wait is the period times 1 + jitter × U(0, 1)'),
			})
			.describe('metrics-server, or Prometheus'),
		pipeline: z
			.enum(['metrics-server', 'metrics-server-0.3', 'prometheus-adapter'], {
				error: 'metrics-server, metrics-server-0.3 or prometheus-adapter',
			})
			.describe(
				'Behind metrics.k8s.io: metrics-server when left out, which takes the rate between its last two scrapes (from 0.4 on); metrics-server-0.3, which passes on the kubelet’s own rate; or an adapter that asks Prometheus for a rate',
			)
			.exactOptional(),
		rateWindow: coefficient(
			number({min: 1, max: 3600}),
			's',
			'With prometheus-adapter: window of the rate, such as 60 for rate(…[1m]); at least two scrapes long',
		).exactOptional(),
		sync: z
			.strictObject({
				period: coefficient(Period, 's', 'Wait between two reconciles of the autoscaler'),
				latency: coefficient(SecondsDistribution, 's', 'Duration of a reconcile, which adds to the wait'),
			})
			.describe('The HPA controller'),
	})
	.superRefine(({pipeline, rateWindow, scrape}, context) => {
		const isAsked = pipeline === 'prometheus-adapter';
		const shortest = 2 * scrape.period;
		const message =
			isAsked === (rateWindow === undefined)
				? isAsked
					? 'the window of the rate that prometheus-adapter asks for'
					: 'no window of a rate without pipeline: prometheus-adapter'
				: rateWindow !== undefined && rateWindow < shortest
					? `a window of at least two scrapes, ${shortest} s`
					: undefined;
		if (message !== undefined) {
			context.addIssue({code: 'custom', path: ['rateWindow'], input: rateWindow, message});
		}
	})
	.describe('Delays from a container’s counters to the autoscaler’s decision');

/** The metrics model that a parsed file holds. */
export function metricsModelOf(file: z.output<typeof MetricsModelFile>): MetricsModel {
	const {name, housekeeping, scrape, rateWindow, pipeline, sync} = file;
	return {
		...{name, housekeeping, scrape},
		...(rateWindow !== undefined && {rateWindow}),
		...(pipeline === 'metrics-server-0.3' && {hasKubeletRate: true as const}),
		sync,
	};
}

import * as z from 'zod';
import {type Distribution, TimeDistribution} from '../distribution-schema.ts';
import {choice, Duration, number, PositiveDuration, whole} from '../leaves.ts';

/**
 * Place of the requests that no pod can serve at once. Left out of an experiment: in the pod, without bound.
 *
 * - In the pod: a server's queue of accepted connections, `listen(2)`'s backlog, or the queue of a sidecar such as
 *   Knative's queue-proxy.
 * - At a proxy: one queue for all pods, each of which is given so many requests at a time. HAProxy 3.2: `maxconn` of a
 *   server, and `timeout queue`, after which a request gets 503, that of `timeout connect` when left out (configuration
 *   manual, 5.2 and 4.2); its `maxqueue` bounds the queue of one server, and nothing bounds the backend's. Knative 1.19:
 *   `containerConcurrency`, a hard limit in the pod's queue-proxy; the activator in front buffers what comes on top.
 *   Envoy 1.36: `max_pending_requests` of a cluster's circuit breaker, 1024 by default, 503 beyond
 *   (intro/arch_overview/upstream/circuit_breaking).
 * - Nowhere: refused at once.
 */
export type Waiting =
	| {readonly at: 'pod' /** Requests that wait in a pod at most. */; readonly queue: number}
	| {
			readonly at: 'proxy';
			/** Requests that a pod is given at a time. */
			readonly connections: number;
			/** Requests that wait at the proxy at most; no bound when left out. */
			readonly queue?: number;
			/** A request that has waited so long at the proxy is refused [s]; never when left out. */
			readonly timeout?: number;
			/** Age of the counts that the queue answers with [s], drawn at each call; none when left out. */
			readonly countAge?: Distribution;
	  }
	| {readonly at: 'nowhere'; readonly connections: number};

const connections = whole({min: 1, max: 1e6}).describe(
	'Requests that a pod is given at a time (HAProxy maxconn, Knative containerConcurrency)',
);
const queue = whole({min: 0, max: 1e9});

export const WaitingSchema = z.discriminatedUnion('at', [
	z.strictObject({
		at: z.literal('pod').describe('Each pod has a queue of its own'),
		queue: queue.describe('Requests that wait in a pod at most (backlog); one more gets 503'),
	}),
	z.strictObject({
		at: z.literal('proxy').describe('A proxy has one queue for all pods'),
		connections,
		queue: queue
			.describe('Requests that wait at the proxy at most (Envoy max_pending_requests); one more gets 503')
			.exactOptional(),
		timeout: PositiveDuration.describe(
			'Longest wait at the proxy, after which a request gets 503 (HAProxy timeout queue) [duration]',
		).exactOptional(),
		countAge: TimeDistribution.describe(
			'Age of the counts that the queue itself answers with, drawn at each call (SQS: approximate); none when left out [duration]',
		).exactOptional(),
	}),
	z.strictObject({
		at: z.literal('nowhere').describe('A request that finds every pod with so many gets 503 at once'),
		connections,
	}),
]);

/** Further attempts of a request that was refused. */
export type Retries = {
	/** Attempts after the first at most. */
	readonly attempts: number;
	/** Wait before the first of them [s]. */
	readonly backoff: number;
	/** Each wait is so many times the one before. */
	readonly factor: number;
	/** Longest wait [s]. */
	readonly longest: number;
	/** Part of a wait that is drawn, uniform; 1 for all of it. */
	readonly jitter: number;
	/** `same`: the pod that refused it, as a SYN that is sent again; `any`: balanced again. */
	readonly pod: 'any' | 'same';
};

/**
 * Schema of the retries.
 *
 * @see Linux 6.12 Documentation/networking/ip-sysctl.rst, tcp_syn_retries: a SYN goes out again after 1, 3, 7, 15, … s
 * @see Envoy 1.36 docs/root/configuration/http/http_filters/router_filter.rst, x-envoy-max-retries: fully jittered exponential
 *   back-off, the wait before retry N in [0, (2^N − 1) × 25 ms), at most 250 ms
 */
export const RetriesSchema = z.strictObject({
	attempts: whole({min: 1, max: 100}).describe('Further attempts at most (Envoy num_retries, HAProxy retries)'),
	backoff: Duration.prefault('1s').describe('Wait before the first further attempt [duration]'),
	factor: number({min: 1, max: 100}).default(2).describe('Each wait is so many times the one before [1]'),
	longest: PositiveDuration.prefault('1h').describe('Longest wait [duration]'),
	jitter: number({min: 0, max: 1}).default(0).describe('Part of each wait that is drawn, uniform; 1 for all of it [1]'),
	pod: choice('any', 'same')
		.default('any')
		.describe('Pod of a further attempt: balanced again, or the same, as a SYN that is sent again'),
});

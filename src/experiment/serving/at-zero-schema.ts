import * as z from 'zod';
import {choice, PositiveDuration, whole} from '../leaves.ts';

/** Buffer of requests that come while no pod takes any; left out of an experiment: they are refused. */
export type AtZero = {
	/** Requests that it holds at most; no bound when left out. */
	readonly queue?: number;
	/** A request that was held so long is refused [s]; never when left out. */
	readonly timeout?: number;
};

/**
 * Buffers in front of a service, with their own bounds.
 *
 * - KEDA's HTTP add-on v0.15: the interceptor waits for the first endpoint without a bound of its own
 *   (`KEDA_HTTP_READINESS_TIMEOUT`, interceptor/config/timeouts.go).
 * - Knative Serving v1.19: the activator holds 10,000 requests of a revision (`breakerQueueDepth`,
 *   pkg/activator/net/throttler.go), each up to the revision's `timeoutSeconds`, 300 (pkg/apis/config/defaults.go).
 */
const activators = {'keda-http': {}, knative: {queue: 10_000, timeout: 300}} as const satisfies Readonly<
	Record<string, AtZero>
>;

const activator = choice('keda-http', 'knative').describe(
	'Whose buffer it is: the interceptor of KEDA’s HTTP add-on, or Knative’s activator',
);

export const AtZeroSchema = z
	.union(
		[
			z.enum(['refused', 'held'], {error: 'refused, held, or a map of activator, queue and timeout'}),
			z.strictObject({
				activator: activator.default('keda-http'),
				queue: whole({min: 0, max: 1e9}).describe('Requests that it holds at most; one more gets 503').exactOptional(),
				timeout: PositiveDuration.describe('A request that was held so long is refused [duration]').exactOptional(),
			}),
		],
		{error: 'refused, held, or a map of activator, queue and timeout'},
	)
	.transform(given => {
		if (given === 'refused') {
			return 'refused' as const;
		}

		const {activator: kind, ...own} = given === 'held' ? {activator: 'keda-http' as const} : given;
		return {...activators[kind], ...own} satisfies AtZero as AtZero;
	});

import {freemem} from 'node:os';
import type {Experiment, RenewalArrivals} from '../../experiment/experiment.ts';
import type {Progress} from '../use-case.ts';

/** Memory that a run takes for each request under way [bytes]: 9 GB were measured with 60 million of them. */
const bytesPerRequest = 150;
/** A run that takes no more needs no word [bytes]. */
const worthSaying = 2 ** 30;
const gigabyte = 1e9;

/**
 * Most requests that can be under way at a time in one run: the ones that arrive while a client waits, should no pod serve
 * any.
 */
export function mostUnderWay({workload, duration}: Pick<Experiment, 'workload' | 'duration'>): number {
	if (workload.loop === 'closed') {
		return workload.users.count;
	}

	const {arrivals, tenants, timeout} = workload;
	const span = Math.min(timeout, duration);
	const inSpan = (curve: RenewalArrivals) =>
		span * curve.rate.reduce((most, {perSecond}) => Math.max(most, perSecond), 0);
	const own = tenants.reduce((sum, tenant) => sum + (tenant.arrivals === undefined ? 0 : inSpan(tenant.arrivals)), 0);
	return own + (arrivals.process === 'trace' ? arrivals.at.length : inSpan(arrivals));
}

/**
 * Threads that may simulate at a time, so that their runs fit the free memory; at least 1. Where fewer than `workers` do, or
 * not even one, `onProgress` says so before anything is simulated.
 *
 * @param free - memory that is free [bytes]; the machine's when left out
 */
export function threadsThatFit(
	experiments: readonly Pick<Experiment, 'workload' | 'duration'>[],
	{
		workers,
		onProgress,
		free = freemem(),
	}: {workers: number; onProgress?: ((progress: Progress) => void) | undefined; free?: number},
): number {
	const requests = experiments.reduce((most, experiment) => Math.max(most, mostUnderWay(experiment)), 0);
	const bytes = requests * bytesPerRequest;
	if (bytes <= worthSaying) {
		return workers;
	}

	const threads = Math.min(workers, Math.max(1, Math.floor(free / bytes)));
	const size = `Up to ${requests.toLocaleString('en-US', {maximumSignificantDigits: 2})} requests under way take up to ${(bytes / gigabyte).toPrecision(2)} GB a thread`;
	const room = `${(free / gigabyte).toPrecision(2)} GB are free`;
	const doing =
		bytes > free
			? `${size}, and ${room}: less load or a shorter timeout take less`
			: `${size}, ${room}: ${threads} of ${workers} threads simulate`;
	onProgress?.({doing, isOver: true});
	return threads;
}

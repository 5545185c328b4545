import type {PriceBook} from '../experiment/experiment.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';

const secondsPerHour = 3600;
const bytesPerGibibyte = 2 ** 30;

/**
 * What the pods cost: each is billed from scheduled to gone, whether it serves or not.
 *
 * @param pods - one entry a pod; one that was there for no time costs nothing
 * @param prices - a price per pod-hour, or per requested core and gibibyte with the provider's increments, minimum
 *   size and shortest billed time (which also lengthens a pod that the measured window cut short)
 * @returns dollars
 */
export function costOf(pods: readonly PodUsage[], prices: PriceBook): number {
	return pods.reduce((dollars, pod) => dollars + hourlyPrice(pod, prices) * billedHours(pod, prices), 0);
}

/** Price of one pod [$/h]. */
function hourlyPrice(pod: PodUsage, prices: PriceBook): number {
	if (prices.kind === 'per-pod') {
		return prices.perPodHour;
	}

	const {increments, minimum, perCoreHour, perGibibyteHour} = prices;
	const cores = billedAmount(pod.requestedCores, increments.cpu, minimum.cpu);
	const bytes = billedAmount(pod.requestedBytes, increments.memory, minimum.memory);
	return cores * perCoreHour + (bytes / bytesPerGibibyte) * perGibibyteHour;
}

function billedHours(pod: PodUsage, prices: PriceBook): number {
	const held = heldSeconds(pod);
	const shortest = prices.kind === 'per-resource' && held > 0 ? prices.minimumSeconds : 0;
	return Math.max(held, shortest) / secondsPerHour;
}

/** `requested` as the provider sells it: at least `minimum`, then up to a whole number of increments; 0 rounds to nothing. */
function billedAmount(requested: number, increment: number, minimum: number): number {
	const wanted = Math.max(requested, minimum);
	// Decimal sizes in doubles: 1.1 / 0.1 is a hair above 11 and must not become 12.
	return increment > 0 ? Math.ceil(wanted / increment - 1e-9) * increment : wanted;
}

import type {PriceBook} from '../experiment/experiment.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';
import {nodeBill} from './node-bill.ts';

const secondsPerHour = 3600;
const bytesPerGibibyte = 2 ** 30;

/** The time that is paid for [s]. */
export type BilledWindow = {readonly fromSeconds: number; readonly toSeconds: number};

/** What is paid, in the currency of the prices, and for what: what the pods take, and what nobody takes. They add up. */
export type Bill = {
	readonly dollars: number;
	readonly workloadDollars: number;
	readonly idleDollars: number;
	/** Where nodes are billed. */
	readonly nodes?: {readonly most: number; readonly nodeHours: number};
};

export type BillOptions = {
	readonly prices: PriceBook;
	/** Left out: from the first pod to the last. Only nodes are paid for without pods. */
	readonly window?: BilledWindow | undefined;
	/** As many nodes all the time, instead of those that come and go. */
	readonly fixedNodes?: number | undefined;
};

/**
 * What the pods cost. Each is billed from scheduled to gone, whether it serves or not; or the nodes are that they run on.
 *
 * @param pods - one entry a pod; one that was there for no time costs nothing
 * @param options - `prices`: a price per pod-hour; or per requested core, gibibyte and GPU with the provider's increments,
 *   minimum size and shortest billed time (which also lengthens a pod that the measured window cut short); or of nodes
 * @throws {RangeError} when a pod fits no node
 */
export function billOf(pods: readonly PodUsage[], options: BillOptions): Bill {
	const {prices, window = spanOf(pods), fixedNodes} = options;
	if (prices.kind === 'nodes') {
		return nodeBill(pods, {prices, window, fixedNodes});
	}

	const dollars = pods.reduce((sum, pod) => sum + hourlyPrice(pod, prices) * billedHours(pod, prices), 0);
	return {dollars, workloadDollars: dollars, idleDollars: 0};
}

/** The dollars of {@link billOf}. */
export function costOf(pods: readonly PodUsage[], prices: PriceBook, window?: BilledWindow): number {
	return billOf(pods, {prices, window}).dollars;
}

function spanOf(pods: readonly PodUsage[]): BilledWindow {
	const present = pods.filter(pod => heldSeconds(pod) > 0);
	return present.length === 0
		? {fromSeconds: 0, toSeconds: 0}
		: {
				fromSeconds: present.reduce((least, {fromSeconds}) => Math.min(least, fromSeconds), Number.POSITIVE_INFINITY),
				toSeconds: present.reduce((most, {toSeconds}) => Math.max(most, toSeconds), 0),
			};
}

type PodPrices = Exclude<PriceBook, {readonly kind: 'nodes'}>;

/** Price of one pod [$/h]. */
function hourlyPrice(pod: PodUsage, prices: PodPrices): number {
	if (prices.kind === 'per-pod') {
		return prices.perPodHour;
	}

	const {increments, minimum, perCoreHour, perGibibyteHour, perGpuHour = 0} = prices;
	const cores = billedAmount(pod.requestedCores, increments.cpu, minimum.cpu);
	const bytes = billedAmount(pod.requestedBytes, increments.memory, minimum.memory);
	return cores * perCoreHour + (bytes / bytesPerGibibyte) * perGibibyteHour + (pod.requestedGpus ?? 0) * perGpuHour;
}

function billedHours(pod: PodUsage, prices: PodPrices): number {
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

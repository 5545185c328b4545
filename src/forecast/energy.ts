import type {EnergyModel} from '../experiment/experiment.ts';
import type {NodeAccount} from '../records/node-usage.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';
import type {BilledWindow} from './cost.ts';
import {nodesWithin, overNodes} from './node-bill.ts';

const secondsPerHour = 3600;
const bytesPerGigabyte = 1e9;
const wattHoursPerKilowattHour = 1000;
const gramsPerKilogram = 1000;

/** Energy at the meter of the data centre, cooling and losses included, and what follows from it. */
export type Energy = {
	readonly wattHours: number;
	/** The part of `wattHours` that the reserved cores draw even when they do nothing. */
	readonly idleWattHours: number;
	/** Emissions of the electricity. */
	readonly gramsCo2e: number;
	readonly idleGramsCo2e: number;
	/** Price of the electricity; undefined when the model names none. */
	readonly dollars: number | undefined;
	readonly idleDollars: number | undefined;
	/** The reserved cores' share of their servers' manufacture; undefined when the model does not ask for it. */
	readonly embodiedGramsCo2e: number | undefined;
};

/** Nodes that a node autoscaler made, where there is one, and the time that counts. */
type MadeNodes = {readonly nodes: NodeAccount | undefined; readonly window: BilledWindow};

/**
 * Energy of the pods: the idle power of the cores they reserve for as long as they are there, the power above idle for
 * the CPU time they use, and the memory that they hold beyond what the core figures already contain; of GPUs the idle power
 * all the time, and the power above idle while a request runs. Where a node autoscaler made the nodes, it is the idle power
 * of whole nodes, with the part that no pod reserves.
 *
 * @see https://www.cloudcarbonfootprint.org/docs/methodology for the linear model between idle and full power
 */
export function energyOf(pods: readonly PodUsage[], energy: EnergyModel, made?: MadeNodes): Energy {
	const nodes = made?.nodes && nodesWithin(made.nodes.nodes, made.window);
	const total = (wattSecondsOf: (pod: PodUsage) => number) =>
		(energy.pue * pods.reduce((sum, pod) => sum + wattSecondsOf(pod), 0)) / secondsPerHour;
	const {idle = 0, busy = 0} = energy.gpuPower ?? {};
	const idleWatts = (cores: number, gpus: number) => cores * energy.idleWattsPerCore + gpus * idle;
	const idleWattHours =
		nodes === undefined
			? total(pod => idleWatts(pod.requestedCores, pod.requestedGpus ?? 0) * heldSeconds(pod))
			: (energy.pue * overNodes(nodes, ({cores, gpus}) => idleWatts(cores, gpus))) / secondsPerHour;
	const gpuWattHours = total(pod => (pod.requestedGpus ?? 0) * (busy - idle) * pod.stages.busy);
	const activeWattHours = total(pod => pod.cpuSeconds * (energy.fullWattsPerCore - energy.idleWattsPerCore));
	const memoryWattHours = total(pod => gigabyteSecondsAboveBaseline(pod, energy) * energy.wattsPerGigabyte);
	const wattHours = idleWattHours + activeWattHours + memoryWattHours + gpuWattHours;
	const {gridGramsPerKilowattHour: grams, dollarsPerKilowattHour: price} = energy;
	return {
		wattHours,
		idleWattHours,
		gramsCo2e: (wattHours / wattHoursPerKilowattHour) * grams,
		idleGramsCo2e: (idleWattHours / wattHoursPerKilowattHour) * grams,
		dollars: price === undefined ? undefined : (wattHours / wattHoursPerKilowattHour) * price,
		idleDollars: price === undefined ? undefined : (idleWattHours / wattHoursPerKilowattHour) * price,
		embodiedGramsCo2e: embodiedGrams(
			nodes === undefined
				? pods.reduce((sum, pod) => sum + pod.requestedCores * heldSeconds(pod), 0)
				: overNodes(nodes, ({cores}) => cores),
			energy,
		),
	};
}

/** Server power figures include some memory per core: only what a pod holds beyond its cores' share counts. */
function gigabyteSecondsAboveBaseline(pod: PodUsage, energy: EnergyModel): number {
	const baseline = pod.requestedCores * energy.memoryBaselineBytesPerCore * heldSeconds(pod);
	return Math.max(0, pod.memoryByteSeconds - baseline) / bytesPerGigabyte;
}

/**
 * Emissions of the manufacture × time reserved / lifespan × cores reserved / cores of the server.
 * @see https://sci-guide.greensoftware.foundation, M
 */
function embodiedGrams(coreSeconds: number, {embodied}: EnergyModel): number | undefined {
	if (embodied === undefined) {
		return undefined;
	}

	const coreHours = coreSeconds / secondsPerHour;
	const {serverKilograms, serverCores, lifespanHours} = embodied;
	return (serverKilograms * gramsPerKilogram * coreHours) / (serverCores * lifespanHours);
}

import {mayIdleAtZero} from '../autoscaler/keda/keda-spec.ts';
import {isGpu, isNeverOvercommitted, type ResourceList} from '../autoscaler/resource-list.ts';
import type {Deployment, Experiment, Resources} from './experiment.ts';

/** Resources that a pod reserves on its node: [cores], [bytes], and amounts of other resources by name. */
type PodRequests = ResourceList & {readonly cpu: number; readonly memory: number};

/**
 * Resource requests of a pod as the scheduler counts them: the sum over its containers, or the most that its init
 * containers request at a time where that is more.
 *
 * @see kubernetes 1.34 staging/src/k8s.io/component-helpers/resource/helpers.go, PodRequests
 */
export function podRequests({
	containers,
	initRequests = {},
}: Pick<Deployment, 'containers' | 'initRequests'>): PodRequests {
	return joined(
		containers.reduce<Resources>((sum, {requests}) => joined(sum, requests, add), {}),
		initRequests,
		Math.max,
	);
}

/**
 * Pods that a node has room for by what they request beside CPU and memory. Of a resource that is not counted on the
 * node there is none, but of local storage, which every node has, enough.
 *
 * @returns Infinity where nothing else is requested
 */
export function mostByOthers(requests: PodRequests, room: ResourceList = {}): number {
	const {cpu: _cpu, memory: _memory, ...others} = requests;
	const most = Object.entries(others)
		.filter(([name, amount]) => amount > 0 && (name in room || isNeverOvercommitted(name)))
		.map(([name, amount]) => Math.floor((room[name] ?? 0) / amount + 1e-9));
	return Math.min(Number.POSITIVE_INFINITY, ...most);
}

/** Names of the GPU resources that a pod requests, such as `nvidia.com/gpu`. */
export function requestedGpuNames(deployment: Pick<Deployment, 'containers' | 'initRequests'>): string[] {
	return Object.keys(podRequests(deployment)).filter(isGpu);
}

type InitContainer = {readonly requests: Resources; readonly restartPolicy?: 'Always'};

/**
 * The most that init containers request at a time: they run one after another, beside the native sidecars that were
 * started before.
 */
export function mostOfInits(inits: readonly InitContainer[]): Resources {
	let [most, sidecars]: [Resources, Resources] = [{}, {}];
	for (const {requests, restartPolicy} of inits) {
		const present = joined(sidecars, requests, add);
		most = joined(most, present, Math.max);
		sidecars = restartPolicy === 'Always' ? present : sidecars;
	}

	return most;
}

function add(a: number, b: number): number {
	return a + b;
}

function joined(a: Resources, b: Resources, join: (x: number, y: number) => number): PodRequests {
	const amount = (name: string): [string, number] => [name, join(a[name] ?? 0, b[name] ?? 0)];
	const {cpu = 0, memory = 0, ...others} = Object.fromEntries(Object.keys({...a, ...b}).map(amount));
	return {cpu, memory, ...others};
}

/**
 * Extended resources of which one is a whole GPU, as the device plugins of their makers name them. Of slices such as
 * `nvidia.com/mig-1g.5gb` and of GPUs that are shared a price of a whole one says nothing.
 *
 * @see https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/
 */
const wholeGpus: ReadonlySet<string> = new Set([
	'nvidia.com/gpu',
	'amd.com/gpu',
	'gpu.intel.com/i915',
	'gpu.intel.com/xe',
	'habana.ai/gaudi',
]);

/** GPUs that a pod reserves. */
type ReservedGpus = {
	readonly whole: {readonly count: number; readonly names: readonly string[]};
	/** Names of what is less than a whole one, or shared. */
	readonly other: readonly string[];
};

type PodForm = Pick<Deployment, 'containers' | 'initRequests'>;

/** Whether one of the resource is a whole GPU. */
export function isWholeGpu(name: string): boolean {
	return wholeGpus.has(name);
}

/** Whole GPUs and parts of them that one pod reserves. */
export function reservedGpus(deployment: PodForm): ReservedGpus {
	const reserved = Object.entries(podRequests(deployment)).filter(([, amount]) => amount > 0);
	const whole = reserved.filter(([name]) => isWholeGpu(name));
	return {
		whole: {count: whole.reduce((sum, [, amount]) => sum + amount, 0), names: whole.map(([name]) => name)},
		other: reserved.flatMap(([name]) => (isGpu(name) && !isWholeGpu(name) ? [name] : [])),
	};
}

/** Whole GPUs that one pod reserves. */
export function requestedGpus(deployment: PodForm): number {
	return reservedGpus(deployment).whole.count;
}

type Scaled = Pick<Experiment, 'fixed' | 'autoscaler' | 'keda' | 'deployment'>;

/** Pods at time 0 of an arm, as the simulator begins and as a cluster is set up. */
export function initialReplicas({fixed, autoscaler, keda, deployment}: Scaled, arm: 'dynamic' | 'fixed'): number {
	const least = autoscaler === 'none' ? (deployment.replicas ?? 1) : autoscaler.minReplicas;
	return arm === 'fixed' ? (fixed?.replicas ?? least) : (keda?.paused?.replicas ?? idleReplicas(keda) ?? least);
}

/** Pods that KEDA leaves while no trigger is active; undefined where it is the HPA that decides on them. */
function idleReplicas(keda: Experiment['keda']): number | undefined {
	if (keda === undefined || keda.forcesActivation) {
		return undefined;
	}

	return mayIdleAtZero(keda) ? 0 : keda.idleReplicaCount;
}

/** Largest number of pods that an arm can have. */
export function largestReplicas(experiment: Scaled, arm: 'dynamic' | 'fixed'): number {
	return arm === 'fixed' || experiment.autoscaler === 'none'
		? initialReplicas(experiment, arm)
		: experiment.autoscaler.maxReplicas;
}

import type {Container, Deployment} from './experiment.ts';

/** Compute threads of the model's runner, and what they were taken from. */
type Threads = Required<Pick<Deployment['llm'], 'threads' | 'threadsFrom'>>;

type Host = {
	/** CPU limit of the model's container [cores]. */
	readonly limit: number | undefined;
	/** CPU of the node that its pod is on [cores]. */
	readonly nodeCpu: number | undefined;
	/** Whether the time in service is given, so that the number decides the CPU use alone. */
	readonly isTimed: boolean;
};

/**
 * Threads of a runner whose number is not set. They follow a CPU limit of whole cores, which is what one sets
 * `num_thread` to; else the runner has a thread for each core of its host, and the quota holds them back.
 *
 * Ollama 0.13 to 0.24 takes the quota of `cpu.max`, rounded down and at least 1, and without a quota the physical cores of
 * the host (discover/cpu_linux.go and llm/server.go, v0.17.4). Before, and from 0.30 on, it takes the physical cores
 * whatever the quota (discover/types.go, v0.12.0; llm/llama_server.go, v0.32.15, which leaves it to llama.cpp:
 * common_cpu_get_num_math in common/common.cpp, b10488).
 *
 * A service whose time is given may be no LLM at all: without a limit it is taken to use one core while it serves.
 *
 * @returns undefined where neither a limit nor the cores of the host are known
 */
export function defaultThreads({limit, nodeCpu, isTimed}: Host): Threads | undefined {
	if (limit !== undefined && Number.isInteger(limit)) {
		return {threads: Math.max(1, limit), threadsFrom: 'limit'};
	}

	if (isTimed && limit === undefined) {
		return {threads: 1, threadsFrom: 'time'};
	}

	if (nodeCpu !== undefined) {
		return {threads: Math.max(1, Math.ceil(nodeCpu)), threadsFrom: 'nodes'}; // what is left for pods is less than whole
	}

	return limit === undefined ? undefined : {threads: Math.ceil(limit), threadsFrom: 'limit'};
}

/** The model's settings in a pod of other containers: threads that were taken from a limit follow it. */
export function llmWithin(
	{llm, nodes, service}: Pick<Deployment, 'llm' | 'nodes' | 'service'>,
	containers: readonly Container[],
): Deployment['llm'] {
	if (llm.threadsFrom === undefined) {
		return llm;
	}

	const limit = cpuLimitOf(llm.container, containers);
	return {...llm, ...defaultThreads({limit, nodeCpu: nodes?.cpu, isTimed: service.kind === 'time'})};
}

/** CPU limit of a container [cores]. */
export function cpuLimitOf(container: string, containers: readonly Container[]): number | undefined {
	return containers.find(({name}) => name === container)?.limits.cpu;
}

/**
 * Factor on the measured times of model loads for pods that may use more or fewer cores than the measured ones: reading and
 * repacking the weights is work of the CPU, of `modelLoadCpu` cores at most.
 *
 * @returns 1 where the cores of the measured pods are not known
 */
export function modelLoadFactor({startup, ...deployment}: Pick<Deployment, 'llm' | 'containers' | 'startup'>): number {
	if (startup.kind === 'total' || startup.modelLoadCores === undefined) {
		return 1;
	}

	const {modelLoadCores, modelLoadCpu} = startup;
	const [measured, own] = [modelLoadCores, fullSpeedOf(deployment)].map(cores => Math.min(cores, modelLoadCpu));
	return own! > 0 ? measured! / own! : 1;
}

/** Cores that a pod's runner uses when nothing else holds it back: its threads, within its container's CPU limit. */
export function fullSpeedOf({llm, containers}: Pick<Deployment, 'llm' | 'containers'>): number {
	return Math.min(llm.threads, cpuLimitOf(llm.container, containers) ?? Number.POSITIVE_INFINITY);
}

import type {Container, Experiment, Workload} from '../experiment/experiment.ts';
import {experimentHash} from '../experiment/experiment-hash.ts';
import {llmContainer} from '../experiment/model-container.ts';
import {fullSpeedOf} from '../experiment/threads.ts';
import type {Arm} from '../records/record.ts';
import {largest} from '../statistics/extremes.ts';

/** Measured run of a calibration. */
export type CalibrationRun = {
	/** Name of its folder. */
	readonly name: string;
	readonly experiment: Experiment;
	readonly arm: Arm;
	/** Purpose of the run, in a few words. */
	readonly purpose: string;
	/** Whether its requests show the work of a request. */
	readonly tellsService: boolean;
	/** For trying out. */
	readonly isShort: boolean;
};

type Plan = Omit<CalibrationRun, 'isShort'>;

type CalibrationExperiments = {
	/** One pod, one user, the grid of tokens. */
	readonly service: Experiment;
	/** Rounds in which an autoscaler makes pods. */
	readonly startup: Experiment;
};

export type CalibrationRunOptions = {
	/** Fewer and shorter runs for trying out, too few to count as a calibration. */
	readonly isShort: boolean;
	/** Numbers of parallel slots (OLLAMA_NUM_PARALLEL) that a run of its own is made at; 1 is what the others have. */
	readonly slots?: readonly number[];
};

/** Parts of the length of the grid that its variants last. */
const parts = {sharing: 3 / 14, throttling: 1 / 7, contexts: 3 / 14} as const;
/** Parts of its length that a short grid, a short start-up and a short variant last. */
const shortParts = {grid: 1 / 5, startup: 1 / 5, variant: 3 / 5} as const;
/** Users a pod: with so many, each on a connection of its own that stays on its pod, hardly ever a pod has none. */
const usersPerPod = 6;

/** The runs of a calibration in their order; the same experiments give the same runs. */
export function calibrationRuns(
	experiments: CalibrationExperiments,
	{isShort, slots = []}: CalibrationRunOptions,
): CalibrationRun[] {
	const {service, startup} = experiments;
	const variant = (part: number) => service.duration * part * (isShort ? shortParts.variant : 1);
	const shares = isShort ? [1] : [1 / 3, 2 / 3, 1];
	const factors = limitFactors(service);
	const largest = Math.max(1, ...factors);
	const variants = [
		...shares.map(share => sharingRun(service, podsOf(startup, share), variant(parts.sharing))),
		...(isShort ? factors.slice(-1) : factors).map(factor => throttlingRun(service, factor, variant(parts.throttling))),
		...(isShort ? [] : [contextsRun(service, largest, variant(parts.contexts))]),
		...slots
			.filter(count => count !== service.deployment.llm.parallel)
			.map(count => slotsRun(service, count, variant(parts.sharing))),
	];
	const runs: Plan[] = [
		{
			name: 'grid',
			experiment: renamed(service, {duration: service.duration * (isShort ? shortParts.grid : 1)}),
			arm: 'fixed',
			purpose: 'what prompt and answer tokens take',
			tellsService: true,
		},
		...variants,
		{
			name: 'start-up',
			experiment: renamed(startup, {duration: startup.duration * (isShort ? shortParts.startup : 1)}),
			arm: 'dynamic',
			purpose: 'how pods start, and when the metrics count them',
			tellsService: false,
		},
	];
	return runs.map(run => ({...run, isShort}));
}

function sharingRun(service: Experiment, pods: number, duration: number): Plan {
	const workload: Workload = {...closed(service, usersPerPod * pods), connections: 'keep-alive'};
	return {
		name: `sharing-${pods}`,
		experiment: renamed(service, {
			name: `${service.name}-sharing-${pods}`,
			duration,
			workload,
			fixed: {replicas: pods},
		}),
		arm: 'fixed',
		purpose: `${pods} busy pods side by side, requests that wait`,
		tellsService: true,
	};
}

/** One pod with several slots, and more users than slots, so that all of them are busy. */
function slotsRun(service: Experiment, slots: number, duration: number): Plan {
	const {deployment} = service;
	const workload: Workload = {...closed(service, slots + 2), connections: 'keep-alive'};
	return {
		name: `slots-${slots}`,
		experiment: renamed(service, {
			name: `${service.name}-slots-${slots}`,
			duration,
			workload,
			deployment: {...deployment, llm: {...deployment.llm, parallel: slots}},
		}),
		arm: 'fixed',
		purpose: `${slots} requests at a time in a pod, more that wait`,
		tellsService: true,
	};
}

function throttlingRun(service: Experiment, factor: number, duration: number): Plan {
	const limit = fullSpeedOf(service.deployment) * factor;
	const name = `limit-${Math.round(limit * 1000)}m`;
	return {
		name,
		experiment: renamed(service, {
			name: `${service.name}-${name}`,
			duration,
			deployment: {...service.deployment, containers: limited(service, factor)},
		}),
		arm: 'fixed',
		purpose: 'seconds follow the CPU limit, CPU-seconds stay',
		tellsService: true,
	};
}

/** Long prompts cost more than their tokens alone explain, so these runs do not count for the work of a request. */
function contextsRun(service: Experiment, factor: number, duration: number): Plan {
	const {promptTokens} = service.workload.requests;
	const longest = promptTokens.distribution === 'empirical' ? largest(promptTokens.values) : 128;
	const room = service.deployment.llm.contextLength / 2;
	const values = [longest, 4 * longest, 8 * longest].map(tokens => Math.min(room, tokens));
	const workload = closed(service, usersPerPod);
	return {
		name: 'contexts',
		experiment: renamed(service, {
			name: `${service.name}-contexts`,
			duration,
			workload: {...workload, requests: {...workload.requests, promptTokens: {distribution: 'empirical', values}}},
			deployment: {...service.deployment, containers: limited(service, factor)},
		}),
		arm: 'fixed',
		purpose: 'memory with long contexts and requests that wait',
		tellsService: false,
	};
}

/** Multiples of the CPU limit that change a pod's speed: above it as far as its threads can use them, else below. */
function limitFactors({deployment}: Experiment): readonly number[] {
	const limit = llmContainer(deployment)?.limits.cpu;
	if (limit === undefined) {
		return [];
	}

	const most = deployment.llm.threads / limit;
	return most >= 4 ? [2, 4] : most >= 2 ? [1 / 2, 2] : [1 / 4, 1 / 2];
}

function limited({deployment}: Experiment, factor: number): Container[] {
	return deployment.containers.map(container => {
		const {requests, limits} = container;
		if (container.name !== deployment.llm.container || limits.cpu === undefined) {
			return container;
		}

		const cpu = Math.round(limits.cpu * factor * 1000) / 1000;
		return {
			...container,
			limits: {...limits, cpu},
			requests: {...requests, ...(requests.cpu !== undefined && {cpu: Math.min(requests.cpu, cpu)})},
		};
	});
}

function closed({workload}: Experiment, count: number): Extract<Workload, {loop: 'closed'}> {
	if (workload.loop !== 'closed') {
		throw new TypeError('Expected the grid of a calibration to be a closed loop, got an open one');
	}

	return {...workload, users: {count, thinkTime: workload.users.thinkTime}};
}

function podsOf({autoscaler}: Experiment, share: number): number {
	return Math.max(2, Math.round((autoscaler === 'none' ? 2 : autoscaler.maxReplicas) * share));
}

function renamed(experiment: Experiment, changes: Partial<Experiment>): Experiment {
	const changed = {...experiment, ...changes};
	return {...changed, hash: experimentHash(changed)};
}

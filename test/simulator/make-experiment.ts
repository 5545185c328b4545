import type {Experiment, StartupModel} from '../../src/experiment/experiment.ts';

/** What a test says of its experiment. */
export type ExperimentParts = Partial<Omit<Experiment, 'deployment'>> & {
	deployment?: Partial<Experiment['deployment']>;
};

export const constant = (value: number) => ({distribution: 'constant', value}) as const;

/** Start-up in stages of constant times, some of which a test replaces. */
export function stagedStartup(stages: Partial<Extract<StartupModel, {kind: 'stages'}>['stages']> = {}) {
	return {
		kind: 'stages',
		name: 'test',
		status: 'uncalibrated',
		stages: {
			create: constant(0.5),
			schedule: constant(0.25),
			image: constant(1),
			containers: constant(2),
			modelLoad: constant(4),
			endpoints: constant(0.125),
			...stages,
		},
		modelLoadCpu: 0.5,
		restartBackoff: 10,
	} as const satisfies StartupModel;
}

/** A small experiment of one-container pods whose parts a test replaces. */
export function makeExperiment(parts: ExperimentParts = {}): Experiment {
	const {deployment, ...rest} = parts;
	return {
		name: 'test',
		description: '',
		hash: '',
		seed: 1,
		replications: 1,
		duration: 1000,
		warmup: 0,
		workload: openWorkload(0.5),
		autoscaler: 'none',
		metrics: pipeline,
		prices: {name: 'test', currency: 'USD', kind: 'per-pod', perPodHour: 1},
		energy: {
			name: 'test',
			idleWattsPerCore: 1,
			fullWattsPerCore: 3,
			wattsPerGigabyte: 0,
			memoryBaselineBytesPerCore: 0,
			pue: 1,
			gridGramsPerKilowattHour: 0,
		},
		slo: {},
		accept: {},
		faults: [],
		...rest,
		deployment: {
			replicas: 1,
			containers: [{name: 'ollama', requests: {cpu: 1, memory: 2 ** 30}, limits: {cpu: 1, memory: 2 ** 30}}],
			llm: {
				model: 'test',
				container: 'ollama',
				parallel: 1,
				threads: 1,
				keepAlive: Number.POSITIVE_INFINITY,
				contextLength: 2048,
				history: 0,
				maxQueue: 512,
			},
			readiness: {periodSeconds: 2},
			terminationGrace: 30,
			rollout: {maxSurge: {fraction: 0.25}, maxUnavailable: {fraction: 0.25}},
			service: {kind: 'time', time: {distribution: 'exponential', mean: 1}},
			startup: {kind: 'total', total: {distribution: 'constant', value: 0}},
			balancing: 'random',
			...deployment,
		},
	};
}

/** Poisson arrivals at a constant rate [1/s], without a deadline that matters. */
export function openWorkload(perSecond: number): Experiment['workload'] {
	return {
		loop: 'open',
		arrivals: {process: 'poisson', cv: 1, interpolation: 'step', rate: [{at: 0, perSecond}]},
		requests: {
			promptTokens: {distribution: 'constant', value: 10},
			outputTokens: {distribution: 'constant', value: 10},
		},
		tenants: [{name: 'default', share: 1, conversations: 1}],
		connections: 'per-request',
		timeout: 1e9,
	};
}

export const pipeline: Exclude<Experiment['metrics'], 'ideal'> = {
	name: 'test',
	housekeeping: {period: 10, idlePeriod: 15, jitter: 1},
	scrape: {period: 15, jitter: 0},
	sync: {period: 15, latency: {distribution: 'uniform', min: 0.01, max: 0.05}},
};

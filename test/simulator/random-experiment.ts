import fc from 'fast-check';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import type {
	Distribution,
	Experiment,
	FaultPlan,
	ServiceModel,
	StartupModel,
	UserCurve,
	Users,
	Workload,
} from '../../src/experiment/experiment.ts';
import {makeExperiment, pipeline} from './make-experiment.ts';

const distribution = (mean: number): fc.Arbitrary<Distribution> =>
	fc.constantFrom<Distribution>(
		{distribution: 'constant', value: mean},
		{distribution: 'exponential', mean},
		{distribution: 'gamma', mean, cv: 2},
		{distribution: 'lognormal', mean, cv: 0.5, max: 10 * mean},
		{distribution: 'uniform', min: 0, max: 2 * mean},
	);

const tenants = [
	{name: 'a', share: 2, conversations: 3},
	{name: 'b', share: 1, conversations: 1},
];
const requests = {
	promptTokens: {distribution: 'lognormal', mean: 40, cv: 0.5, max: 512},
	outputTokens: {distribution: 'uniform', min: 1, max: 20},
} as const;

const workload: fc.Arbitrary<Workload> = fc
	.record({
		isOpen: fc.boolean(),
		process: fc.constantFrom('poisson' as const, 'gamma' as const, 'deterministic' as const),
		interpolation: fc.constantFrom('step' as const, 'linear' as const),
		rates: fc.array(fc.double({min: 0, max: 3, noNaN: true}), {minLength: 1, maxLength: 4}),
		users: fc.integer({min: 1, max: 20}),
		thinkTime: distribution(2),
		connections: fc.constantFrom('per-request' as const, 'keep-alive' as const),
		timeout: fc.constantFrom(2, 20, 300),
	})
	.map(({isOpen, process, interpolation, rates, users, thinkTime, connections, timeout}) => {
		const common = {requests, tenants, connections, timeout};
		const rate = rates.map((perSecond, index) => ({at: index * 60, perSecond}));
		return isOpen
			? {...common, loop: 'open', arrivals: {process, cv: 1.5, interpolation, rate}}
			: {...common, loop: 'closed', users: usersOf({rates, users, interpolation, thinkTime})};
	});

/** Users who come and go where there are several rates, in proportion to these. */
function usersOf({
	rates,
	users,
	interpolation,
	thinkTime,
}: {rates: number[]; users: number} & Pick<UserCurve, 'interpolation'> & Pick<Users, 'thinkTime'>): Users {
	const points = rates.map((rate, index) => ({at: index * 60, count: Math.ceil((users * rate) / 3)}));
	const count = Math.max(...points.map(point => point.count));
	return rates.length === 1 || count === 0
		? {count: users, thinkTime}
		: {count, thinkTime, curve: {interpolation, points}};
}

const service: fc.Arbitrary<ServiceModel> = fc.oneof(
	distribution(0.8).map(time => ({kind: 'time' as const, time})),
	fc.constantFrom(0, 0.3).map(residualCv => ({
		kind: 'work' as const,
		name: 'random',
		status: 'uncalibrated' as const,
		perRequest: 0.02,
		perPromptToken: 0.001,
		perOutputToken: 0.01,
		residualCv,
		backendPerRequest: 0.002,
		idleCpu: {llm: 0.001, backend: 0.002},
		memory: {server: 5e7, weights: 1e8, perContextToken: 2e4, backend: 3e7, backendPerRequest: 1e5},
	})),
);

const startup: fc.Arbitrary<StartupModel> = fc.oneof(
	distribution(5).map(total => ({kind: 'total' as const, total})),
	distribution(1).map(stage => ({
		kind: 'stages' as const,
		name: 'random',
		status: 'uncalibrated' as const,
		stages: {create: stage, schedule: stage, image: stage, containers: stage, modelLoad: stage, endpoints: stage},
		modelLoadCpu: 0.2,
		restartBackoff: 10,
	})),
);

const at = fc.double({min: 0, max: 239, noNaN: true});
const fault: fc.Arbitrary<FaultPlan> = fc.oneof(
	fc.record({kind: fc.constant('pod-kill' as const), at, count: fc.integer({min: 1, max: 3})}),
	fc.record({
		kind: fc.constant('container-restart' as const),
		at,
		count: fc.integer({min: 1, max: 3}),
		container: fc.constantFrom('backend', 'ollama'),
	}),
	fc.record({
		kind: fc.constant('node-pressure' as const),
		at,
		count: fc.constant(1),
		duration: fc.constant(40),
		cpuFraction: fc.constantFrom(0.5, 0.9, 1),
	}),
	fc.record({kind: fc.constant('metrics-outage' as const), at, duration: fc.constant(50)}),
	fc.record({kind: fc.constant('rollout' as const), at}),
);

const rules = {selectPolicy: 'Max', policies: [{type: 'Percent', value: 100, periodSeconds: 15}]} as const;
const autoscaler: fc.Arbitrary<HpaSpec | 'none'> = fc.oneof(
	{weight: 1, arbitrary: fc.constant('none' as const)},
	{
		weight: 4,
		arbitrary: fc
			.record({
				minReplicas: fc.integer({min: 1, max: 3}),
				more: fc.integer({min: 0, max: 5}),
				target: fc.integer({min: 20, max: 90}),
				hasBehavior: fc.boolean(),
			})
			.map(({minReplicas, more, target, hasBehavior}) => ({
				minReplicas,
				maxReplicas: minReplicas + more,
				metrics: [
					{type: 'Resource' as const, name: 'cpu', target: {type: 'Utilization' as const, averageUtilization: target}},
				],
				...(hasBehavior && {
					behavior: {
						scaleUp: {...rules, stabilizationWindowSeconds: 0},
						scaleDown: {...rules, stabilizationWindowSeconds: 30},
					},
				}),
			})),
	},
);

/** Any experiment of four minutes: every kind of workload, service, start-up, autoscaler, node and fault. */
export const randomExperiment: fc.Arbitrary<Experiment> = fc
	.record({
		seed: fc.integer({min: 0, max: 1e6}),
		workload,
		autoscaler,
		metrics: fc.constantFrom('ideal' as const, pipeline),
		faults: fc.array(fault, {maxLength: 4}),
		warmup: fc.constantFrom(0, 30),
		service,
		startup,
		parallel: fc.integer({min: 1, max: 3}),
		keepAlive: fc.constantFrom(Number.POSITIVE_INFINITY, 3),
		history: fc.constantFrom(0, 2),
		balancing: fc.constantFrom('random' as const, 'round-robin' as const, 'least-requests' as const),
		nodes: fc.constantFrom(undefined, {count: 1, cpu: 1, memory: 2 ** 33}, {count: 2, cpu: 0.4, memory: 2 ** 32}),
	})
	.map(({service, startup, parallel, keepAlive, history, balancing, nodes, ...parts}) => {
		const {llm} = makeExperiment().deployment;
		return makeExperiment({
			...parts,
			duration: 240,
			fixed: {replicas: 2},
			deployment: {
				replicas: 2,
				containers: [
					{name: 'backend', requests: {cpu: 0.025, memory: 2 ** 26}, limits: {cpu: 0.1, memory: 2 ** 27}},
					{name: 'ollama', requests: {cpu: 0.125, memory: 2 ** 28}, limits: {cpu: 0.25, memory: 2 ** 30}},
				],
				llm: {...llm, parallel, keepAlive, history},
				service,
				startup,
				balancing,
				...(nodes !== undefined && {nodes}),
			},
		});
	});

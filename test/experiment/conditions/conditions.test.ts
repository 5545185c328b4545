import test from 'ava';
import {drawConditions, type RunConditions, uncertaintyOf} from '../../../src/experiment/conditions/draw-conditions.ts';
import type {CoefficientSpread, Variation} from '../../../src/experiment/conditions/spread.ts';
import {underConditions} from '../../../src/experiment/conditions/under-conditions.ts';
import type {Experiment} from '../../../src/experiment/experiment.ts';
import {experimentHash, resolvedDigest} from '../../../src/experiment/experiment-hash.ts';
import {Schedule} from '../../../src/experiment/schedule.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';

const spike = await readExperiment('experiments/spike.yaml', {profile: 'bench'});

function withService(experiment: Experiment, more: {variation?: Variation; spread?: CoefficientSpread}): Experiment {
	const {service} = experiment.deployment;
	if (service.kind !== 'work') {
		throw new TypeError('Expected a service of work');
	}

	const {spread: _spread, variation: _variation, sharedBySlotsDeviation: _deviation, ...own} = service;
	return {...experiment, deployment: {...experiment.deployment, service: {...own, ...more}}};
}

function standardDeviation(values: readonly number[]): number {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

const drawn = (experiment: Experiment, count: number): RunConditions[] =>
	Array.from({length: count}, (_, replication) => drawConditions(experiment, replication));

const covariance = [
	[4e-4, -1e-5, 0],
	[-1e-5, 1e-6, 0],
	[0, 0, 0],
];

test('without a distribution nothing is drawn, and the experiment under such conditions is the same', t => {
	const plain = withService(spike, {});
	t.deepEqual(uncertaintyOf(plain), []);
	const conditions = drawConditions(plain, 3);
	t.deepEqual(conditions, {speed: 1, load: 1});
	t.deepEqual(underConditions(plain, conditions), plain);
});

test('the logarithm of the speed has the spread between runs and between machines', t => {
	const speeds = drawn(withService(spike, {variation: {betweenRuns: 0.1, betweenMachines: 0.3}}), 2000);
	const logarithms = speeds.map(({speed}) => Math.log(speed));
	t.true(Math.abs(standardDeviation(logarithms) - Math.hypot(0.1, 0.3)) < 0.02);
	const alone = drawn(withService(spike, {variation: {betweenRuns: 0.1}}), 2000);
	t.true(Math.abs(standardDeviation(alone.map(({speed}) => Math.log(speed))) - 0.1) < 0.01);
});

test('a spread that few runs showed is drawn wider, as Student has it', t => {
	const few = drawn(withService(spike, {variation: {betweenRuns: 0.1, runs: 6}}), 4000);
	const deviation = standardDeviation(few.map(({speed}) => Math.log(speed)));
	t.true(Math.abs(deviation - 0.1 * Math.sqrt(5 / 3)) < 0.015, `${deviation}`);
});

test('coefficients are drawn together, with the covariance of the fit, and none is near 0', t => {
	const experiment = withService(spike, {spread: {covariance, isJoint: true}});
	t.deepEqual(uncertaintyOf(experiment), ['coefficients']);
	const all = drawn(experiment, 4000).map(({coefficients}) => coefficients!);
	const [requests, prompts, outputs] = [0, 1, 2].map(index => all.map(each => each[index]!)) as [
		number[],
		number[],
		number[],
	];
	t.true(Math.abs(standardDeviation(prompts) / 1e-3 - 1) < 0.05);
	t.true(outputs.every(value => value === outputs[0]));
	const product = requests.map((value, index) => (value - 0.04169) * (prompts[index]! - 0.006098));
	const correlation = product.reduce((sum, value) => sum + value, 0) / product.length / (0.02 * 1e-3);
	t.true(correlation < -0.4 && correlation > -0.6, `${correlation}`);
	t.true(all.flat().every(value => value > 0));
});

test('the part of the work that slots share is drawn by its interval, where a pod has several', t => {
	const {deployment} = withService(spike, {});
	const {service, llm} = deployment;
	const slots = (parallel: number): Experiment => ({
		...spike,
		deployment: {
			...deployment,
			llm: {...llm, parallel},
			service: service.kind === 'work' ? {...service, sharedBySlots: 0.3, sharedBySlotsDeviation: 0.1} : service,
		},
	});
	t.deepEqual(uncertaintyOf(slots(1)), []);
	t.deepEqual(drawConditions(slots(1), 1), {speed: 1, load: 1});
	t.deepEqual(uncertaintyOf(slots(2)), ['coefficients']);
	const parts = drawn(slots(2), 2000).map(({sharedBySlots}) => sharedBySlots!);
	t.true(Math.abs(standardDeviation(parts) - 0.1) < 0.005);
	t.true(parts.every(part => part >= 0 && part <= 1));
	const {service: under} = underConditions(slots(2), {speed: 1, load: 1, sharedBySlots: 0.7}).deployment;
	t.is(under.kind === 'work' && under.sharedBySlots, 0.7);
});

test('the load lies within what is given, and its arrivals keep their draws', t => {
	const {workload} = spike;
	const experiment = {...withService(spike, {}), workload: {...workload, uncertainty: {rate: 0.2}}};
	const loads = drawn(experiment, 500).map(({load}) => load);
	t.true(
		Math.min(...loads) >= 0.8 && Math.min(...loads) < 0.82 && Math.max(...loads) <= 1.2 && Math.max(...loads) > 1.18,
	);
	const first = (load: number) => {
		const changed = underConditions(experiment, {speed: 1, load});
		return [...new Schedule(changed, 0).blocks()].reduce((count, block) => count + block.count, 0);
	};
	const [less, same, more] = [first(0.8), first(1), first(1.2)];
	t.true(less < same && same < more);
});

test('parts have streams of their own: one that is left out changes no other draw', t => {
	const {workload} = spike;
	const experiment = {
		...withService(spike, {variation: {betweenRuns: 0.1}, spread: {covariance, isJoint: true}}),
		workload: {...workload, uncertainty: {rate: 0.2}},
	};
	t.deepEqual(uncertaintyOf(experiment), ['coefficients', 'machine', 'load']);
	const all = drawConditions(experiment, 5);
	t.deepEqual(drawConditions(experiment, 5), all);
	t.notDeepEqual(drawConditions(experiment, 6), all);
	t.deepEqual(drawConditions(experiment, 5, ['machine']), {speed: all.speed, load: 1});
	t.deepEqual(drawConditions(experiment, 5, ['load']), {speed: 1, load: all.load});
});

test('a slower run multiplies every time in service, and nothing else', t => {
	const slow = underConditions(withService(spike, {}), {speed: 2, load: 1});
	const {service} = slow.deployment;
	t.true(service.kind === 'work' && service.perOutputToken === 2 * 0.01409 && service.perRequest === 2 * 0.04169);
	t.deepEqual(slow.workload, spike.workload);
	t.is(slow.hash, spike.hash);
});

test('a slower run of a server makes the work that requests bring longer', async t => {
	const web = await readExperiment('experiments/services/web-service.yaml', {});
	const slow = underConditions(web, {speed: 2, load: 1});
	const kind = web.workload.requests.cpuSeconds === undefined ? 'serviceSeconds' : 'cpuSeconds';
	const works = [web, slow].map(experiment => {
		const [block] = [...new Schedule(experiment, 0).blocks()];
		return block!.work![0]!;
	});
	t.truthy(web.workload.requests[kind]);
	t.true(Math.abs(works[1]! / works[0]! - 2) < 1e-9);
});

test('the uncertainty of the load is no part of the hash, and part of the digest of what is simulated', t => {
	const {workload} = spike;
	const unsure = {...spike, workload: {...workload, uncertainty: {rate: 0.2}}};
	t.is(experimentHash(unsure), spike.hash);
	t.not(resolvedDigest(unsure), resolvedDigest(spike));
});

test('a trace under another load has so many more or fewer requests, in order', t => {
	const at = Array.from({length: 1000}, (_, index) => index);
	const tokens = at.map(second => second + 1);
	const {workload} = spike;
	if (workload.loop !== 'open') {
		throw new TypeError('Expected an open loop');
	}

	const traced: Experiment = {
		...spike,
		workload: {...workload, arrivals: {process: 'trace', at, promptTokens: tokens, outputTokens: tokens}},
	};
	for (const load of [0.7, 1.3]) {
		const changed = underConditions(traced, {speed: 1, load}).workload;
		const arrivals = changed.loop === 'open' && changed.arrivals.process === 'trace' ? changed.arrivals : undefined;
		t.true(Math.abs(arrivals!.at.length / 1000 - load) < 0.05);
		t.deepEqual(
			arrivals!.at,
			arrivals!.at.toSorted((a, b) => a - b),
		);
		t.is(arrivals!.promptTokens.length, arrivals!.at.length);
	}
});

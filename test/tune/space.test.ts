import test from 'ava';
import {hpaSpecOf} from '../../src/autoscaler/hpa-manifest.ts';
import {flawOf} from '../../src/tune/condition.ts';
import {defaultSpace} from '../../src/tune/default-space.ts';
import {givenCandidates} from '../../src/tune/given-candidates.ts';
import {spreadCandidates} from '../../src/tune/proposals.ts';
import {resolveSpace} from '../../src/tune/resolve-space.ts';
import {candidateAt, candidateOf, nearestPoint, pointCount, pointOfNumber} from '../../src/tune/space.ts';
import {SpaceFile} from '../../src/tune/space-file.ts';
import {cpu70, scaledExperiment, spaceOf} from './make-space.ts';

test('a range has its ends, a step between, and no dust of binary fractions', t => {
	const space = spaceOf({
		'ollama.requests.cpu': {from: '100m', to: '700m', step: '200m'},
		'scaleUp.tolerance': {from: 0, to: 0.3, step: 0.1},
		maxReplicas: {from: 4, to: 6},
	});
	t.deepEqual(
		space.settings.map(({name, values}) => [name, values]),
		[
			['maxReplicas', [4, 5, 6]],
			['scaleUp.tolerance', [0, 0.1, 0.2, 0.3]],
			['ollama.requests.cpu', [0.1, 0.3, 0.5, 0.7]],
		],
	);
});

test('a point has one candidate in its space, and another one in another space', t => {
	const [space, other] = [spaceOf({maxReplicas: {from: 4, to: 6}}), spaceOf({maxReplicas: {from: 5, to: 7}})];
	const candidate = candidateAt(space, [1])!;
	t.is(candidateAt(space, [1]), candidate);
	t.is(candidate.settings['maxReplicas'], 5);
	t.is(candidateAt(other, [1])!.settings['maxReplicas'], 6);
});

test('a candidate has the settings of its point, the rest as it is', t => {
	const space = spaceOf({
		'cpu.averageUtilization': {choices: [50, 60]},
		'cpu.type': {choices: ['ContainerResource']},
		'memory.averageUtilization': {choices: ['none', 80]},
		'scaleDown.stabilizationWindowSeconds': {choices: [60]},
		'scaleDown.pods': {choices: [1]},
		'ollama.limits.memory': {choices: ['2Gi']},
	});
	const {scaling} = candidateAt(space, [1, 0, 1, 0, 0, 0])!;
	t.deepEqual(
		scaling.autoscaler,
		hpaSpecOf({
			minReplicas: 2,
			maxReplicas: 6,
			metrics: [
				{
					type: 'ContainerResource',
					containerResource: {name: 'cpu', container: 'ollama', target: {type: 'Utilization', averageUtilization: 60}},
				},
				{type: 'Resource', resource: {name: 'memory', target: {type: 'Utilization', averageUtilization: 80}}},
			],
			behavior: {
				scaleUp: {stabilizationWindowSeconds: 0},
				scaleDown: {
					stabilizationWindowSeconds: 60,
					policies: [
						{type: 'Pods', value: 1, periodSeconds: 15},
						{type: 'Percent', value: 100, periodSeconds: 15},
					],
				},
			},
		}),
	);
	t.deepEqual(scaling.containers[1]!.limits, {cpu: 1, memory: 2 ** 31});
	t.is(scaling.containers[0], space.present.containers[0]);
});

test('a target of none takes the metric away, and its type with it', t => {
	const space = spaceOf({
		'cpu.averageUtilization': {choices: ['none', 70]},
		'memory.averageUtilization': {choices: [80]},
		'cpu.type': {choices: ['Resource', 'ContainerResource']},
	});
	const [one, other] = [candidateAt(space, [0, 0, 0])!, candidateAt(space, [0, 1, 0])!];
	t.deepEqual(
		one.scaling.autoscaler.metrics.map(({name}) => name),
		['memory'],
	);
	t.is(one.id, other.id);
});

test('every setting reads what it writes', t => {
	const experiment = scaledExperiment();
	const space = defaultSpace({...experiment, prices: perResource}, {hasTolerance: true});
	t.true(space.settings.length >= 16);
	for (let number = 0; number < 200; number++) {
		const point = pointOfNumber(space, (number * 7919 * 104_729) % pointCount(space));
		const candidate = candidateAt(space, point);
		if (candidate !== undefined) {
			const again = candidateAt(space, nearestPoint(space, candidate));
			t.is(again?.id, candidate.id);
		}
	}
});

const perResource = {
	name: 'test',
	currency: 'USD',
	kind: 'per-resource',
	perCoreHour: 0.04,
	perGibibyteHour: 0.004,
	increments: {cpu: 0, memory: 0},
	minimum: {cpu: 0, memory: 0},
	minimumSeconds: 0,
} as const;

test('container sizes are in the default space where they are billed', t => {
	const names = (prices: Parameters<typeof scaledExperiment>[0]) =>
		defaultSpace(scaledExperiment(prices), {hasTolerance: false}).settings.map(({name}) => name);
	t.false(names({}).some(name => name.includes('requests')));
	t.true(names({prices: perResource}).includes('ollama.requests.cpu'));
	t.false(names({prices: perResource}).includes('ollama.limits.cpu'), 'nodes without bound');
	t.false(
		names({}).some(name => name.includes('tolerance')),
		'1.34 does not obey it',
	);
});

test('the present manifest and Kubernetes’ defaults are candidates', t => {
	const space = spaceOf({'cpu.averageUtilization': {choices: [30, 40]}});
	const {present, kubernetesDefault} = givenCandidates(space);
	t.deepEqual(present.scaling.autoscaler, cpu70);
	t.deepEqual(present.settings, {'cpu.averageUtilization': 70});
	t.deepEqual(kubernetesDefault.scaling.autoscaler, hpaSpecOf({maxReplicas: 6}));
});

const allOf = (conditions: string[]) => {
	const space = spaceOf({minReplicas: {from: 1, to: 5}, maxReplicas: {from: 1, to: 5}}, {conditions});
	return spreadCandidates(space, {count: 100, seed: 1}).map(({settings}) => [
		settings['minReplicas'],
		settings['maxReplicas'],
	]);
};

test('what Kubernetes would refuse is no candidate', t => {
	t.is(allOf([]).length, 15);
	t.true(allOf([]).every(([min, max]) => min! <= max!));
});

const keeps = test.macro({
	exec(t, condition: string, count: number) {
		t.is(allOf([condition]).length, count);
	},
	title: (_, condition, count) => `${condition} leaves ${count} of 15`,
});

test(keeps, 'minReplicas < maxReplicas', 10);
test(keeps, '2 * minReplicas <= maxReplicas', 6);
test(keeps, 'minReplicas == 3', 3);
test(keeps, 'maxReplicas >= 4', 9);
test(keeps, 'memory.averageUtilization >= 50', 15);
test(keeps, 'memory.averageUtilization == none', 15);

const flaw = test.macro({
	exec(t, change: Parameters<typeof scaledExperiment>[0], rule: RegExp) {
		const experiment = scaledExperiment(change);
		t.regex(flawOf({autoscaler: cpu70, containers: experiment.deployment.containers}, experiment) ?? '', rule);
	},
	title: (_, __, rule: RegExp) => `${rule.source} is no candidate`,
});

test(
	flaw,
	{deployment: {containers: [{name: 'ollama', requests: {cpu: 2}, limits: {cpu: 1}}]}},
	/requests more cpu than its limit/,
);
test(
	flaw,
	{deployment: {containers: [{name: 'ollama', requests: {}, limits: {}}]}},
	/cpu has a target but not every container/,
);
test(flaw, {deployment: {nodes: {count: 1, cpu: 0.4, memory: 2 ** 33}}}, /more cpu than a node has/);

const faults = test.macro({
	exec(t, settings: object, conditions: string[], path: (string | number)[], rule: RegExp) {
		const file = SpaceFile.parse({kind: 'TuningSpace', name: 'test', settings, conditions});
		const space = resolveSpace(file, scaledExperiment(), {hasTolerance: false});
		t.true('faults' in space);
		const [fault] = 'faults' in space ? space.faults : [];
		t.deepEqual(fault?.path, path);
		t.regex(fault?.rule ?? '', rule);
	},
	title: (_, settings: object, conditions: string[]) => `refuses ${JSON.stringify(settings)} ${conditions.join()}`,
});

test(
	faults,
	{minReplica: {from: 1, to: 2}},
	[],
	['settings', 'minReplica'],
	/a setting of this experiment \(minReplicas/,
);
test(
	faults,
	{minReplicas: {from: 0, to: 2}},
	[],
	['settings', 'minReplicas', 'from'],
	/a whole number from 1 to 10000/,
);
test(faults, {minReplicas: {from: 3, to: 2}}, [], ['settings', 'minReplicas', 'to'], /at least from/);
test(faults, {minReplicas: {from: 1, to: 5000}}, [], ['settings', 'minReplicas', 'to'], /at most 1000 values/);
test(faults, {minReplicas: {from: 1, to: 2, step: 0}}, [], ['settings', 'minReplicas', 'step'], /above 0/);
test(
	faults,
	{'cpu.type': {choices: ['Pods']}},
	[],
	['settings', 'cpu.type', 'choices', 0],
	/one of Resource, ContainerResource/,
);
test(faults, {'scaleUp.tolerance': {choices: [0.1]}}, [], ['settings', 'scaleUp.tolerance'], /release from 1\.35/);
test(faults, {minReplicas: {choices: [1]}}, ['minReplicas'], ['conditions', 0], /two settings/);
test(faults, {minReplicas: {choices: [1]}}, ['1 < 2'], ['conditions', 0], /two settings/);
test(faults, {}, [], ['settings'], /at least one setting/);
test(faults, {minReplicas: {choices: [1]}}, ['memory.averageUtilization != none'], ['conditions'], /some choice/);
test(faults, {minReplicas: {choices: [1]}}, ['ollama.requests.cpu < 300m'], ['conditions'], /some choice/);
test(
	faults,
	{minReplicas: {from: 1, to: 1000}, maxReplicas: {from: 1, to: 1000}},
	['minReplicas >= 999', 'maxReplicas <= 2'],
	['conditions'],
	/some choice/,
);

test('two candidates that act alike are one', t => {
	const space = spaceOf({'scaleUp.selectPolicy': {choices: ['Max', 'Min']}, 'scaleUp.pods': {choices: ['none', 4]}});
	t.is(spreadCandidates(space, {count: 10, seed: 1}).length, 3);
	t.is(candidateOf(space, space.present).scaling.autoscaler.behavior, undefined);
});

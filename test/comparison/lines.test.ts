import test from 'ava';
import {demandLine, elasticity} from '../../src/comparison/elasticity.ts';
import {envelopeOf} from '../../src/comparison/envelope.ts';
import {matchEvents} from '../../src/comparison/match-events.ts';
import {type ScaleEvent, sampleTime, scaleEvents, seenUtilization} from '../../src/comparison/scale-events.ts';
import {integrate, meanLine, podLines, valueAt} from '../../src/comparison/step-line.ts';
import type {Timeline} from '../../src/records/replica-line.ts';

const window = {from: 0, to: 100};
const two: Timeline = [[0, 2]];
const rise: Timeline = [
	[0, 2],
	[40, 5],
];

test('a step function holds its value until the next point', t => {
	t.is(valueAt(rise, 39.9), 2);
	t.is(valueAt(rise, 40), 5);
	t.is(valueAt(rise, -5), 2);
});

test('the area between two lines counts every step of both', t => {
	t.is(
		integrate(rise, two, (a, b) => Math.abs(a - b), window),
		180,
	);
	const late: Timeline = [
		[0, 2],
		[60, 5],
	];
	t.is(
		integrate(rise, late, (a, b) => a - b, window),
		60,
	);
	t.deepEqual(meanLine([rise, late], window), [
		[0, 2],
		[40, 3.5],
		[60, 5],
	]);
});

const event = (decision: number, from: number, to: number): ScaleEvent => ({
	from,
	to,
	decision,
	metric: decision - 20,
	modelLoaded: decision + 4,
	ready: decision + 6,
});

test('events are matched one to one, nearest first, in the same direction and within the window', t => {
	const simulated = [event(30, 2, 4), event(100, 4, 6), event(400, 6, 2)];
	const measured = [event(45, 2, 3), event(55, 3, 6), event(390, 6, 3), event(470, 3, 2)];
	const {precision, recall, f1, pairs} = matchEvents(simulated, measured);
	t.deepEqual(
		pairs.map(({first, second}) => [first.decision, second.decision]),
		[
			[30, 45],
			[100, 55],
			[400, 390],
		],
	);
	t.is(precision, 1);
	t.is(recall, 3 / 4);
	t.is(f1, 6 / 7);
});

test('an event of the other direction is another event', t => {
	t.is(matchEvents([event(30, 2, 4)], [event(30, 4, 2)]).f1, 0);
	t.is(matchEvents([event(30, 2, 4)], [event(91, 2, 4)]).f1, 0);
});

test('runs without events agree; events against none do not', t => {
	t.is(matchEvents([], []).f1, 1);
	const {precision, recall, f1} = matchEvents([event(30, 2, 4)], []);
	t.deepEqual([precision, recall, f1], [0, 1, 0]);
});

test('a pod’s sample is as old as the older of its containers’, as the metrics API has it', t => {
	const sample = (pod: string, container: string, sampled: number) => ({pod, container, seconds: 25, sampled});
	const tablesOf = (rows: ReturnType<typeof sample>[]) => ({
		pods: {pod: ['gone'], event: ['gone' as const], seconds: Float64Array.of(24)},
		samples: {
			pod: rows.map(({pod}) => pod),
			container: rows.map(({container}) => container),
			seconds: Float64Array.from(rows, ({seconds}) => seconds),
			sampledSeconds: Float64Array.from(rows, ({sampled}) => sampled),
			windowSeconds: Float64Array.from(rows, () => 15),
			cpuCores: Float64Array.from(rows, () => 0.1),
			memoryBytes: Float64Array.from(rows, () => 1),
		},
	});
	const simulated = [
		sample('a', 'backend', 20),
		sample('a', 'llm', 10),
		sample('b', 'backend', 24),
		sample('b', 'llm', 22),
		sample('gone', 'llm', 1),
	];
	const measured = simulated.map(row => ({...row, sampled: {a: 10, b: 22, gone: 1}[row.pod]!}));
	t.is(sampleTime(tablesOf(simulated), 30), 16);
	t.is(sampleTime(tablesOf(measured), 30), 16);
	t.is(sampleTime(tablesOf(simulated), 24), Number.NaN);
});

test('the envelope leaves out a tenth of the replications, and says how long a line is inside', t => {
	const lines = Array.from({length: 101}, (_, index): Timeline => [[0, index]]);
	const {band, coverage} = envelopeOf(
		lines,
		[
			[[0, 50]],
			[[0, 3]],
			[
				[0, 50],
				[75, 96],
			],
		],
		window,
	);
	t.deepEqual(band, [[0, 5, 50, 95]]);
	t.deepEqual(coverage, [1, 0, 0.75]);
});

test("SPEC's elasticity metrics of a supply that comes 20 s late", t => {
	const demand: Timeline = [
		[0, 2],
		[30, 4],
		[90, 2],
	];
	const supply: Timeline = [
		[0, 2],
		[50, 4],
	];
	const found = elasticity(demand, supply, {from: 0, to: 120});
	t.is(found.underProvisioning, (20 * 0.5) / 120);
	t.is(found.overProvisioning, (30 * 1) / 120);
	t.is(found.underTimeshare, 20 / 120);
	t.is(found.overTimeshare, 30 / 120);
	// Of eight steps of 15 s demand moves in the second and the sixth, supply in the fourth.
	t.is(found.instability, 3 / 8);
});

test('pods are needed for the offered load at the use that is aimed at, within bounds', t => {
	const arrivals = [...Array.from({length: 30}, (_, index) => index), 31, 32, 33];
	const options = {serviceTime: 2, targetUse: 0.7, least: 1, most: 2, until: 90};
	t.deepEqual(demandLine(arrivals, options), [
		[0, 2],
		[30, 1],
		[60, 1],
	]);
	t.is(demandLine(arrivals, {...options, most: 9})[0]![1], 3);
});

const pods = {
	pod: ['a', 'a', 'b', 'b', 'a', 'b'],
	event: ['modelLoaded', 'ready', 'modelLoaded', 'ready', 'notReady', 'gone'] as const,
	seconds: Float64Array.of(-5, -4, 33, 36, 50, 80),
};

test('pods are counted while they are Ready, and while their model is loaded', t => {
	const {loaded, ready} = podLines({...pods, event: [...pods.event]});
	t.deepEqual(
		[0, 34, 37, 60, 90].map(at => [valueAt(loaded, at), valueAt(ready, at)]),
		[
			[1, 1],
			[2, 1],
			[2, 2],
			[2, 1],
			[1, 0],
		],
	);
});

test('a scale event knows its samples, its decision and when its pods serve', t => {
	const samples = {
		seconds: Float64Array.of(5, 20, 31),
		pod: ['a', 'a', 'a'],
		container: ['ollama', 'ollama', 'ollama'],
		cpuCores: Float64Array.of(0.1, 0.2, 0.3),
		memoryBytes: Float64Array.of(1, 1, 1),
		sampledSeconds: Float64Array.of(2, 17, 29),
		windowSeconds: Float64Array.of(15, 15, 15),
	};
	const table = {...pods, event: [...pods.event]};
	const tables = {samples, pods: table} as never;
	const timeline: Timeline = [
		[0, 1],
		[30, 2],
		[70, 1],
	];
	t.deepEqual(scaleEvents(timeline, {tables, lines: podLines(table), until: 100}), [
		{from: 1, to: 2, metric: 17, decision: 30, modelLoaded: 33, ready: 36},
		{from: 2, to: 1, metric: 29, decision: 70, modelLoaded: Number.NaN, ready: Number.NaN},
	]);
});

test('the use that the autoscaler saw is a line for each metric', t => {
	const decisions = {
		seconds: Float64Array.of(10, 25),
		currentReplicas: Int32Array.of(2, 2),
		desiredReplicas: Int32Array.of(2, 3),
		proposals: [
			'[{"type":"Resource","name":"cpu","utilization":40},{"type":"Resource","name":"memory","error":"none"}]',
			'[{"type":"Resource","name":"cpu","utilization":90},{"type":"Resource","name":"memory","utilization":57}]',
		],
		reasons: ['[]', '[]'],
	};
	t.deepEqual(seenUtilization(decisions), {
		cpu: [
			[10, 40],
			[25, 90],
		],
		memory: [[25, 57]],
	});
});

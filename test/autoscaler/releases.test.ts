import test from 'ava';
import {releases} from '../../src/autoscaler/controller-flags.ts';
import {decide} from './questions.ts';

const pod = (name: string, rest: object = {}) => ({
	name,
	startTime: 0,
	ready: {status: true, lastTransitionTime: 5},
	containers: [{name: 'ollama', requests: {cpu: '100m'}}],
	...rest,
});
const usage = (name: string, cpu: string, ...more: string[]) => ({
	name,
	containers: ['ollama', ...more].map(container => ({name: container, usage: {cpu}})),
});
const cpu = (averageUtilization: number) => ({
	type: 'Resource',
	resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization}},
});
const average = {type: 'Resource', resource: {name: 'cpu', target: {type: 'AverageValue', averageValue: '100m'}}};

const ask = (kubernetes: string, metric: object, rest: object) =>
	decide({
		now: 1000,
		kubernetes,
		hpa: {minReplicas: 1, maxReplicas: 100, metrics: [metric]},
		...rest,
	});

/** The answer of each release from 1.23 on: `before` up to the one before `since`, then `after`. */
const changesIn = test.macro({
	exec(t, since: string, answer: (kubernetes: string) => unknown, [before, after]: readonly [unknown, unknown]) {
		const known = releases.filter(release => release !== '1.13');
		const first = known.findIndex(release => release === since);
		t.true(first > 0);
		for (const [index, release] of known.entries()) {
			t.deepEqual(answer(release), index < first ? before : after, release);
		}
	},
	title: (title, since) => `${title}: another answer from ${since} on`,
});

const fastWay = {
	hpa: {
		minReplicas: 1,
		maxReplicas: 100,
		metrics: [{type: 'External', external: {metric: {name: 'q'}, target: {type: 'AverageValue', averageValue: 1}}}],
		behavior: {
			scaleUp: {policies: [{type: 'Pods', value: 2, periodSeconds: 60}]},
			scaleDown: {policies: [{type: 'Pods', value: 2, periodSeconds: 60}], stabilizationWindowSeconds: 0},
		},
	},
	scale: {specReplicas: 10},
};
test(
	'a scale-down within the period lets the way up go further',
	changesIn,
	'1.26',
	(kubernetes: string) =>
		decide({
			now: 1000,
			kubernetes,
			...fastWay,
			externalMetrics: {q: 50},
			history: {scaleDowns: [{time: 990, change: 3}]},
		}).desiredReplicas,
	[12, 15],
);
test(
	'a scale-up within the period lets the way down go further',
	changesIn,
	'1.26',
	(kubernetes: string) =>
		decide({now: 1000, kubernetes, ...fastWay, externalMetrics: {q: 1}, history: {scaleUps: [{time: 990, change: 3}]}})
			.desiredReplicas,
	[8, 5],
);

const four = ['a', 'b', 'c', 'd'].map(name => pod(name));
test(
	'a pod without metrics where the target is above 100 %',
	changesIn,
	'1.26',
	(kubernetes: string) =>
		ask(kubernetes, cpu(200), {pods: four, podMetrics: ['a', 'b'].map(name => usage(name, '100m'))}).proposal,
	[2, 3],
);
test(
	'an average exactly on its target with a pod without metrics',
	changesIn,
	'1.28',
	(kubernetes: string) => ask(kubernetes, average, {pods: four, podMetrics: [usage('a', '100m')]}).proposal,
	[1, 4],
);

const sidecar = {
	initContainers: [
		{name: 'proxy', requests: {cpu: '100m'}, restartPolicy: 'Always'},
		{name: 'once', requests: {cpu: '9'}},
	],
};
test(
	'the request of a native sidecar',
	changesIn,
	'1.29',
	(kubernetes: string) =>
		ask(kubernetes, cpu(50), {pods: [pod('a', sidecar)], podMetrics: [usage('a', '50m', 'proxy')]}).metrics[0]!
			.utilization,
	[100, 50],
);

const bare = pod('b', {containers: [{name: 'ollama'}]});
test(
	'the words for a missing request',
	changesIn,
	'1.26',
	(kubernetes: string) => ask(kubernetes, cpu(50), {pods: [bare], podMetrics: [usage('b', '1m')]}).metrics[0]!.error,
	['missing request for cpu', 'missing request for cpu in container ollama of Pod b'],
);
test(
	'what is found first, a missing request or that no pod is ready',
	changesIn,
	'1.26',
	(kubernetes: string) =>
		ask(kubernetes, cpu(50), {
			pods: [{...bare, phase: 'Pending'}],
			podMetrics: [usage('b', '1m')],
		}).metrics[0]!.error?.slice(0, 19),
	['missing request for', 'did not receive met'],
);
test(
	'the words where no pod is ready',
	changesIn,
	'1.27',
	(kubernetes: string) =>
		ask(kubernetes, cpu(50), {pods: [pod('a', {phase: 'Pending'})], podMetrics: [usage('a', '1m')]}).metrics[0]!.error,
	['did not receive metrics for any ready pods', 'did not receive metrics for targeted pods (pods might be unready)'],
);
const first = 'invalid metrics (1 invalid out of 1), first error is: ';
const none = 'unable to get metrics for resource cpu: no metrics returned from resource metrics API';
test(
	'the words round the error of a Resource metric',
	changesIn,
	'1.25',
	(kubernetes: string) => ask(kubernetes, cpu(50), {pods: four, podMetrics: null}).error,
	[
		`${first}failed to get cpu utilization: ${none}`,
		`${first}failed to get cpu resource metric value: failed to get cpu utilization: ${none}`,
	],
);
test(
	'the word for an average',
	changesIn,
	'1.26',
	(kubernetes: string) => /failed to get cpu (usage|utilization)/.exec(`${ask(kubernetes, average, {}).error}`)?.[1],
	['utilization', 'usage'],
);

const edge = {pods: [pod('a')], podMetrics: [usage('a', '55m')]};
test('55 % of 50 %', changesIn, '1.33', (kubernetes: string) => ask(kubernetes, cpu(50), edge).proposal, [2, 1]);
test(
	'the tolerance of a manifest',
	changesIn,
	'1.35',
	(kubernetes: string) =>
		decide({
			now: 1000,
			kubernetes,
			hpa: {maxReplicas: 9, metrics: [cpu(50)], behavior: {scaleUp: {tolerance: 0.01}}},
			pods: [pod('a')],
			podMetrics: [usage('a', '52m')],
		}).proposal,
	[1, 2],
);
test(
	'pod-level requests',
	changesIn,
	'1.34',
	(kubernetes: string) =>
		ask(kubernetes, cpu(50), {pods: [pod('a', {requests: {cpu: '200m'}})], podMetrics: [usage('a', '100m')]})
			.metrics[0]!.utilization,
	[100, 50],
);

const empty = (scale: object, minReplicas: number) => (kubernetes: string) => {
	const metric = {type: 'External', external: {metric: {name: 'q'}, target: {type: 'AverageValue', averageValue: 1}}};
	const hpa = {minReplicas, maxReplicas: 9, metrics: [metric]};
	const {desiredReplicas, reasons} = decide({
		now: 1000,
		kubernetes,
		hpa,
		scale: {specReplicas: 0, ...scale},
		externalMetrics: {q: 3},
	});
	return `${desiredReplicas} ${reasons[0]}`;
};
test(
	'pods that somebody else took away where the HPA may go to 0',
	changesIn,
	'1.36',
	empty({scaledToZero: false}, 0),
	['3 ValidMetricFound', '0 ScalingDisabled'],
);
test('an HPA that went to 0 and whose lower bound was raised', changesIn, '1.36', empty({scaledToZero: true}, 2), [
	'0 ScalingDisabled',
	'3 ValidMetricFound',
]);
test('an HPA that went to 0 comes back in every release', t => {
	for (const release of releases.filter(each => each !== '1.13')) {
		t.is(empty({}, 0)(release), '3 ValidMetricFound', release);
	}
});

const old = (rest: object) => ask('1.13', cpu(50), rest);

test('1.13 keeps the CPU of pods that are being deleted in the mean, and does not count them', t => {
	const pods = [pod('a'), pod('b', {deletionTimestamp: 990})];
	const rest = {scale: {specReplicas: 1}, pods, podMetrics: [usage('a', '80m'), usage('b', '20m')]};
	// (80 + 20) / 2 = 50 % is on target; the one that stays alone is at 80 %.
	t.like(old(rest), {desiredReplicas: 1, metrics: [{utilization: 50}]});
	t.like(ask('1.23', cpu(50), rest), {desiredReplicas: 2, metrics: [{utilization: 80}]});
});

test('1.13 takes a pending pod for one without metrics', t => {
	const pods = [pod('a'), pod('b', {phase: 'Pending', ready: undefined})];
	const rest = {scale: {specReplicas: 2}, pods, podMetrics: [usage('a', '10m')]};
	// On the way down it counts as 100 % of its request: (10 + 100) / 2 = 55 %, which turns the change round.
	t.is(old(rest).desiredReplicas, 2);
	t.is(ask('1.23', cpu(50), rest).desiredReplicas, 1);
});

test('1.13 knows no behavior: twice the replicas or 4 on the way up', t => {
	const hpa = {
		...{minReplicas: 1, maxReplicas: 100, metrics: [cpu(50)]},
		behavior: {scaleUp: {policies: [{type: 'Pods', value: 1, periodSeconds: 60}]}},
	};
	const rest = {now: 1000, hpa, scale: {specReplicas: 1}, pods: [pod('a')], podMetrics: [usage('a', '500m')]};
	t.is(decide({...rest, kubernetes: '1.13'}).desiredReplicas, 4);
	t.is(decide({...rest, kubernetes: '1.23'}).desiredReplicas, 2);
});

test('in 1.13 one invalid metric ends the reconcile, with its own words', t => {
	const hpa = {
		minReplicas: 1,
		maxReplicas: 100,
		metrics: [cpu(50), {...cpu(50), resource: {...cpu(50).resource, name: 'memory'}}],
	};
	const rest = {now: 1000, hpa, scale: {specReplicas: 1}, pods: [pod('a')], podMetrics: [usage('a', '500m')]};
	t.like(decide({...rest, kubernetes: '1.13'}), {
		desiredReplicas: 1,
		error: 'failed to get memory utilization: missing request for memory',
	});
	t.is(decide({...rest, kubernetes: '1.23'}).desiredReplicas, 4);
});

test('in 1.13 nothing wakes an autoscaler at 0 replicas', t => {
	const hpa = {
		...{minReplicas: 0, maxReplicas: 10},
		metrics: [{type: 'External', external: {metric: {name: 'q'}, target: {type: 'AverageValue', averageValue: 1}}}],
	};
	const rest = {now: 1000, hpa, scale: {specReplicas: 0}, pods: [], externalMetrics: {q: '5'}};
	t.like(decide({...rest, kubernetes: '1.13'}), {desiredReplicas: 0, reasons: ['ScalingDisabled']});
	t.true(decide({...rest, kubernetes: '1.23'}).desiredReplicas > 0);
});

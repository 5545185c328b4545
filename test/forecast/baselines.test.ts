import test from 'ava';
import {simulateBaseline, smallestEnough} from '../../src/forecast/baselines.ts';
import {makeExperiment, openWorkload} from '../simulator/make-experiment.ts';

test('the smallest that is enough is found, and with few questions', async t => {
	for (let least = 1; least <= 40; least++) {
		let asked = 0;
		const found = await smallestEnough(40, async count => {
			asked++;
			return count >= least;
		});
		t.is(found, least);
		t.true(asked <= 7, String(asked));
	}

	t.is(await smallestEnough(40, async () => false), undefined);
});

const experiment = makeExperiment({
	duration: 1200,
	workload: {
		...openWorkload(0.5),
		loop: 'open',
		arrivals: {
			process: 'poisson',
			cv: 1,
			interpolation: 'step',
			rate: [
				{at: 0, perSecond: 0.3},
				{at: 300, perSecond: 3},
				{at: 600, perSecond: 0.3},
			],
		},
	},
	autoscaler: {
		minReplicas: 1,
		maxReplicas: 6,
		metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}],
	},
	fixed: {replicas: 6},
	deployment: {startup: {kind: 'total', total: {distribution: 'constant', value: 30}}},
});

test('a fixed baseline has that many pods all the time', t => {
	const {pods, timeline} = simulateBaseline(experiment, 0, {kind: 'fixed', replicas: 4});
	t.is(pods.length, 4);
	t.deepEqual(timeline, [[0, 4]]);
});

test('without delay the pods come as soon as the load does, and go with it', t => {
	const {timeline, pods, heldPodSeconds} = simulateBaseline(experiment, 0, {kind: 'ideal'});
	const replicasAt = (at: number) => timeline.findLast(([since]) => since <= at)![1];
	t.true(replicasAt(361) >= 4, JSON.stringify(timeline));
	t.true(replicasAt(660) <= 2);
	t.is(heldPodSeconds, 0);
	t.true(pods.every(({stages}) => stages.starting + stages.loading + stages.pending === 0));
});

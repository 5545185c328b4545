import test from 'ava';
import {standingOf} from '../../src/forecast/standing/standing.ts';
import {standingLines} from '../../src/report/standing-lines.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {makeExperiment, openWorkload, pipeline} from '../simulator/make-experiment.ts';

test('an experiment that was measured has its own verdict and errors, and uses nothing that no validation covers', async t => {
	const standing = standingOf(await readExperiment('experiments/multi-tenant.yaml', {profile: 'bench'}));
	t.deepEqual(standing.notValidated, []);
	t.is(standing.measured?.verdict, 'CANNOT SAY');
	t.true(Math.abs(standing.measured!.p95!) > 0.4);
	t.deepEqual(
		standing.models.map(({name, status}) => [name, status]),
		[
			['smollm2:135m', 'calibrated'],
			['startup-kind', 'calibrated'],
			['metrics-pipeline', 'calibrated'],
		],
	);
	const [models, trust] = standingLines(standing);
	t.is(
		models,
		'Models: calibrated on a cluster: smollm2:135m (2026-11-24), startup-kind (2026-11-24), metrics-pipeline (2026-11-24)',
	);
	t.regex(trust!, /^Trust: this experiment was measured: CANNOT SAY, p95 off by \d+ %, pod-hours by [\d.]+ %; in \d+ /);
	t.false(trust!.includes('Not validated'));
});

test('another model and a longer run are named', async t => {
	const standing = standingOf(await readExperiment('experiments/dynamic-scaling.yaml'));
	t.is(standing.measured, null);
	t.deepEqual(standing.notValidated, ['service model tinyllama', 'runs of more than 12 min']);
	t.like(standing.models[0], {name: 'tinyllama', status: 'uncalibrated'});
	const [models, trust] = standingLines(standing);
	t.regex(models!, /; not calibrated on a cluster: tinyllama$/);
	t.regex(trust!, / Not validated, used here: service model tinyllama, runs of more than 12 min\.$/);
});

test('parts of the simulator that no validation covers are named', t => {
	const standing = standingOf(
		makeExperiment({
			workload: {
				...openWorkload(1),
				loop: 'open',
				arrivals: {process: 'trace', at: [1], promptTokens: [1], outputTokens: [1]},
			},
			autoscaler: {minReplicas: 1, maxReplicas: 20, metrics: []},
			metrics: {...pipeline, rateWindow: 60},
			faults: [{kind: 'rollout', at: 5}],
			duration: 60,
			deployment: {waiting: {at: 'proxy', connections: 1}},
		}),
	);
	t.deepEqual(standing.notValidated, [
		'a trace of requests',
		'a given time in service',
		'a given start-up time',
		'waiting at a proxy',
		'prometheus-adapter',
		'fault rollout',
		'more than 6 pods',
	]);
	t.regex(standingLines(standing)[0]!, /^Models: not known whether calibrated: test$/);
	const given = standingOf(makeExperiment({metrics: 'ideal'}));
	t.is(standingLines(given)[0], 'Models: none; times are as given in the experiment');
});

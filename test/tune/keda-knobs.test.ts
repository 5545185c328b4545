import test from 'ava';
import {parse} from 'yaml';
import {controllerConfig} from '../../src/autoscaler/contracts.ts';
import {changedScaledObject} from '../../src/autoscaler/keda/changed-scaled-object.ts';
import {kedaAutoscaler} from '../../src/autoscaler/keda/keda-autoscaler.ts';
import {kedaHpaSpecOf} from '../../src/autoscaler/keda/keda-hpa.ts';
import {kedaSpecOf} from '../../src/autoscaler/keda/scaled-object.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {autoscalerControls} from '../../src/explorer/autoscaler-controls.ts';
import {manifestText} from '../../src/explorer/fragment.ts';
import {experimentWith, setOptionsOf} from '../../src/explorer/settings.ts';
import {withoutSuspect} from '../../src/forecast/causes.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {readExperiment, readExperimentSource} from '../../src/store/experiments/read-experiment.ts';
import {flawOf} from '../../src/tune/condition.ts';
import {defaultSpace} from '../../src/tune/default-space.ts';
import {evaluateCandidate, scaled} from '../../src/tune/evaluate-candidate.ts';
import {givenCandidates} from '../../src/tune/given-candidates.ts';
import type {Value} from '../../src/tune/knob.ts';
import {knobsOf} from '../../src/tune/knobs.ts';
import {presentScaling} from '../../src/tune/resolve-space.ts';

const path = 'experiments/queue/waiting-to-zero.yaml';
const source = async () => readExperimentSource(path, {profile: 'bench'});

async function written(settings: Readonly<Record<string, Value>>) {
	const {experiment, scaledObject} = await source();
	const knobs = knobsOf(experiment);
	const scaling = Object.entries(settings).reduce(
		(changed, [name, value]) => knobs.get(name)!.write(changed, value),
		presentScaling(experiment),
	);
	return {experiment, scaledObject, scaling, knobs};
}

test('what the knobs write is what KEDA makes of the manifest that is recommended', async t => {
	const {scaledObject, scaling, knobs} = await written({
		minReplicaCount: 2,
		maxReplicaCount: 7,
		idleReplicaCount: 0,
		pollingInterval: 5,
		cooldownPeriod: 90,
		's0-prometheus.threshold': 2.5,
		's1-prometheus.activationThreshold': 1,
		'scaleDown.stabilizationWindowSeconds': 60,
	});
	const keda = scaling.keda!;
	const manifest = changedScaledObject(scaledObject, {keda, autoscaler: scaling.autoscaler});
	t.deepEqual(kedaSpecOf(manifest), keda);
	t.deepEqual(kedaHpaSpecOf(manifest), scaling.autoscaler);
	t.is(knobs.get('s0-prometheus.threshold')!.read(scaling), 2.5);
	t.is(knobs.get('idleReplicaCount')!.read(scaling), 0);
	t.is(knobs.get('trigger')!.read(scaling), 'all');
	const {metadata} = manifest.spec.triggers[0]!;
	t.like(metadata, {threshold: '2.5', query: 'sum(replicast_backend_queue_length)'});
});

test('the HPA of changed settings is that of KEDA for cpu, formulas and values, too', t => {
	const scaledObject = {
		apiVersion: 'keda.sh/v1alpha1',
		kind: 'ScaledObject',
		metadata: {name: 'llm'},
		spec: {
			scaleTargetRef: {name: 'llm'},
			minReplicaCount: 1,
			advanced: {scalingModifiers: {formula: 'a', target: '2.5', metricType: 'Value'}},
			triggers: [
				{type: 'prometheus', name: 'a', metadata: {serverAddress: 'http://p', query: 'x', threshold: '1'}},
				{type: 'memory', metricType: 'Utilization', metadata: {value: '80'}},
				{type: 'cpu', metricType: 'AverageValue', metadata: {value: '500m', containerName: 'm'}},
			],
		},
	};
	const {advanced: _, ...plain} = scaledObject.spec;
	for (const manifest of [scaledObject, {...scaledObject, spec: plain}]) {
		t.deepEqual(kedaAutoscaler(kedaSpecOf(manifest), undefined), kedaHpaSpecOf(manifest));
	}
});

test('one trigger alone may act, and counts that KEDA refuses are no candidates', async t => {
	const {experiment, scaling} = await written({trigger: 's1-prometheus'});
	t.deepEqual(
		scaling.autoscaler.metrics.map(({name}) => name),
		['s1-prometheus'],
	);
	t.is(flawOf(scaling, experiment), undefined);
	const refused = async (settings: Readonly<Record<string, Value>>) =>
		flawOf((await written(settings)).scaling, experiment);
	t.regex((await refused({minReplicaCount: 5})) ?? '', /minReplicaCount is above/);
	t.regex((await refused({idleReplicaCount: 0})) ?? '', /idleReplicaCount is not below/);
});

test('a candidate is simulated with its own ScaledObject, and Kubernetes’ defaults without one', async t => {
	const {experiment, scaling} = await written({minReplicaCount: 1, cooldownPeriod: 0});
	t.is(scaled(experiment, scaling).keda?.minReplicaCount, 1);
	const space = defaultSpace(experiment, {hasTolerance: false});
	const names = space.settings.map(({name}) => name);
	for (const name of ['minReplicaCount', 'cooldownPeriod', 'pollingInterval', 's0-prometheus.threshold', 'trigger']) {
		t.true(names.includes(name), name);
	}

	t.false(names.includes('minReplicas'));
	const {present, kubernetesDefault} = givenCandidates(space);
	t.is(scaled(experiment, kubernetesDefault.scaling).keda, undefined);
	const controller = controllerConfig(experiment);
	const run = (candidate: typeof scaling) => evaluateCandidate(experiment, candidate, {replication: 0, controller});
	t.true(run(scaling).costPerHour > run(present.scaling).costPerHour, 'a pod that stays costs more');
});

test('without the metric that keeps pods KEDA still polls its trigger', async t => {
	const {experiment} = await source();
	const without = withoutSuspect(experiment, {cause: 'metric-keeps-pods', metric: 1});
	t.is(without.autoscaler === 'none' ? 0 : without.autoscaler.metrics.length, 1);
	const schedule = new Schedule(without, 0);
	const {timeline} = simulate(without, {replication: 0, arm: 'dynamic', schedule, isRecorded: false});
	t.true(timeline.some(([, replicas]) => replicas > 0));
});

test('the explorer moves a ScaledObject, its command reads back what it shows, and so does its manifest', async t => {
	const {experiment, scaledObject, identity} = await source();
	const controls = autoscalerControls(experiment);
	const names = controls.map(({name}) => name);
	t.true(['minReplicaCount', 's1-prometheus.threshold', 'scaleDown.pods'].every(name => names.includes(name)));
	t.false(names.includes('minReplicas'));
	const settings = new Map<string, Value>([
		['minReplicaCount', 1],
		['cooldownPeriod', 60],
		['s1-prometheus.threshold', 8],
		['scaleDown.stabilizationWindowSeconds', 120],
	]);
	const moved = experimentWith(experiment, controls, settings);
	const set = setOptionsOf(moved, controls, settings);
	const read = await readExperiment(path, {profile: 'bench', set});
	t.deepEqual(read.keda, moved.keda);
	t.deepEqual(read.autoscaler, moved.autoscaler);
	if (moved.autoscaler !== 'none') {
		const manifest: unknown = parse(manifestText(moved.autoscaler, {identity, scaledObject}, moved.keda));
		t.deepEqual(kedaSpecOf(manifest), moved.keda!);
		t.deepEqual(kedaHpaSpecOf(manifest), moved.autoscaler);
	}
});

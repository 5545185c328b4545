import test from 'ava';
import {defaultFlags} from '../../src/autoscaler/controller-flags.ts';
import {measuredRecord} from '../../src/cluster/measured/measured-record.ts';
import {controllerDifferences, readControllerFlags} from '../../src/cluster/setup/controller-settings.ts';
import {recordFile} from '../../src/records/record.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {FakeKube} from './fake-kube.ts';
import {completed, sent, start} from './make-journal.ts';

const path = '/api/v1/namespaces/kube-system/pods?labelSelector=component%3Dkube-controller-manager';

function clusterWith(...command: readonly string[]): FakeKube {
	const kube = new FakeKube();
	const pod = {spec: {containers: [{command: ['kube-controller-manager', ...command]}]}};
	kube.objects.set(path, {metadata: {name: 'list'}, spec: {}, items: [pod]} as never);
	return kube;
}

const experiment = makeExperiment({});
const autoscaled = {
	autoscaler: {
		minReplicas: 1,
		maxReplicas: 3,
		metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}],
	},
} as const;
const differences = (given: Parameters<typeof controllerDifferences>[0], gitVersion: string, flags = defaultFlags) =>
	controllerDifferences(given, {arm: 'dynamic', cluster: {gitVersion, flags}});

test('flags are read off the static pod, those that are not given are the defaults', async t => {
	const flags = await readControllerFlags(
		clusterWith(
			'--vmodule=horizontal=4',
			'--horizontal-pod-autoscaler-sync-period=10s',
			'--horizontal-pod-autoscaler-tolerance',
			'0.2',
			'--horizontal-pod-autoscaler-downscale-stabilization=1m30s',
		),
	);
	t.deepEqual(flags, {...defaultFlags, syncPeriod: 10, tolerance: 0.2, downscaleStabilization: 90});
	t.deepEqual(await readControllerFlags(clusterWith()), defaultFlags);
});

test('a cluster that hides its controller has flags that cannot be read', async t => {
	t.is(await readControllerFlags(new FakeKube()), undefined);
	const cluster = {gitVersion: 'v1.34.4', flags: undefined};
	t.deepEqual(controllerDifferences(autoscaled, {arm: 'dynamic', cluster}), [
		"the controller's flags cannot be read; they may differ from the experiment's",
	]);
});

test('release and flags that differ have a line each', t => {
	t.deepEqual(differences(autoscaled, 'v1.34.4'), []);
	t.deepEqual(differences({...autoscaled, kubernetes: '1.30'}, 'v1.30.2'), []);
	t.deepEqual(differences({...autoscaled, kubernetes: '1.30'}, 'v1.34.4'), [
		'the cluster has Kubernetes v1.34.4, the experiment 1.30',
	]);
	t.deepEqual(differences({...autoscaled, controller: {tolerance: 0.05, syncPeriod: 15}}, 'v1.34.4'), [
		'the cluster has --horizontal-pod-autoscaler-tolerance 0.1, the experiment 0.05',
	]);
	t.deepEqual(differences({...autoscaled, controller: {syncPeriod: 30}}, 'v1.34.4'), [
		'the cluster has --horizontal-pod-autoscaler-sync-period 15 s, the experiment 30 s',
	]);
});

test('nothing differs where nothing is autoscaled', t => {
	const cluster = {gitVersion: 'v1.29.0', flags: undefined};
	t.deepEqual(controllerDifferences(autoscaled, {arm: 'fixed', cluster}), []);
	t.deepEqual(controllerDifferences({autoscaler: 'none'}, {arm: 'dynamic', cluster}), []);
});

test('a record keeps the differences as notes, which its validity does not depend on', t => {
	const entries = [{type: 'start', at: start} as const, sent(0, 1), completed(0, start + 4)];
	const replayed = {experiment, arm: 'dynamic', repeat: 0, versions: {}, models: {}} as const;
	const {validity} = measuredRecord(entries, replayed).recording.head;
	const {head} = measuredRecord(entries, {...replayed, notes: ['the cluster has another release']}).recording;
	t.deepEqual(head.validity, {...validity, notes: ['the cluster has another release']});
	t.false('notes' in validity);
	t.notThrows(() => recordFile.parse(head));
});

import {join} from 'node:path';
import test from 'ava';
import {listRuns} from '../../../src/store/recordings/list-runs.ts';
import {RecordingReader} from '../../../src/store/recordings/read-run.ts';
import {readSettings} from '../../../src/store/recordings/read-settings.ts';
import {runExperiment} from '../../../src/store/recordings/run-experiment.ts';
import {writeFittedSettings} from '../../../src/store/recordings/write-settings.ts';
import {folderOf, smallRecordings, steadySettings} from './make-recordings.ts';

const metrics = '[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]';
const scaled = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: a}
spec: {scaleTargetRef: {name: a}, maxReplicaCount: 7, triggers: [{type: aws-sqs-queue, metadata: {queueURL: https://a/1/q, awsRegion: x}}]}
`;
const hpa = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: a}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, minReplicas: 2, maxReplicas: 5, metrics: ${metrics}}
`;

test('written settings lie anywhere and mean the same: manifests of an HPA and of KEDA stand in them', async t => {
	const settings = `${steadySettings}runs:
  - {where: {run: one}, experiment: {autoscaler: hpa.yaml}}
  - {where: {run: two}, experiment: {autoscaler: keda.yaml}}
`;
	const folder = await folderOf(t, {
		...smallRecordings,
		...{'mine/settings.yaml': settings, 'mine/hpa.yaml': hpa, 'mine/keda.yaml': scaled},
	});
	const found = await readSettings(join(folder, 'mine/settings.yaml'));
	const path = join(folder, 'written.yaml');
	const fact = {fact: 'It syncs every 30 s.', experiment: {controller: {syncPeriod: '30s'}}};
	await writeFittedSettings(path, {
		...{name: 'steady', start: {kind: 'settings', found}, date: '2026-11-29', recordings: [], found: [fact]},
		...{unknown: [], force: false},
	});
	const written = await readSettings(path);
	const reader = new RecordingReader();
	const [one, two] = await Promise.all((await listRuns(folder)).slice(0, 2).map(async run => reader.read(run)));
	for (const run of [one!, two!]) {
		const before = (await runExperiment(found, run)).experiment;
		const after = (await runExperiment(written, run)).experiment;
		t.deepEqual(after.autoscaler, before.autoscaler, run.run);
		t.deepEqual(after.keda, before.keda, run.run);
		t.is(after.keda?.maxReplicaCount, run === two ? 7 : undefined);
	}
});

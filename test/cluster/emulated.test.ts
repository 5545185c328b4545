import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {readObservedTable, readRecord} from '../../src/store/records/read-record.ts';
import {startReplicast} from '../cli/run-command.ts';

const cluster = `replicast-kwok-test-${process.pid}`;
const experiment = fileURLToPath(new URL('../../../experiments/nodes/hundred-nodes.yaml', import.meta.url));
const burst = fileURLToPath(new URL('../../../experiments/nodes/emulated-burst.yaml', import.meta.url));
const changes = ['duration=150s', 'workload.arrivals.rate.0.perSecond=40', 'workload.arrivals.rate.1.perSecond=40'];
const set = changes.flatMap(change => ['--set', change]);
let out: string;

test.before(async () => {
	out = await mkdtemp(join(tmpdir(), 'replicast-emulated-'));
});

test.after.always(async () => {
	await execa('kind', ['delete', 'cluster', '--name', cluster]);
	await rm(out, {recursive: true, force: true});
});

test.serial('a real HPA scales emulated pods on a hundred nodes, and compare finds its decisions again', async t => {
	const replayed = await startReplicast([
		'replay',
		experiment,
		'--on',
		'kwok',
		'--cluster',
		cluster,
		'--out',
		out,
		...set,
	]);
	t.log(replayed.stdout);
	t.is(replayed.exitCode, 0, replayed.stderr);
	t.regex(replayed.stdout, /Emulated: 100 nodes of 4 cores/);
	const {head, tables} = await readRecord(join(out, 'hundred-nodes', 'dynamic-0'));
	t.is(head.engine, 'emulated');
	t.true(Math.max(...tables.decisions.desiredReplicas) > 60, 'the autoscaler never scaled up');
	t.true(new Set(tables.requests.pod).size > 60, 'new pods got no request');
	t.true(tables.pods.event.includes('modelLoaded'));

	const compared = await startReplicast(['compare', experiment, '--reports', out, '--json', ...set]);
	const {
		triangle,
		experiment: {records},
	} = JSON.parse(compared.stdout);
	t.is(records.length, 1);
	t.true(triangle.a.share >= 0.99, JSON.stringify(triangle.a));
});

const karpenterImage = 'karpenter-kwok:v1.14.1';

test.serial('a real Karpenter adds nodes for the pods of a burst, and compare judges them', async t => {
	const {failed} = await execa('docker', ['image', 'inspect', karpenterImage], {reject: false});
	if (failed) {
		t.log(`not tried: there is no image ${karpenterImage}, see k8s/kwok/karpenter.yaml`);
		t.pass();
		return;
	}

	const shortened = ['--set', 'duration=150s'];
	const replayed = await startReplicast([
		...['replay', burst, '--on', 'kwok', '--cluster', cluster, '--out', out],
		...shortened,
	]);
	t.is(replayed.exitCode, 0, replayed.stderr);
	t.regex(replayed.stdout, /Emulated: nodes of Karpenter, pool small/);
	const nodes = (await readObservedTable(join(out, 'emulated-burst', 'dynamic-0'), 'poolNodes'))!;
	const launched = nodes.orderedSeconds.filter(at => at > 0).length;
	t.true(launched >= 3, `${launched} nodes came for the burst`);
	t.true(nodes.orderedSeconds.length - launched >= 8, 'no node was there for the first pods');

	const compared = await startReplicast(['compare', burst, '--reports', out, '--json', ...shortened]);
	const {figures} = JSON.parse(compared.stdout);
	t.true(Math.abs(figures.nodeHours.relativeError) < 0.2, JSON.stringify(figures.nodeHours));
});

test.serial('the cluster that it made went with it', async t => {
	t.false((await execa('kind', ['get', 'clusters'])).stdout.split('\n').includes(cluster));
});

import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {checkController} from '../../src/comparison/controller-check.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readObservedTable, readRecord} from '../../src/store/records/read-record.ts';
import {startReplicast} from '../cli/run-command.ts';

/* A file with KEDA's manifest where it cannot be fetched: KEDA_MANIFEST. */

const cluster = `replicast-keda-${process.pid}`;
const path = fileURLToPath(new URL('../../../test/cluster/fixtures/to-zero.yaml', import.meta.url));
const manifest = process.env['KEDA_MANIFEST'];
let out: string;

test.before(async () => {
	out = await mkdtemp(join(tmpdir(), 'replicast-keda-'));
});

test.after.always(async () => {
	await execa('kind', ['delete', 'cluster', '--name', cluster]);
	await rm(out, {recursive: true, force: true});
});

test('a replay goes to zero and back through KEDA, and every decision is found again', async t => {
	const keda = manifest === undefined ? [] : ['--keda', manifest];
	const words = ['replay', path, '--cluster', cluster, '--no-probe', '--out', out, ...keda];
	const {exitCode, stdout, stderr} = await startReplicast(words);
	t.log(stdout);
	t.is(exitCode, 0, stderr);
	const folder = join(out, 'to-zero', 'dynamic-0');
	const recording = await readRecord(folder);
	const [external, states, scale, podStates] = [
		(await readObservedTable(folder, 'external'))!,
		(await readObservedTable(folder, 'scaledObject'))!,
		(await readObservedTable(folder, 'scale'))!,
		await readObservedTable(folder, 'podStates'),
	];
	const replicas = [...scale.specReplicas];
	t.true(replicas.lastIndexOf(0) > replicas.findIndex(count => count > 0), 'back to zero');
	t.true(replicas.at(-1)! > 0, 'and up again');
	t.true(external.value.some(value => value > 0));
	t.is(recording.tables.requests.outcome.filter(outcome => outcome === 'failed').length, 0, 'the gateway held them');
	const recorded = {name: folder, recording, podStates, keda: {external, states, scale}};
	const check = checkController(recorded, await readExperiment(path));
	t.true(check.share! >= 0.99, JSON.stringify(check.misses));
	t.true(check.decisions > 10);
	t.notRegex((await execa('kind', ['get', 'clusters'])).stdout, new RegExp(cluster));
});

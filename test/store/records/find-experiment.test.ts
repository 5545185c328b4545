import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import test from 'ava';
import {findExperiment} from '../../../src/store/experiments/find-experiment.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {readRecord} from '../../../src/store/records/read-record.ts';

test.serial('an experiment in a folder of the shipped ones is found by its record', async t => {
	const {head} = await readRecord('reports/measured/in-flight-bench/dynamic-0');
	const found = await findExperiment(head);
	t.true(found?.path.endsWith(join('experiments', 'queue', 'in-flight.yaml')), found?.path);
	t.is(found?.experiment.hash, head.experiment.hash);
});

test.serial('an experiment in a folder of the own ones is found, one that calibrates is not taken for it', async t => {
	const workplace = await mkdtemp(join(tmpdir(), 'replicast-find-'));
	const before = process.cwd();
	t.teardown(async () => {
		process.chdir(before);
		await rm(workplace, {recursive: true});
	});
	const text = [
		'name: mine',
		'duration: 3m',
		'workload: {arrivals: {process: poisson, rate: [{at: 0s, perSecond: 0.1}]}}',
		'deployment:',
		'  replicas: 2',
		'  containers: {web: {requests: {cpu: 1, memory: 1Gi}}}',
		'  service: {distribution: constant, value: 1s}',
		'  startup: 1s',
		'autoscaler: none',
		'fixed: {replicas: 2}',
	].join('\n');
	for (const folder of ['team', 'calibration']) {
		await mkdir(join(workplace, 'experiments', folder), {recursive: true});
		await writeFile(join(workplace, 'experiments', folder, 'mine.yaml'), text);
	}

	const {head} = await readRecord('reports/measured/in-flight-bench/dynamic-0');
	process.chdir(workplace);
	const {hash, seed} = await readExperiment(join('experiments', 'team', 'mine.yaml'));
	const found = await findExperiment({...head, seed, experiment: {name: 'mine', hash}});
	t.is(found?.path, join('experiments', 'team', 'mine.yaml'));
});

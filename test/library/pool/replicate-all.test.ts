import {readFileSync} from 'node:fs';
import test from 'ava';
import type {Experiment} from '../../../src/experiment/experiment.ts';
import {type ReplicationResult, replicate} from '../../../src/forecast/replicate.ts';
import {replicateAll} from '../../../src/library/pool/replicate-all.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';

const file = new URL('../../../../test/cli/fixtures/small.yaml', import.meta.url).pathname;

const gather = async (experiments: readonly Experiment[], workers: number) => {
	const gathered: ReplicationResult[][] = [];
	for await (const results of replicateAll(experiments, {workers})) {
		gathered.push(results);
	}

	return gathered;
};

test('workers find what the main thread finds, in the order of replications', async t => {
	const experiment = await readExperiment(file, {replications: 5});
	const [results, ...others] = await gather([experiment], 2);
	const expected = Array.from({length: 5}, (_, replication) =>
		replicate(experiment, replication, {record: replication === 0}),
	);
	t.is(others.length, 0);
	t.deepEqual(results, expected);
});

test('experiments come in the order they were given, whatever the number of workers', async t => {
	const long = await readExperiment(file, {replications: 3, set: ['duration=20m']});
	const short = await readExperiment(file, {replications: 3, set: ['duration=1m']});
	const one = await gather([long, short], 1);
	const three = await gather([long, short], 3);
	t.deepEqual(
		one.map(results => results.map(({replication}) => replication)),
		[
			[0, 1, 2],
			[0, 1, 2],
		],
	);
	t.deepEqual(three, one);
});

test('only the first replication carries its recordings', async t => {
	const [results = []] = await gather([await readExperiment(file, {replications: 3})], 2);
	t.deepEqual(
		results.map(({recordings}) => recordings !== undefined),
		[true, false, false],
	);
});

test('each replication is told as it ends', async t => {
	const experiment = await readExperiment(file, {replications: 4});
	const told: string[] = [];
	for await (const _ of replicateAll([experiment, experiment], {
		workers: 2,
		onReplication: ({name}) => void told.push(name),
	})) {
		t.true(told.length >= 4);
	}

	t.is(told.length, 8);
});

test('a failure in a worker reaches the caller', async t => {
	const experiment = await readExperiment(file, {replications: 2});
	const broken = {...experiment, deployment: undefined} as unknown as Experiment;
	await t.throwsAsync(gather([experiment, broken], 2), {instanceOf: Error});
});

test('no experiments need no workers', async t => {
	t.deepEqual(await gather([], 2), []);
});

test('a worker loads the simulator alone: no YAML, no schemas, no command line', t => {
	const seen = new Set<string>();
	const packages = new Set<string>();
	const visit = (url: URL) => {
		if (seen.has(url.href)) {
			return;
		}

		seen.add(url.href);
		for (const [, specifier = ''] of readFileSync(url, 'utf8').matchAll(/\bfrom ["']([^"']+)["']/g)) {
			if (specifier.startsWith('.')) {
				visit(new URL(specifier, url));
			} else {
				packages.add(specifier);
			}
		}
	};

	visit(new URL('../../../src/library/pool/replicate-worker.js', import.meta.url));
	t.true(seen.size > 5);
	for (const heavy of ['zod', 'yaml', 'yargs', 'node:fs', 'node:fs/promises']) {
		t.false(packages.has(heavy), heavy);
	}
});

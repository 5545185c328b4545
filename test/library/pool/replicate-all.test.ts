import {readFileSync} from 'node:fs';
import test from 'ava';
import type {Experiment} from '../../../src/experiment/experiment.ts';
import {type ReplicationResult, replicate} from '../../../src/forecast/replicate.ts';
import {replicateAll} from '../../../src/library/pool/replicate-all.ts';
import {isShort} from '../../../src/library/pool/short-runs.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';

const file = new URL('../../../../test/cli/fixtures/small.yaml', import.meta.url).pathname;

const gather = async (experiments: readonly Experiment[], workers: number) => {
	const gathered: ReplicationResult[][] = [];
	for await (const results of replicateAll(experiments, {workers})) {
		gathered.push(results);
	}

	return gathered;
};

for (const [place, set] of [
	['workers', ['duration=15m']],
	['this thread', []],
] as const) {
	test(`${place}: the runs are those that are simulated one by one, in the order of replications`, async t => {
		const experiment = await readExperiment(file, {replications: 5, set});
		t.is(isShort([experiment], 0), place === 'this thread');
		const [results, ...others] = await gather([experiment], 2);
		const expected = Array.from({length: 5}, (_, replication) =>
			replicate(experiment, replication, {record: replication === 0}),
		);
		t.is(others.length, 0);
		t.deepEqual(results, expected);
	});

	test(`${place}: a failure reaches the caller`, async t => {
		const experiment = await readExperiment(file, {replications: 2, set});
		const broken = {...experiment, slo: undefined} as unknown as Experiment;
		t.is(isShort([experiment, broken], 0), place === 'this thread');
		await t.throwsAsync(gather([experiment, broken], 2), {instanceOf: Error});
	});

	test(`${place}: an end before the end stops the runs`, async t => {
		const experiment = await readExperiment(file, {replications: 20, set});
		const {signal, abort} = withAbort();
		let count = 0;
		const onReplication = () => {
			if (++count === 3) {
				abort(new Error('enough'));
			}
		};
		await t.throwsAsync(
			async () => {
				for await (const _ of replicateAll([experiment], {workers: 2, signal, onReplication})) {
					t.fail();
				}
			},
			{message: 'enough'},
		);
		const [ended] = [count, await new Promise(resolve => setTimeout(resolve, 200))];
		t.true(count < 20 && count - ended <= 4, `${ended} runs had ended, ${count} now`);
	});
}

test('the arms of a single replication are simulated at a time, with the same result', async t => {
	const experiment = await readExperiment(file, {replications: 1, set: ['duration=15m', 'fixed={replicas: 3}']});
	t.false(isShort([experiment], 0));
	const expected = [[replicate(experiment, 0, {record: true})]];
	t.deepEqual(await gather([experiment], 2), expected);
	t.deepEqual(await gather([experiment], 1), expected);

	const without = {...(await readExperiment(file, {replications: 1, set: ['duration=15m']}))};
	delete (without as {fixed?: unknown}).fixed;
	t.is((await gather([without], 2))[0]![0]!.fixed, undefined);
});

function withAbort() {
	const controller = new AbortController();
	return {signal: controller.signal, abort: (reason: Error) => controller.abort(reason)};
}

test('few requests of little work are short', async t => {
	const small = await readExperiment(file, {});
	t.true(isShort([small], 'where short'));
	t.true(isShort([], 0));
	t.false(isShort([small, small], 'where short'));
	t.true(isShort([small, small], 0));
	t.false(isShort([await readExperiment(file, {set: ['duration=1h']})], 0));
	const sloped = {
		...small.workload,
		arrivals: {...(small.workload as {arrivals: object}).arrivals, interpolation: 'linear'},
	};
	t.true(isShort([{...small, replications: 8}], 'where short'));
	t.false(isShort([{...small, replications: 8, workload: sloped as Experiment['workload']}], 'where short'));
	const users = {...small.workload, loop: 'closed', users: {count: 10}} as unknown as Experiment['workload'];
	t.true(isShort([{...small, workload: users}], 0));
	t.false(isShort([{...small, workload: users, duration: 3600}], 0));
	const engine = {...small.deployment, service: {kind: 'engine'}} as unknown as Experiment['deployment'];
	t.false(isShort([{...small, deployment: engine}], 0));
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

test('experiments are not simulated far ahead of the one whose results are taken', async t => {
	const experiment = await readExperiment(file, {replications: 1});
	const all = Array.from({length: 60}, (_, index) => ({...experiment, name: `service-${index}`}));
	const done: string[] = [];
	let taken = 0;
	for await (const results of replicateAll(all, {workers: 2, onReplication: ({name}) => void done.push(name)})) {
		t.is(results.length, 1);
		await new Promise(resolve => setTimeout(resolve, 20)); // as if they were written
		t.true(done.length <= taken + 17, `${done.length} done, ${taken} taken before`);
		taken++;
	}

	t.is(taken, 60);
	t.is(new Set(done).size, 60);
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

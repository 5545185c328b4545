import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {cpuUsage} from 'node:process';
import test from 'ava';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {readPinnedExperiment} from '../../../src/store/experiments/read-pinned.ts';
import {faultsOf, inFolder, sound} from '../scratch.ts';

const named = sound.replace(/^ {4}rate: .*$/m, '    rate: load.csv');
const table = 'seconds,perSecond\n0,0.2\n180,1.2\n';

test('a table of rates is the same experiment as its points', async t => {
	await inFolder({'inline.yaml': sound, 'file.yaml': named, 'load.csv': table}, async folder => {
		const inline = await readExperiment(join(folder, 'inline.yaml'));
		t.is((await readExperiment(join(folder, 'file.yaml'))).hash, inline.hash);
	});
});

test('a factor on the rates scales every point of a table', async t => {
	await inFolder({'file.yaml': named, 'load.csv': table}, async folder => {
		const {workload} = await readExperiment(join(folder, 'file.yaml'), {set: ['workload.arrivals.rateScale=2']});
		t.deepEqual('arrivals' in workload && 'rate' in workload.arrivals ? workload.arrivals.rate : undefined, [
			{at: 0, perSecond: 0.4},
			{at: 180, perSecond: 2.4},
		]);
	});
});

for (const [content, fault] of [
	['time,perSecond\n0,1\n', '1:1: Expected the columns seconds and perSecond, got "time, perSecond"'],
	['', '1:1: Expected the columns seconds and perSecond, got ""'],
	['seconds,perSecond\n', '1:1: Expected at least one line after the names of the columns, got none'],
	['seconds,perSecond\n0,1\n15,\n', '3:1: Expected perSecond to be a number from 0 to 1000000, got ""'],
	['seconds,perSecond\n0,-1\n', '2:1: Expected perSecond to be a number from 0 to 1000000, got "-1"'],
	['seconds,perSecond\n15,1\n15,2\n', '3:1: Expected seconds to be later than 15, the line before, got 15'],
	['seconds,perSecond\n0,1,2\n', '2:1: Expected 2 cells, got 3'],
	['seconds,perSecond\n0,"1\n', '2:1: Expected a quote to open a cell and to be closed, got one that does not'],
] as const) {
	test(`a table of rates that holds ${JSON.stringify(content)} is refused at its line`, async t => {
		t.deepEqual(await faultsOf(t, {'file.yaml': named, 'load.csv': content}), [`load.csv:${fault}`]);
	});
}

test('a table of rates that is absent is a fault of the experiment, at the key that names it', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': named}), [
		'file.yaml:7:11: Expected workload.arrivals.rate to be the path of a table of rates, got load.csv (no such file)',
	]);
});

test('a table of more requests than a run may have is refused', async t => {
	const [fault] = await faultsOf(t, {'file.yaml': named, 'load.csv': 'seconds,perSecond\n0,1000000\n'});
	t.regex(fault ?? '', /^file.yaml:7:11: Expected workload.arrivals.rate to be a curve of at most 100000000 requests/);
});

test('an experiment is pinned with the digest of its table, and is not read again from another one', async t => {
	await inFolder({'file.yaml': named, 'load.csv': table}, async folder => {
		const path = join(folder, 'file.yaml');
		const {origin, hash, ...experiment} = await readExperiment(path);
		t.deepEqual(origin?.files.at(-1)?.kind, 'Table');
		const {resolvedDigest} = await import('../../../src/experiment/experiment-hash.ts');
		const {files, set, document} = origin!;
		const provenance = {
			...{files, set, document: JSON.stringify(document), resolved: resolvedDigest({...experiment, hash})},
			replicast: {version: '0', digest: ''},
		} as never;
		t.is((await readPinnedExperiment(path, provenance)).hash, hash);
		await writeFile(join(folder, 'load.csv'), `${await readFile(join(folder, 'load.csv'), 'utf8')}240,1\n`);
		await t.throwsAsync(readPinnedExperiment(path, provenance), {
			message: /load\.csv: Expected the table that was simulated, sha256/,
		});
	});
});

test.serial('a week of rates at every 15 seconds is read within two seconds', async t => {
	const rows = Array.from({length: 40_320}, (_, index) => `${index * 15},${1 + (index % 7)}\n`);
	const week = named.replace(/^duration: .*$/m, 'duration: 7d');
	await inFolder({'file.yaml': week, 'load.csv': `seconds,perSecond\n${rows.join('')}`}, async folder => {
		const begin = cpuUsage();
		const {workload} = await readExperiment(join(folder, 'file.yaml'));
		const {user, system} = cpuUsage(begin); // of the machine's other work it says nothing
		t.true(user + system < 2e6);
		t.is('arrivals' in workload && 'rate' in workload.arrivals ? workload.arrivals.rate.length : 0, rows.length);
	});
});

test('recorded replicas are no part of the hash, and a blank cell is unknown', async t => {
	const recorded = `${sound}recorded: replicas.csv\n`;
	const files = {'plain.yaml': sound, 'file.yaml': recorded, 'replicas.csv': 'seconds,desired,current\n0,2,\n60,,3\n'};
	await inFolder(files, async folder => {
		const plain = await readExperiment(join(folder, 'plain.yaml'));
		const experiment = await readExperiment(join(folder, 'file.yaml'));
		t.is(experiment.hash, plain.hash);
		t.deepEqual(experiment.recorded, [
			{at: 0, desired: 2, current: Number.NaN},
			{at: 60, desired: Number.NaN, current: 3},
		]);
	});
	t.deepEqual(await faultsOf(t, {'file.yaml': recorded, 'replicas.csv': 'seconds,desired,current\n0,two,2\n'}), [
		'replicas.csv:2:1: Expected desired to be a number from 0 to 1000000, or blank, got "two"',
	]);
});

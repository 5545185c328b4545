import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {folderStore} from '../../src/cluster/jobs/pod/folder-store.ts';
import {readShardRecord, shardRecord} from '../../src/cluster/jobs/pod/shard-record.ts';
import {readStored, seal, shardsOf, storedForm, unseal, type WorkUnit} from '../../src/cluster/jobs/pod/shard-work.ts';
import {type CandidateFigures, figureNames} from '../../src/tune/figures.ts';

const identity = {setup: 'a'.repeat(64), batch: 'b'.repeat(64), shard: 2};
const units: WorkUnit[] = [
	{candidate: 'c0ffee', replication: 1_000_000},
	{candidate: 'c0ffee', replication: 1_000_001},
];
const doubles = fc.double({noNaN: true, noDefaultInfinity: true}).map(value => value + 0);
const figures = fc
	.tuple(...figureNames.map(() => doubles))
	.map(values => Object.fromEntries(figureNames.map((name, index) => [name, values[index]!])) as CandidateFigures);
const one = Object.fromEntries(figureNames.map((name, index) => [name, index / 3])) as CandidateFigures;

test('a record holds figures to the last bit', t => {
	fc.assert(
		fc.property(figures, figures, (first, second) => {
			const text = shardRecord(identity, units, [first, second]);
			t.deepEqual(readShardRecord('record', text, {identity, units}), [first, second]);
		}),
		{numRuns: 50},
	);
});

test('a record with any character changed, or cut anywhere, is refused', t => {
	const text = shardRecord(identity, units, [one, one]);
	for (let at = 0; at < text.length; at++) {
		const other = text[at] === '7' ? '8' : '7';
		t.throws(() => readShardRecord('record', text.slice(0, at) + other + text.slice(at + 1), {identity, units}));
		t.throws(() => readShardRecord('record', text.slice(0, at), {identity, units}));
	}
});

test('a whole record of other work is refused', t => {
	const text = shardRecord(identity, units, [one, one]);
	for (const other of [{setup: 'c'}, {batch: 'c'}, {shard: 3}]) {
		t.throws(() => readShardRecord('record', text, {identity: {...identity, ...other}, units}), {
			message: /^Expected record to be the record of shard \d, got one of other work$/,
		});
	}
});

test('what is sealed comes back, whatever stands in it', t => {
	for (const text of ['', 'a\nb\n', `x\nsha256:${'0'.repeat(64)}`]) {
		t.is(unseal('it', seal(text)), text);
	}

	t.throws(() => unseal('it', ''), {message: /^Expected it to be whole, got 0 characters/});
});

test('what JSON has no form for is stored without loss', t => {
	const value = {forever: Number.POSITIVE_INFINITY, none: undefined, zero: -0, times: new Float64Array([0.1, 2])};
	const {text, digest} = storedForm(value as never);
	t.deepEqual(readStored('it', text), {value: value as never, digest});
});

test('shards are of equal size, hold every unit in its order, and none is empty', t => {
	fc.assert(
		fc.property(fc.integer({min: 0, max: 200}), fc.integer({min: 1, max: 50}), (count, most) => {
			const all = Array.from({length: count}, (_, index) => index);
			const shards = shardsOf(all, most);
			const sizes = shards.map(({length}) => length);
			t.deepEqual(shards.flat(), all);
			t.is(shards.length, Math.min(count, most));
			t.true(count === 0 || Math.max(...sizes) - Math.min(...sizes) <= 1);
		}),
	);
});

test('a folder holds whole texts, leaves nothing aside, and stays in its place', async t => {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-store-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	const store = folderStore(folder);
	t.is(await store.get('0001/work'), undefined);
	await store.put('0001/work', 'one');
	await store.put('0001/work', 'two');
	t.is(await store.get('0001/work'), 'two');
	t.deepEqual(await readdir(join(folder, '0001')), ['work']);
	await t.throwsAsync(async () => store.put('../out', ''), {message: /^Expected the name of an object/});
});

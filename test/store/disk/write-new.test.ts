import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {moveNewIntoPlace, refusePresent, writeNewFiles} from '../../../src/store/disk/write-new.ts';
import {inFolder} from '../scratch.ts';

const files = {'models/a.yaml': 'a', 'b.yaml': 'b'};

test('files are written where none is, and those that are there with the same content stay', async t => {
	await inFolder({'models/a.yaml': 'a'}, async folder => {
		writeNewFiles(folder, files);
		t.is(readFileSync(join(folder, 'models', 'a.yaml'), 'utf8'), 'a');
		t.is(readFileSync(join(folder, 'b.yaml'), 'utf8'), 'b');
		t.deepEqual(readdirSync(folder).sort(), ['b.yaml', 'models']);
	});
});

test('a file with other content, or a folder in its place, is refused before anything is written', async t => {
	for (const [given, kind] of [
		[{'b.yaml': 'mine'}, 'a file'],
		[{'b.yaml/c': 'mine'}, 'a folder'],
	] as const) {
		await inFolder(given, async folder => {
			const path = join(folder, 'b.yaml');
			t.throws(() => writeNewFiles(folder, files), {
				name: 'UserError',
				message: `Expected ${path} to be absent, as nothing is overwritten, got ${kind}`,
			});
			t.deepEqual(readdirSync(folder), ['b.yaml']);
		});
	}
});

test('a folder is the same where it has the same files alone', async t => {
	for (const [there, isSame] of [
		[{'record/one': '1', 'record/two': '2'}, true],
		[{'record/one': '1'}, false],
		[{'record/one': '1', 'record/two': 'other'}, false],
		[{'record/one': '1', 'record/two/three': '2'}, false],
		[{record: 'a file'}, false],
	] as const) {
		await inFolder(there, async folder => {
			const aside = join(folder, 'aside');
			const fresh = join(aside, 'fresh', 'record');
			mkdirSync(fresh, {recursive: true});
			writeFileSync(join(fresh, 'one'), '1');
			writeFileSync(join(fresh, 'two'), '2');
			const move = () => moveNewIntoPlace(join(aside, 'fresh'), folder, {names: ['record'], aside, advice: ': go'});
			if (isSame) {
				t.notThrows(move);
			} else {
				t.throws(move, {message: /record to be absent, .*: go$/});
			}

			t.true(existsSync(fresh), 'nothing is moved');
		});
	}
});

test('what is there is refused, what is not is not', async t => {
	await inFolder({a: ''}, async folder => {
		t.throws(() => refusePresent(join(folder, 'a')), {message: /to be absent, .* got a file$/});
		t.notThrows(() => refusePresent(join(folder, 'b')));
	});
});

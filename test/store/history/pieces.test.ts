import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type PieceKey, pieceName, readPiece, removeOtherPieces, writePiece} from '../../../src/store/history/pieces.ts';

const key: PieceKey = {source: 'http://host', query: 'up', start: 900, stepSeconds: 15, steps: 3};
const series = [
	{labels: {pod: 'a\n"b'}, values: Float64Array.of(1, Number.NaN, -0.5)},
	{labels: {__proto__: 'c'}, values: Float64Array.of(4, 5, 6)},
];

test('a piece is read back for its own question only', t => {
	const folder = mkdtempSync(join(tmpdir(), 'pieces-'));
	t.teardown(() => rmSync(folder, {recursive: true}));
	t.is(readPiece(folder, key), undefined);
	writePiece(folder, key, series);
	const read = readPiece(folder, key)!;
	t.deepEqual(
		read.map(({values}) => values),
		series.map(({values}) => values),
	);
	t.is(read[0]!.labels['pod'], 'a\n"b');
	for (const other of [{source: 'http://other'}, {query: 'down'}, {start: 915}, {stepSeconds: 30}, {steps: 2}]) {
		t.is(readPiece(folder, {...key, ...other}), undefined);
	}

	writePiece(folder, {...key, query: 'none'}, []);
	t.deepEqual(readPiece(folder, {...key, query: 'none'}), []);
	removeOtherPieces(folder, new Set([pieceName(key)]));
	t.deepEqual(readdirSync(folder), [pieceName(key)]);
});

test('a piece of which a byte is missing or another one is none', t => {
	const folder = mkdtempSync(join(tmpdir(), 'pieces-'));
	t.teardown(() => rmSync(folder, {recursive: true}));
	writePiece(folder, key, series);
	const path = join(folder, pieceName(key));
	const whole = readFileSync(path);
	for (let length = 0; length < whole.length; length += 7) {
		writeFileSync(path, whole.subarray(0, length));
		t.is(readPiece(folder, key), undefined, `${length} bytes`);
	}

	const flipped = Buffer.from(whole);
	flipped[whole.length - 3]! ^= 1;
	writeFileSync(path, flipped);
	t.is(readPiece(folder, key), undefined);
	writeFileSync(path, whole);
	t.is(readPiece(folder, key)?.length, 2);
});

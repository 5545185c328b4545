import test from 'ava';
import {parquetWriteBuffer} from 'hyparquet-writer';
import {double, int32, text} from '../../src/records/column.ts';
import {decodeTable} from '../../src/store/records/parquet.ts';
import {
	type ColumnBytes,
	dataPage,
	dictionaryPage,
	longFooter,
	parquetFile,
	plainDoubles,
	plainTexts,
	varint,
} from './parquet-bytes.ts';

/* A few bytes claim billions of values: they are refused before room is made for them. */

const types = {pod: text, seconds: double};
const seconds: ColumnBytes = {name: 'seconds', type: 'DOUBLE', pages: [dataPage(1, 0, plainDoubles(7))]};
const dictionary = dictionaryPage(1, plainTexts('p'));
const bytes = (...values: number[]) => Uint8Array.from(values);
const indices = (...runs: readonly Uint8Array[]) => new Uint8Array(Buffer.concat([bytes(1), ...runs]));
const withPod = (pages: readonly Uint8Array[], rows = 1, codec = 0) =>
	parquetFile([{name: 'pod', type: 'STRING', pages, codec}, seconds], rows);
const bufferOf = (file: Uint8Array) => file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer;

test('plain and dictionary pages are read', async t => {
	for (const page of [[dataPage(1, 0, plainTexts('p'))], [dictionary, dataPage(1, 8, indices(varint(2), bytes(0)))]]) {
		const columns = await decodeTable(bufferOf(withPod(page)), types);
		t.deepEqual(columns, {pod: ['p'], seconds: Float64Array.of(7)});
	}
});

test('what a writer makes is read: long, compressed, with few and many values, where there could be nulls', async t => {
	const length = 30_000;
	for (const nullable of [false, true]) {
		const data = {
			pod: Array.from({length}, (_, row) => `pod-${row % 7}`),
			other: Array.from({length}, (_, row) => `unlike ${row}`),
			seconds: Float64Array.from({length}, (_, row) => row / 3),
			few: Int32Array.from({length}, (_, row) => Math.floor(row / 1000)),
		};
		const forms = {pod: text, other: text, seconds: double, few: int32};
		const columnData = Object.entries(forms).map(([name, {type}]) => ({
			name,
			type,
			data: data[name as keyof typeof data],
			nullable,
		}));
		const columns = await decodeTable(parquetWriteBuffer({columnData, rowGroupSize: 7000, pageSize: 5000}), forms);
		t.deepEqual(columns, data);
	}
});

const refuses = test.macro({
	async exec(t, file: Uint8Array, message: RegExp) {
		const [start, before] = [performance.now(), process.memoryUsage.rss()];
		const error = await t.throwsAsync(decodeTable(bufferOf(file), types));
		t.regex(error!.message, message);
		t.true(performance.now() - start < 2000);
		t.true(process.memoryUsage.rss() - before < 2 ** 28);
	},
	title: (title = '') => `refuses ${title}`,
});

test(
	'a run of 2^30 values',
	refuses,
	withPod([dictionary, dataPage(1, 8, indices(varint(2 ** 31), bytes(0)))]),
	/a run of 1073741824 values/,
);
test(
	'2^27 groups of 8',
	refuses,
	withPod([dictionary, dataPage(1, 8, indices(varint(2 ** 28 + 1), new Uint8Array(16)))]),
	/a run of 1073741824 values/,
);
test(
	'2^31 − 1 values of no width',
	refuses,
	withPod([dictionary, dataPage(2 ** 31 - 1, 8, bytes(0))]),
	/2147483647 values in column pod/,
);
test(
	'2^31 − 1 plain texts',
	refuses,
	withPod([dataPage(2 ** 31 - 1, 0, plainTexts('p'))]),
	/2147483647 values in column pod/,
);
test(
	'a dictionary of 2^31 − 1 texts',
	refuses,
	withPod([dictionaryPage(2 ** 31 - 1, plainTexts('p'))]),
	/2147483647 values/,
);
test('20 million rows', refuses, withPod([dictionary, dataPage(20_000_000, 8, bytes(0))], 20_000_000), /20000000 rows/);
test(
	'fewer values than rows',
	refuses,
	withPod([dataPage(1, 0, plainTexts('p'))], 1_000_000),
	/1 values in column pod, where 1000000/,
);
test(
	'2 GB that are said to be packed',
	refuses,
	withPod([dataPage(1, 0, bytes(0xff, 0xff, 0xff, 0xff, 7, 0), 2 ** 31 - 1)], 1, 1),
	/longer than its part/,
);
test(
	'an encoding that no record has',
	refuses,
	withPod([dataPage(1, 6, bytes(0x80, 1, 4, 0, 0))]),
	/encoding DELTA_LENGTH_BYTE_ARRAY/,
);
test(
	'a column that is there twice',
	refuses,
	parquetFile(
		[{...seconds, name: 'pod', type: 'STRING', pages: [dataPage(1, 0, plainTexts('p'))]}, seconds, seconds],
		1,
	),
	/column seconds is not there once/,
);
test('a footer of 60 MB', refuses, longFooter(60_000_000), /a footer of 60000\d+ bytes/);

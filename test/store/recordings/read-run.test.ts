import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {listRuns} from '../../../src/store/recordings/list-runs.ts';
import {RecordingReader} from '../../../src/store/recordings/read-run.ts';
import {folderOf, smallRecordings} from './make-recordings.ts';

type Files = Readonly<Record<string, string | undefined>>;

async function readAll(t: ExecutionContext, changes: Files = {}) {
	const folder = await folderOf(t, {...smallRecordings, ...changes});
	const reader = new RecordingReader();
	const listed = await listRuns(folder);
	return Promise.all(listed.map(async run => reader.read(run)));
}

async function refusal(t: ExecutionContext, changes: Files) {
	const error = await t.throwsAsync(readAll(t, changes), {name: 'UserError'});
	t.false(error.message.includes('\n'), error.message);
	return error.message.replace(/^.*\/(?=runs\.csv|replicas\/|workloads\/|runs\/)/, '');
}

const inRuns = (text: string) => ({
	'runs.csv': 'set,run,workload\nplain,a,load\n',
	'runs/a/replicas.csv': text,
});

test('a folder with replicas/ is read, compressed or not', async t => {
	const [one, two] = await readAll(t);
	t.like(one, {set: 'steady', run: 'one', untilSeconds: 200, faults: [], stretch: 1.1});
	t.deepEqual(one!.lines.desired, [
		[0.5, 1],
		[60, 2],
		[150, 1],
	]);
	t.deepEqual(one!.cpuPercent, [
		[0.5, 0],
		[60, 99],
	]);
	t.deepEqual(two!.cpuPercent, []);
	t.is(two!.workload, one!.workload);
});

test('a folder with runs/NAME/replicas.csv is read, also inside a folder of folders', async t => {
	const folder = await folderOf(t, {
		'mine/runs.csv': 'set,run,workload\nplain,a,load\n',
		'mine/runs/a/replicas.csv': 'seconds,specReplicas,readyReplicas\n-3,1,1\n5,2,1\n10,2,2\n',
		'mine/workloads/load.csv': 'seconds,perSecond,users\n0,2,4\n30,5,11\n',
	});
	const listed = await listRuns(folder);
	const run = await new RecordingReader().read(listed[0]!);
	t.like(run, {set: 'plain', untilSeconds: 10, stretch: undefined});
	t.deepEqual(run.lines.ready, [
		[-3, 1],
		[10, 2],
	]);
	t.deepEqual(run.workload, {
		kind: 'rate',
		points: [
			{seconds: 0, perSecond: 2, users: 4},
			{seconds: 30, perSecond: 5, users: 11},
		],
	});
});

test('response times of the table of runs are read where both are there', async t => {
	const responses = async (cells: string) => {
		const table = `set,run,workload,meanResponseMs,p95\nplain,a,load,${cells}\n`;
		const [run] = await readAll(t, {...inRuns('seconds,specReplicas\n0,1\n5,2\n'), 'runs.csv': table});
		return run!.responses;
	};
	t.deepEqual(await responses('1250,4000'), {mean: 1.25, p95: 4});
	t.is(await responses('1250,'), undefined);
	t.is((await readAll(t))[0]!.responses, undefined);
});

test('a folder that lacks a file or a column is refused in one line with its place', async t => {
	t.regex(
		await refusal(t, {'replicas/two.csv': undefined}),
		/^runs\.csv:3:1: Expected a file replicas\/two\.csv beside it, got no such file$/,
	);
	t.regex(await refusal(t, {'workloads/load.csv': undefined}), /^runs\.csv:2:1: Expected a file workloads\/load\.csv/);
	t.regex(
		await refusal(t, {'runs.csv': 'set,run\na,b\n'}),
		/^runs\.csv:1:1: Expected a column workload, got the columns set, run$/,
	);
	t.regex(
		await refusal(t, {'replicas/two.csv': 'seconds,replicas\n1,1\n'}),
		/^replicas\/two\.csv:1:1: Expected a column desiredReplicas or specReplicas, got the columns seconds, replicas$/,
	);
	t.regex(await refusal(t, {'replicas/two.csv': 'desiredReplicas\n1\n'}), /Expected a column seconds/);
	t.regex(
		await refusal(t, {'workloads/load.csv': 'when\n1\n'}),
		/^workloads\/load\.csv:1:1: Expected columns atSeconds/,
	);
	t.regex(await refusal(t, {'replicas/two.csv': ''}), /got the columns of an empty file$/);
	t.regex(await refusal(t, {'replicas/two.csv': 'seconds,desiredReplicas\n'}), /Expected a row with a time/);
	t.regex(
		await refusal(t, {'replicas/two.csv': 'seconds,desiredReplicas\n1,one\n'}),
		/two\.csv:2:1: Expected desiredReplicas to be a number, got "one"/,
	);
	t.regex(
		await refusal(t, {'replicas/two.csv': 'seconds,desiredReplicas\n1,-1\n'}),
		/to be a number of replicas, got -1/,
	);
	t.regex(
		await refusal(t, {'replicas/two.csv': 'seconds,desiredReplicas\n1\n'}),
		/two\.csv:2:1: Expected 2 cells, got 1/,
	);
	t.regex(
		await refusal(t, {'workloads/load.csv': 'atSeconds,serviceSeconds\n2,1\n1,1\n'}),
		/load\.csv:3:1: Expected atSeconds in ascending order/,
	);
	t.regex(await refusal(t, {'runs.csv': 'set,run,workload\n../x,a,load.csv\n'}), /Expected set to be a name/);
	t.regex(
		await refusal(t, {'runs.csv': `${smallRecordings['runs.csv']}steady,one,one.csv.gz,load.csv,1,1,1\n`}),
		/Expected a run once, got steady\/one twice/,
	);
});

test('numbers of runs.csv that are none, and tables without a row after time 0 or with a row out of all time, are refused', async t => {
	const heads = 'set,run,workload,recordedSeconds,meanResponseMs,p95';
	const ofCells = async (cells: string) =>
		refusal(t, {...inRuns('seconds,specReplicas\n0,1\n5,2\n'), 'runs.csv': `${heads}\nplain,a,load,${cells}\n`});
	t.regex(
		await ofCells('soon,1,1'),
		/^runs\.csv:2:1: Expected recordedSeconds to be empty or a number .*, got "soon"$/,
	);
	t.regex(await ofCells('-5,1,1'), /^runs\.csv:2:1: Expected recordedSeconds /);
	t.regex(await ofCells(',fast,1'), /^runs\.csv:2:1: Expected meanResponseMs .*, got "fast"$/);
	t.regex(await ofCells(',1,Infinity'), /^runs\.csv:2:1: Expected p95 /);
	const place = /^runs\/a\/replicas\.csv:/;
	const early = await refusal(t, inRuns('seconds,specReplicas\n-9,1\n0,1\n'));
	t.regex(early, place);
	t.regex(early, /:1:1: Expected rows after time 0, or recordedSeconds in runs\.csv, got rows until 0 s$/);
	t.regex(
		await refusal(t, inRuns('seconds,specReplicas\n0,1\n5,1\n1e300,1\n')),
		/replicas\.csv:4:1: Expected seconds within a year of time 0, got 1e\+300$/,
	);
});

test('a folder without recordings is refused', async t => {
	const folder = await folderOf(t, {});
	await t.throwsAsync(listRuns(folder), {
		message: /Expected a folder of recordings, got neither runs\.csv nor a folder with one$/,
	});
	await t.throwsAsync(listRuns(join(folder, 'none')), {message: /got no such folder$/});
});

const faultsOf = async (t: ExecutionContext, text: string) => {
	const [run] = await readAll(t, inRuns(text));
	return {faults: run!.faults, line: run!.lines.desired};
};

test('gaps, samplers that began again, rows without a time or a count and pods that are Ready beyond the desired ones are read and named', async t => {
	const regular = Array.from({length: 12}, (_, row) => `${row * 5},1,1`);
	const table = (rows: readonly string[]) => `seconds,specReplicas,readyReplicas\n${rows.join('\n')}\n`;
	t.deepEqual((await faultsOf(t, table(regular))).faults, []);
	t.deepEqual((await faultsOf(t, table([...regular, '120,2,2']))).faults, ['a gap of 65 s from 55 s on']);
	t.deepEqual((await faultsOf(t, table([...regular, '60,1,2', '65,1,3']))).faults, [
		'2 rows have more pods Ready than desired',
	]);
	const again = await faultsOf(
		t,
		table([...regular, ...Array.from({length: 40}, (_, row) => `${60 + row * 5},1,1`), '0,7,7', '5,7,7']),
	);
	t.regex(
		again.faults[0]!,
		/^the sampler started again after 255 s with a clock of its own: the 2 rows after that are left out$/,
	);
	t.deepEqual(again.line, [[0, 1]]);
	const repeated = await faultsOf(t, table([...regular, 'seconds,specReplicas,readyReplicas', '60,2,2']));
	t.deepEqual(repeated.faults, ['the sampler started again once and repeated its head']);
	t.deepEqual(repeated.line!.at(-1), [60, 2]);
	const mixed = await faultsOf(t, table(['0,1,1', '10,2,2', '5,1,1', ',9,9', '15,,2']));
	t.deepEqual(mixed.faults, [
		'one row has no time and is left out',
		'one row is earlier than the row before: rows are sorted by time',
	]);
	t.deepEqual(mixed.line, [
		[0, 1],
		[10, 2],
	]);
});

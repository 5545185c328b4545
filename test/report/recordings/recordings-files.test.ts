import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {scoreRun} from '../../../src/comparison/recordings/score-run.ts';
import {setScores} from '../../../src/comparison/recordings/set-scores.ts';
import {writeRecordings} from '../../../src/library/recordings/write-recordings.ts';
import type {Timeline} from '../../../src/records/replica-line.ts';
import {drawnRuns, recordingChart} from '../../../src/report/recordings/recording-charts.ts';
import {recordingsReport} from '../../../src/report/recordings/recordings-report.ts';
import {reportText} from '../../../src/report/text/report.ts';
import {folderOf} from '../../store/recordings/make-recordings.ts';

const recorded: Timeline = [
	[-4, 2],
	[40, 4],
];

const judged = (run: string, level: number) => ({
	...{set: 'mine', run, recorded, untilSeconds: 100, faults: run === 'c' ? ['a gap of 65 s from 55 s on'] : []},
	...{isFitted: run === 'a', autoscaler: ''},
	score: scoreRun([[[0, level]], [[0, level]]], recorded, {from: 0, to: 100}),
	baselines: {naive: 1},
	offered: [[0, 3]] as Timeline,
});

const runs = [judged('a', 3), judged('b', 9), judged('c', 5), judged('d', 4)];
const result = {
	replications: 2,
	skipped: ['theirs'],
	sets: [
		{
			...{runs, pairs: [], settingsFile: 'mine.yaml', frozen: '2026-11-28'},
			scores: setScores('mine', runs, []),
			leftOut: [{run: 'e', because: 'It ran on another cluster.'}],
			...{arms: [], assumed: ['The queue has a made-up name.'], unnamed: ['a.yaml']},
			ladder: [{replicaError: 2}, {fact: 'It waits.', replicaError: 1.5}],
		},
	],
};

test('the best, the median and the worst recording are drawn, each once', t => {
	const names = (some: readonly (typeof runs)[number][]) =>
		drawnRuns(some).map(({place, run}) => `${place} ${run.run}`);
	t.deepEqual(names(runs), ['best d', 'median a', 'worst b']);
	t.deepEqual(names(runs.slice(0, 1)), ['best a']);
	t.deepEqual(names([]), []);
});

test('a chart has the band, the recorded line from time 0 on and the offered load', t => {
	const {data, title} = recordingChart(runs[0]!, 'best');
	t.is(title, 'mine: best of its forecasts');
	t.deepEqual([...new Set(data.map(({series}) => series))], ['offered load', 'forecast', 'recorded']);
	const drawn = data.filter(({series}) => series === 'recorded').map(({seconds, replicas}) => [seconds, replicas]);
	t.deepEqual(drawn, [
		[0, 2],
		[40, 4],
		[100, 4],
	]);
});

test('the report begins with the errors and names the facts, the sets without settings and the faults', t => {
	const text = reportText(recordingsReport(result));
	const [, first] = text.split('\n');
	t.regex(first!, /^mine: 2\.\d\d replicas off on average over 4 recordings/);
	for (const words of [
		'It waits.',
		'-0.50',
		'theirs',
		'It ran on another cluster.',
		'mine: The queue has a made-up name.',
		'mine/c: a gap of 65 s from 55 s on.',
		'on the 1',
	]) {
		t.true(text.replaceAll(/\s+/g, ' ').includes(words), words);
	}
});

test('a ladder has the errors on the recordings that the fit never saw beside those on all', t => {
	const row = (ladder: readonly object[]) => {
		const sets = [{...result.sets[0]!, ladder: ladder as (typeof result.sets)[0]['ladder']}];
		const {sections} = recordingsReport({...result, sets});
		return sections.find(({heading}) => heading === 'Facts found for mine')!.rows!;
	};
	t.deepEqual(row(result.sets[0]!.ladder), [
		['Fact laid over those above', 'Replicas off', 'Change'],
		['The published settings alone', '2.00', ''],
		['It waits.', '1.50', '-0.50'],
	]);
	const unseen = [
		{replicaError: 2, unseenReplicaError: 3},
		{fact: 'It waits.', replicaError: 1.5, unseenReplicaError: 3.25},
	];
	t.deepEqual(row(unseen), [
		['Fact laid over those above', 'Replicas off', 'Change', 'On those the fit never saw', 'Change'],
		['The published settings alone', '2.00', '', '3.00', ''],
		['It waits.', '1.50', '-0.50', '3.25', '+0.25'],
	]);
});

test('a page, all figures, a row a recording and the charts are written', async t => {
	const out = join(await folderOf(t, {}), 'out');
	await writeRecordings(out, result);
	t.deepEqual((await readdir(out)).sort(), [
		...['README.md', 'mine-best.png', 'mine-best.svg', 'mine-median.png', 'mine-median.svg', 'mine-worst.png'],
		...['mine-worst.svg', 'recordings.csv', 'recordings.json'],
	]);
	const {sets} = JSON.parse(await readFile(join(out, 'recordings.json'), 'utf8'));
	t.is(sets[0].recordings.length, 4);
	t.is(sets[0].recordings[1].replicaError, 5.8);
	const rows = (await readFile(join(out, 'recordings.csv'), 'utf8')).trim().split('\n');
	t.is(rows.length, 5);
	t.true(rows[1]!.startsWith('mine,a,yes,3.2,1,'), rows[1]);
	t.true((await readFile(join(out, 'README.md'), 'utf8')).includes('](mine-worst.png)'));
});

test('the answer says how far off the forecast is on recordings that the fit never saw', t => {
	const answer = (some: typeof runs) => {
		const sets = [{...result.sets[0]!, runs: some, scores: setScores('mine', some, [])}];
		return recordingsReport({...result, sets}).answer![0]!;
	};
	// b, c and d: 5.8, 1.8 and 0.8 replicas off.
	t.regex(answer(runs), /; 2\.80 on the 3 that the fit never saw\), pod-hours/);
	t.regex(answer(runs.slice(0, 1)), /; the fit read them all, so they do not judge it\), pod-hours/);
	t.notRegex(answer(runs.slice(1)), /fit/);
});

test('recordings under two autoscalers that the settings do not tell apart are warned of', t => {
	t.deepEqual(recordingsReport(result).warnings, []);
	const sets = [{...result.sets[0]!, unnamed: ['a.yaml', 'b.yaml']}];
	t.regex(
		recordingsReport({...result, sets}).warnings![0]!,
		/^mine: a\.yaml and b\.yaml were forecast under the same autoscaler, .*where: \{hpa: b\.yaml\}/,
	);
});

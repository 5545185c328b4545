import {copyFile, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {meanMetricAge} from '../../../src/calibration/recordings/metric-age.ts';
import type {SettingEstimate} from '../../../src/calibration/recordings/setting-estimate.ts';
import {calibrate} from '../../../src/library/calibrate.ts';
import {forecastLines} from '../../../src/library/pool/line-worker.ts';
import {calibrateRecordings} from '../../../src/library/recordings/calibrate-recordings.ts';
import {validateRecordings} from '../../../src/library/recordings/validate-recordings.ts';
import {importRecording} from '../../../src/library/records.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {findRecordings} from '../../../src/store/recordings/find-recordings.ts';
import {readSettings} from '../../../src/store/recordings/read-settings.ts';
import {folderOf} from '../../store/recordings/make-recordings.ts';
import {waveRecordings, wavesSettings} from './synthetic-recordings.ts';

const common = {replications: 2, workers: 2};

async function fitted(t: ExecutionContext, folder: string, paths: readonly string[] = [folder]) {
	t.timeout(300_000);
	const out = join(folder, 'fitted.yaml');
	return calibrateRecordings(paths, {...common, settings: join(folder, 'start.yaml'), out});
}

function within(
	{low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY}: Pick<SettingEstimate, 'low' | 'high'>,
	truth: number,
): boolean {
	return low <= truth && truth <= high;
}

const truths = [
	{syncPeriod: 15, downscaleStabilization: 60},
	{syncPeriod: 30, downscaleStabilization: 120},
	{syncPeriod: 90, downscaleStabilization: 0},
];

for (const {syncPeriod, downscaleStabilization} of truths) {
	test(`a fit finds a period of ${syncPeriod} s and a window of ${downscaleStabilization} s`, async t => {
		const truth = `  controller: {syncPeriod: ${syncPeriod}s, downscaleStabilization: ${downscaleStabilization}s}\n`;
		const folder = await waveRecordings(t, {truth, runs: 3, seconds: 1800, rates: [0.5, 6]});
		const {estimates, metricAge, replicaError} = await fitted(t, folder);
		const of = (key: string) => estimates.find(({parameter}) => parameter.key === key)!;
		const state = estimates.map(({parameter: {key}, low, high, value}) => `${key} ${low} ${high} ${value}`).join(', ');
		t.true(of('syncPeriod').isIdentified && within(of('syncPeriod'), syncPeriod), state);
		t.is(of('syncPeriod').value, syncPeriod, state);
		t.true(
			of('downscaleStabilization').isIdentified && within(of('downscaleStabilization'), downscaleStabilization),
			state,
		);
		t.true(within(of('scrapePeriod'), 15), state);
		const {metrics} = await readExperiment('experiments/ramp.yaml'); // the shipped ones, as the recordings were made
		t.true(metrics !== 'ideal' && within(metricAge!, meanMetricAge(metrics)), JSON.stringify(metricAge));
		t.true(within(of('target'), 60) && within(of('tolerance'), 0.1) && within(of('startup'), 6), state);
		t.true(replicaError.fitted < replicaError.start, `${JSON.stringify(replicaError)}`);
	});
}

test('a load that one pod serves shows nothing of the autoscaler, and the settings stay as they are', async t => {
	const folder = await waveRecordings(t, {truth: '', runs: 2, seconds: 1200, rates: [0.05, 0.08]});
	const {estimates, recordings} = await fitted(t, folder);
	const of = (key: string) => estimates.find(({parameter}) => parameter.key === key)!;
	for (const key of ['syncPeriod', 'downscaleStabilization', 'tolerance', 'startup', 'youngPods']) {
		t.false(of(key).isIdentified, key);
	}

	t.true(estimates.every(({value, parameter}) => value === parameter.start));
	t.true(recordings.every(({phase}) => phase === undefined));
	const {settings} = await readSettings(join(folder, 'fitted.yaml'));
	t.deepEqual(settings.fitted!.found, []);
	t.true(settings.fitted!.unknown!.includes('The tolerance: as before, 0.1.'), settings.fitted!.unknown!.join(' '));
});

test('a fit opens no file of a recording that is not named, and validate marks the ones that it read', async t => {
	const truth = '  controller: {syncPeriod: 30s}\n';
	const folder = await waveRecordings(t, {truth, runs: 2, seconds: 1200, rates: [0.5, 4]});
	const [own, judged] = ['run0', 'run1'].map(run => join(folder, 'runs', run, 'replicas.csv'));
	const replicas = await readFile(judged!, 'utf8');
	const load = await readFile(join(folder, 'workloads', 'load1.csv'), 'utf8');
	await writeFile(judged!, 'no table at all');
	await writeFile(join(folder, 'workloads', 'load1.csv'), 'neither is this');
	const named = await findRecordings(join(folder, 'waves', 'run0'));
	await rm(judged!);
	t.deepEqual(await findRecordings(join(folder, 'waves', 'run0')), named, 'the file of another need not be there');
	await t.throwsAsync(findRecordings(join(folder, 'waves')), {
		message: /runs\.csv:3:1: Expected a file runs\/run1\/replicas\.csv beside it, got no such file$/,
	});
	await writeFile(judged!, 'no table at all');
	const out = join(folder, 'fitted.yaml');
	const {opened, recordings} = await fitted(t, folder, [join(folder, 'waves', 'run0')]);
	t.deepEqual(opened.toSorted(), [own, join(folder, 'workloads', 'load0.csv')].toSorted());
	t.deepEqual(
		recordings.map(({name}) => name),
		['waves/run0'],
	);
	const judging = {replications: 2, workers: 1, settings: out, sets: ['waves']};
	await t.throwsAsync(validateRecordings(folder, judging), {message: /Expected (?:a column|columns)/});
	await writeFile(join(folder, 'workloads', 'load1.csv'), load);
	await writeFile(judged!, replicas);
	const seenIn = async () => {
		const {sets} = await validateRecordings(folder, judging);
		return sets[0]!.runs.map(({run, isFitted}) => [run, isFitted]);
	};
	t.deepEqual(await seenIn(), [
		['run0', true],
		['run1', false],
	]);
	// A copy of what the fit read under another name is no new recording.
	await copyFile(own!, judged!);
	t.deepEqual(await seenIn(), [
		['run0', true],
		['run1', true],
	]);
});

const serving = `name: steps
duration: 30m
workload:
  arrivals: {process: poisson, rate: [{at: 0s, perSecond: 1}, {at: 4m, perSecond: 5}, {at: 12m, perSecond: 2}, {at: 20m, perSecond: 6}]}
  requests: {promptTokens: {distribution: constant, value: 1}, outputTokens: {distribution: constant, value: 1}}
  timeout: 5m
deployment:
  containers: {app: {requests: {cpu: 200m}, limits: {cpu: 200m}}}
  llm: {threads: 1}
  service: {distribution: exponential, mean: 800ms}
  startup: 6s
autoscaler:
  minReplicas: 1
  maxReplicas: 8
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
`;

test('records of replicas alone are fitted with the experiment that they are of', async t => {
	t.timeout(300_000);
	const folder = await folderOf(t, {'experiment.yaml': serving});
	const [experiment, table, record, out] = ['experiment.yaml', 'hpa.csv', 'record', 'fitted.yaml'].map(name =>
		join(folder, name),
	);
	const [line] = forecastLines({
		...{experiment: await readExperiment(experiment!, {set: ['controller={syncPeriod: 60s}']}), replications: 1},
		...{lead: 0, first: 500},
	}).replicas;
	const rows = Array.from({length: 361}, (_, row) => `${5 * row},${line!.findLast(([at]) => at <= 5 * row)![1]}`);
	await writeFile(table!, ['seconds,replicas', ...rows].join('\n'));
	await importRecording(table!, {out: record!, experiment: experiment!, start: '0'});
	const result = await calibrateRecordings([record!], {...common, experiment: experiment!, out: out!});
	const period = result.estimates.find(({parameter}) => parameter.key === 'syncPeriod')!;
	t.true(within(period, 60), `${period.low} ${period.high}`);
	t.like(result, {name: 'steps', startFile: experiment});
	const {settings} = await readSettings(out!);
	t.deepEqual(settings.fitted!.on, [record]);
});

test('recordings of several sets, of none, and a file that a person wrote are refused', async t => {
	const rows = 'seconds,desiredReplicas\n0,1\n100,1\n';
	const folder = await folderOf(t, {
		'runs.csv': 'set,run,workload\none,a,load.csv\ntwo,b,load.csv\n',
		'workloads/load.csv': 'atSeconds,serviceSeconds\n1,1\n',
		'runs/a/replicas.csv': rows,
		'runs/b/replicas.csv': rows,
		'start.yaml': wavesSettings(),
		'mine.yaml': 'mine: true\n',
	});
	const settings = join(folder, 'start.yaml');
	await t.throwsAsync(calibrateRecordings([folder], {settings}), {
		message: new RegExp(
			`^Expected recordings of one set, as a fit finds one group of settings; got one, two: name one behind the folder, such as ${join(folder, 'one')}$`,
		),
	});
	await t.throwsAsync(calibrateRecordings([join(folder, 'one', 'a'), join(folder, 'two', 'b')], {settings}), {
		message: new RegExp(`, such as ${join(folder, 'one')}$`),
	});
	await t.throwsAsync(calibrateRecordings([join(folder, 'three')], {settings}), {
		message: /^Expected a set \(one, two\) or a recording such as one\/a behind .*, got three$/,
	});
	await t.throwsAsync(calibrateRecordings([join(folder, 'one')]), {
		message: /^Expected --settings to begin with for recordings of one, got none$/,
	});
	await t.throwsAsync(calibrateRecordings([join(folder, 'one')], {settings, out: join(folder, 'mine.yaml')}), {
		message: /a file that a person wrote or changed: --force replaces it/,
	});
});

test('a path that leads to no recording and no record is one line that says what is there', async t => {
	const folder = await folderOf(t, {
		'mine/runs.csv': 'set,run,workload\none,a,load.csv\n',
		'empty/notes.txt': 'none',
	});
	const faults = {
		nowhere: 'no such folder',
		empty: 'a folder with neither',
		'empty/notes.txt': 'a file of another form',
		'': `a folder of such folders: name one set, such as ${join(folder, 'mine')}/SET`,
	};
	for (const [name, got] of Object.entries(faults)) {
		const path = join(folder, name);
		const message = `Expected ${path} to be a record (record.json), or recordings of an autoscaler (runs.csv), got ${got}`;
		await t.throwsAsync(calibrate({from: [path]}), {message});
	}

	await t.throwsAsync(calibrateRecordings([join(folder, 'empty')]), {message: /, got a folder with neither$/});
});

import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {validateRecordings} from '../../../src/library/recordings/validate-recordings.ts';
import {folderOf, steadySettings as settings, smallRecordings} from '../../store/recordings/make-recordings.ts';

const fitted = `fitted:
  date: 2026-11-28
  on: [steady/one]
  found:
    - fact: It never scales.
      experiment: {autoscaler: {maxReplicas: 1}}
    - fact: It scales to two.
      experiment: {autoscaler: {maxReplicas: 2}}
      arrivals: {times: sent}
`;

async function recordings(t: ExecutionContext, text: string, changes: Readonly<Record<string, string>> = {}) {
	const folder = await folderOf(t, {...smallRecordings, ...changes});
	const file = join(folder, 'settings.yaml');
	await writeFile(file, text);
	return {folder, file};
}

const common = {replications: 4, workers: 1};

test('a set is scored by its settings, with one result for any number of threads', async t => {
	const {folder, file} = await recordings(t, settings);
	const options = {...common, settings: file, sets: ['steady']};
	const result = await validateRecordings(folder, options);
	t.like(result, {replications: 4, skipped: []});
	t.deepEqual(Object.keys(result.sets[0]!.scores), [
		...['set', 'runs', 'replicaError', 'podHoursError', 'coverage', 'crps', 'floor', 'baselines'],
	]);
	const {scores, pairs} = result.sets[0]!;
	t.like(scores, {set: 'steady', runs: 2});
	t.is(pairs.length, 1);
	t.is(scores.floor, 10 / 110);
	t.deepEqual(await validateRecordings(folder, {...options, workers: 2}), result);
});

test('a ladder judges the settings without their facts, with the first, and so on, and ends with the forecast', async t => {
	const {folder, file} = await recordings(t, `${settings}${fitted}`);
	const result = await validateRecordings(folder, {...common, settings: file, sets: ['steady'], ladder: true});
	const {ladder, scores, runs, frozen} = result.sets[0]!;
	t.deepEqual(
		ladder!.map(({fact}) => fact),
		[undefined, 'It never scales.', 'It scales to two.'],
	);
	t.is(ladder![2]!.replicaError, scores.replicaError.mean);
	// One replica throughout: 90 s and 80 s of 200 with one replica too few.
	t.true(Math.abs(ladder![1]!.replicaError - (90 + 80) / 2 / 200) < 1e-12);
	t.is(ladder![1]!.unseenReplicaError, 80 / 200, 'the recording that the fit never saw has 80 s of 200');
	t.is(ladder![2]!.unseenReplicaError, runs[1]!.score.replicaError);
	t.is(frozen, '2026-11-28');
	t.deepEqual(
		runs.map(({run, isFitted}) => [run, isFitted]),
		[
			['one', true],
			['two', false],
		],
	);
});

test('a fact may hold for some recordings alone', async t => {
	const always = fitted.replaceAll('{maxReplicas: 2}', '{maxReplicas: 1}');
	const text = `${settings}${always.replace('    - fact: It scales', '    - where: {run: two}\n      fact: It scales')}`;
	const errors = async (words: string) => {
		const {folder, file} = await recordings(t, words);
		const {sets} = await validateRecordings(folder, {...common, settings: file, sets: ['steady']});
		return sets[0]!.runs.map(({score}) => score.replicaError);
	};
	const [one, two] = await errors(
		text.replace(
			'experiment: {autoscaler: {maxReplicas: 1}}\n      arrivals',
			'experiment: {autoscaler: {maxReplicas: 2}}\n      arrivals',
		),
	);
	const [oneAlone, twoAlone] = await errors(`${settings}${always}`);
	const [, twoScaled] = await errors(`${settings}${fitted}`);
	t.is(one, oneAlone);
	t.is(two, twoScaled);
	t.not(two, twoAlone);
});

test('a recorded start, an overlay by a column and a run that is left out with its reason', async t => {
	const text = `${settings}start: recorded
runs:
  - where: {run: two}
    leftOut: Something else.
  - where: {run: one}
    experiment: {autoscaler: none, deployment: {replicas: 1}}
`;
	const replicas = 'seconds,desiredReplicas\n0,3\n';
	const {folder, file} = await recordings(t, text, {'replicas/one.csv.gz': replicas});
	const {sets} = await validateRecordings(folder, {...common, settings: file, sets: ['steady']});
	t.deepEqual(sets[0]!.leftOut, [{run: 'two', because: 'Something else.'}]);
	t.is(sets[0]!.scores.replicaError.mean, 0);
});

const scaledObject = `{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {scaleTargetRef: {name: a}, minReplicaCount: 1, maxReplicaCount: 2, triggers: [{type: aws-sqs-queue, metadata: {queueURL: https://a/1/q, awsRegion: x, queueLength: "5"}}]}}`;

test('a run under a ScaledObject is forecast beside one under an HPA, and what each takes is compared', async t => {
	const text = `${settings}runs:
  - where: {hpa: keda.yaml}
    assumed: The queue has a made-up name.
    experiment:
      autoscaler: ${scaledObject}
      deployment: {waiting: {at: proxy, connections: 1}}
`;
	const heads = 'set,run,replicas,workload,recordedSeconds,hpa,meanResponseMs,p95';
	const runs = `${heads}\nsteady,one,one.csv.gz,load.csv,200,hpa.yaml,2000,3000\nsteady,two,two.csv,load.csv,150,keda.yaml,1000,1500\n`;
	const {folder, file} = await recordings(t, text, {'runs.csv': runs});
	const {sets} = await validateRecordings(folder, {...common, settings: file, sets: ['steady']});
	const {arms, assumed, unnamed, leftOut, runs: judged} = sets[0]!;
	t.deepEqual([assumed, leftOut], [['The queue has a made-up name.'], []]);
	t.deepEqual(unnamed, ['hpa.yaml']);
	t.deepEqual(
		judged.map(({autoscaler}) => autoscaler),
		['hpa.yaml', 'keda.yaml'],
	);
	t.is(judged[1]!.baselines['offered load of 30 s / target, at once'], undefined); // it has no CPU target
	const [arm] = arms;
	t.like(arm, {autoscaler: 'keda.yaml', against: 'hpa.yaml', loads: 1});
	// Until 150 s, when the shorter one ended: 60 s with one pod and 90 s with two; 70 s and 80 s.
	t.true(Math.abs(arm!.podHours.recorded - (230 / 240 - 1)) < 1e-12, `${arm!.podHours.recorded}`);
	t.deepEqual(arm!.responses!.recorded, {own: {mean: 1, p95: 1.5}, against: {mean: 2, p95: 3}});
	// A request of 0.9 s a second: one pod holds them without waiting, and the queue never has five.
	const {own} = arm!.responses!.forecast;
	t.true(Math.abs(own.mean - 0.9) < 1e-9 && Math.abs(own.p95 - 0.9) < 1e-9, JSON.stringify(own));
	t.true(arm!.podHours.forecast < 0, `${arm!.podHours.forecast}`);
});

test('sets without settings are named where others have some, and refused where none has', async t => {
	const renamed = smallRecordings['runs.csv']!.replaceAll('steady', '1');
	const {folder} = await recordings(t, settings, {'runs.csv': renamed});
	const {sets, skipped} = await validateRecordings(folder, common);
	t.deepEqual(
		sets.map(({scores}) => scores.set),
		['1'],
	);
	t.deepEqual(skipped, ['other']);
	await t.throwsAsync(validateRecordings(folder, {...common, sets: ['other']}), {
		message: /^Expected settings for a set of .*, got none for other: name a file with --settings$/,
	});
	await t.throwsAsync(validateRecordings(folder, {...common, sets: ['2']}), {
		message: 'Expected --set to be one of 1, other, got 2',
	});
});

test('faults of the settings are refused with their places', async t => {
	const cases: readonly (readonly [string, RegExp])[] = [
		[settings.replace('maxReplicas: 3', 'maxReplicas: many'), /settings\.yaml:7:18: Expected autoscaler\.maxReplicas/],
		[settings.replace('experiment:', 'experimant:'), /settings\.yaml:4:1: .*experiment/],
		[
			`${settings}arrivals: {work: none}\n`,
			/settings\.yaml:14:18: Expected arrivals\.work to be one of time, cpu, got "none"/,
		],
		[
			settings.replace('  deployment:', '  duration: 1h\n  deployment:'),
			/settings\.yaml:9:13: Expected experiment\.duration to be left out: each recording gives it, got "1h"/,
		],
	];
	for (const [text, message] of cases) {
		const {folder, file} = await recordings(t, text);
		const validating = validateRecordings(folder, {...common, settings: file, sets: ['steady']});
		await t.throwsAsync(validating, {message});
	}
});

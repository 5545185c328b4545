import {cp, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {parse, stringify} from 'yaml';
import {recordHash} from '../../src/records/record-hash.ts';
import {readRecord} from '../../src/store/records/read-record.ts';
import {figureNames} from '../../src/tune/figures.ts';
import {copyAsMeasured, workplace} from './measured-workplace.ts';
import {removeTemporaryFolders, replicast} from './run-command.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

/** The workplace with its experiment where it is looked for by its hash. */
async function validationPlace(options: Parameters<typeof workplace>[0] = {}) {
	const {cwd, file} = await workplace(options);
	await mkdir(join(cwd, 'experiments'));
	const found = join(cwd, 'experiments', 'small.yaml');
	await cp(file, found);
	const read = async (name: string) => readFile(join(cwd, 'reports', 'validation', name), 'utf8');
	return {cwd, file: found, read, json: async () => JSON.parse(await read('validation.json'))};
}

test('validate writes a page, JSON and CSV of all measured records, the same bytes each time', async t => {
	const {cwd, read, json} = await validationPlace();
	const {stdout, stderr, exitCode} = await replicast(['validate'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /^Validation .*\nVALID: of 1 experiment 1 is VALID and 0 NOT VALID/);
	t.regex(stdout, /Written to reports\/validation/);
	const validation = await json();
	t.is(validation.verdict, 'VALID');
	t.deepEqual(
		validation.goals.map(({name}: {name: string}) => name),
		['podHours', 'replicas', 'scaleLag', 'p95', 'skill', 'savings', 'decisions'],
	);
	const [small, ...others] = validation.experiments;
	t.is(others.length, 0);
	t.is(small.goals.decisions.value, 1);
	t.deepEqual(
		small.records.map(({repeat, standing}: {repeat: number; standing: {role: string}}) => [repeat, standing.role]),
		[
			[0, 'judge'],
			[1, 'judge'],
		],
	);
	t.is(small.outOfSample.figures.replicasMean.verdict, 'within');
	t.true(validation.unmeasured.includes('dynamic-scaling'));
	const page = await read('README.md');
	t.regex(page, /^# Validation\n\n\*\*VALID: of 1 experiment 1 is VALID/);
	t.regex(page, /\[small\/dynamic-0\]\(\.\.\/measured\/small\/dynamic-0\)/);
	const csv = await read('validation.csv');
	t.regex(csv, /^experiment,profile,hash,sample,arm,figure,unit,simulated,/);
	t.regex(csv, /^small,,[\da-f]{64},out-of-sample,dynamic,podHours,h,/m);

	await replicast(['validate', '--workers', '1'], {cwd});
	t.is(await read('README.md'), page);
	t.is(await read('validation.csv'), csv);
	t.deepEqual(await json(), validation);
});

test('--check writes nothing, and fails when a file is not what would be written', async t => {
	const {cwd, read} = await validationPlace({repeats: 1});
	const missing = await replicast(['validate', '--check'], {cwd});
	t.is(missing.exitCode, 2);
	t.regex(missing.stderr, /Expected reports\/validation\/README\.md to be what replicast validate writes, got no file/);
	await replicast(['validate'], {cwd});
	const same = await replicast(['validate', '--check'], {cwd});
	t.is(same.exitCode, 0, same.stderr);
	const path = join(cwd, 'reports', 'validation', 'README.md');
	const page = await read('README.md');
	await writeFile(path, page.replace('VALID', 'PERFECT'));
	const changed = await replicast(['validate', '--check'], {cwd});
	t.is(changed.exitCode, 2);
	t.regex(changed.stderr, /README\.md to be what replicast validate writes, got another line \d+/);
	t.notRegex(changed.stderr, /validation\.json/);
	t.regex(await read('README.md'), /PERFECT/);
});

test('a model that is off is not valid: the goals that it misses are its limits', async t => {
	const {cwd, file, json} = await validationPlace({tolerances: '{cpuUtilization: 2%}'});
	const text = await readFile(file, 'utf8');
	await writeFile(file, text.replace('mean: 300ms', 'mean: 500ms'));
	const {stdout, exitCode} = await replicast(['validate'], {cwd});
	t.is(exitCode, 3, stdout);
	t.regex(stdout, /small +│ NOT VALID +│ CPU of request/);
	const {goals, experiments, limits} = await json();
	const podHours = goals.find(({name}: {name: string}) => name === 'podHours');
	t.is(podHours.verdict, 'missed');
	t.deepEqual(podHours.experiments.missed, ['small']);
	t.true(experiments[0].goals.podHours.low > 0.05);
	t.regex(limits.join('\n'), /small, missed: pod-hours within 5 % of the measured ones; it is \+\d/);
	t.regex(limits.join('\n'), /off by themselves: .*service/);
	const readme = await readFile(join(cwd, 'reports/validation/README.md'), 'utf8');
	t.regex(readme, /\| \*\*missed\*\* \|/); // in bold type, no stars
	t.false(readme.includes('\\*'), readme);
});

test('repeats that differ though nothing was changed are told among the limits', async t => {
	const {cwd, file, json} = await validationPlace({repeats: 1});
	await replicast(['validate'], {cwd});
	t.notRegex((await json()).limits.join('\n'), /differ in nothing/);
	const slower = ['--replications', '1', '--set', 'deployment.service.mean=420ms', '--json'];
	t.is((await replicast(['run', file, ...slower], {cwd})).exitCode, 0);
	await copyAsMeasured(cwd, 1);
	await replicast(['validate'], {cwd});
	t.regex(
		(await json()).limits.join('\n'),
		/small: the time in service is from 0\.\d+ to 0\.\d+ s in its repeats, which differ in nothing that the experiment sets/,
	);
});

test('records that models were fitted to show the in-sample error and judge nothing', async t => {
	const {cwd, file, read, json} = await validationPlace();
	const hash = recordHash(await readRecord(join(cwd, 'reports', 'measured', 'small', 'dynamic-1')));
	const model = parse(await readFile('models/startup-kind.yaml', 'utf8'));
	await writeFile(
		join(cwd, 'experiments', 'startup.yaml'),
		stringify({...model, date: '2026-11-24T10:15Z', records: [hash]}),
	);
	const text = await readFile(file, 'utf8');
	await writeFile(file, text.replace(/startup: \{.*\}/, 'startup: startup.yaml'));
	const measuredAt = async (repeat: number, time: string) =>
		writeFile(
			join(cwd, 'reports', 'measured', 'small', `dynamic-${repeat}`, 'conditions.json'),
			JSON.stringify({startedAt: time}),
		);
	await measuredAt(0, '2026-12-01T00:00:00Z');
	await measuredAt(1, '2026-11-24T10:14:59Z');
	await replicast(['validate'], {cwd});
	const [small] = (await json()).experiments;
	t.deepEqual(
		small.records.map((record: {standing: {role: string}; measuredAgainstModels: string}) => [
			record.standing.role,
			record.measuredAgainstModels,
		]),
		[
			['judge', 'after'],
			['calibration', 'before'],
		],
	);
	t.is(small.inSample.length, 1);
	t.is(small.outOfSample.envelope.coverage.length, 1);
	t.regex(await read('validation.csv'), /,in-sample,dynamic,p95,s,/);
	t.regex(await read('README.md'), /2026-11-24 10:14:59 UTC \| before \| fitted \|/);
});

test('records of a campaign are judged by its own models, beside those of the file', async t => {
	const {cwd, file, read, json} = await validationPlace({tolerances: '{cpuUtilization: 2%}'});
	const campaign = join(cwd, 'reports', 'campaign');
	await cp(join(cwd, 'reports', 'measured'), join(campaign, 'measured'), {recursive: true});
	const model = parse(await readFile('models/startup-kind.yaml', 'utf8'));
	await mkdir(join(campaign, 'models'));
	await writeFile(join(campaign, 'models', 'startup-kind.yaml'), stringify({...model, name: 'startup-there'}));
	const state = {
		apiVersion: 'replicast/v1',
		kind: 'Campaign',
		rule: {firstLook: 2, mostRepeats: 8, alpha: 0.05},
		seed: 1,
		experiments: [],
	};
	const write = async (models?: string[]) =>
		writeFile(join(campaign, 'campaign.json'), JSON.stringify({...state, ...(models && {models})}));
	await write();
	await replicast(['validate'], {cwd});
	t.is((await json()).experiments.length, 1, 'a campaign before its calibration has no models');

	// Written with the campaign where it was measured, which may have been another folder.
	await write(['elsewhere/models/startup-kind.yaml']);
	await writeFile(file, (await readFile(file, 'utf8')).replace('mean: 300ms', 'mean: 500ms'));
	const {stdout} = await replicast(['validate'], {cwd});
	const {experiments} = await json();
	const named = (experiment: {models: {name: string}[]}) => experiment.models.map(({name}) => name);
	t.is(experiments.length, 2);
	const [there, alone] = experiments;
	t.true(named(there).includes('startup-there'));
	t.false(named(alone).includes('startup-there'));
	t.is(alone.campaign, undefined);
	t.is(there.campaign.folder, 'reports/campaign');
	t.not(there.outOfSample.figures.podHours.simulated.mean, undefined);
	t.notDeepEqual(there.campaign.withoutCalibration.judgements, there.outOfSample.judgements);
	t.regex(stdout.replace(/\s+/g, ' '), /--set deployment\.startup=reports\/campaign\/models\/startup-kind\.yaml/);
	t.regex(
		await read('README.md'),
		/### Without a calibration of the machine\n[^#]*\| small \(campaign\) \| \d+ of \d+ \|/,
	);

	await writeFile(join(campaign, 'campaign.json'), '{"kind": "Campaign"}');
	const broken = await replicast(['validate'], {cwd});
	t.is(broken.exitCode, 2);
	t.regex(broken.stderr, /^reports\/campaign\/campaign\.json: \S+: .+\n$/);
});

test('a candidate of a live check is no record without an experiment', async t => {
	const {cwd, json} = await validationPlace({repeats: 2});
	const hash = 'ab'.repeat(32);
	await copyAsMeasured(cwd, 2, head => {
		head['experiment'] = {name: 'small', hash};
	});
	await replicast(['validate'], {cwd});
	t.is((await json()).strangers.length, 1);
	const figures = Object.fromEntries(figureNames.map(name => [name, {mean: 1, low: null, high: null}]));
	const candidate = {
		role: 'dropped',
		name: 'a',
		settings: {},
		experimentHash: hash,
		simulated: figures,
		measured: figures,
	};
	const check = {
		apiVersion: 'replicast/v1',
		kind: 'LiveCheck',
		experiment: {name: 'small', hash: 'cd'.repeat(32)},
		goal: {minimize: 'costPerHour', subjectTo: []},
		verdict: 'CANNOT SAY',
		replications: 4,
		repeats: 1,
		candidates: [{...candidate, runs: []}],
		rankings: [],
	};
	await mkdir(join(cwd, 'reports', 'tuned', 'small'), {recursive: true});
	await writeFile(join(cwd, 'reports', 'tuned', 'small', 'live.json'), JSON.stringify(check));
	await replicast(['validate'], {cwd});
	t.deepEqual((await json()).strangers, []);
});

test('what cannot be judged is told: invalid records, records of another experiment, none at all', async t => {
	const {cwd, read, json} = await validationPlace({repeats: 1});
	await copyAsMeasured(cwd, 1, head => {
		head['validity'] = {valid: false, reasons: ['generator too slow']};
	});
	await copyAsMeasured(cwd, 2, head => {
		head['experiment'] = {name: 'gone', hash: 'ab'.repeat(32)};
	});
	await replicast(['validate'], {cwd});
	t.regex(await read('README.md'), /left out: it failed its own validity check: generator too slow/);
	const {strangers, limits} = await json();
	t.deepEqual(
		strangers.map(({name}: {name: string}) => name),
		['gone'],
	);
	t.regex(limits.join('\n'), /The experiment of one record is not there any more: reports\/measured\/small\/dynamic-2/);
	const none = await replicast(['validate', '--records', 'reports/simulated'], {cwd});
	t.is(none.exitCode, 2);
	t.is(none.stderr, 'Expected measured records under reports/simulated that can judge the simulator, got none\n');
	const unheld = await validationPlace({tolerances: '{}'});
	const unjudged = await replicast(['validate'], {cwd: unheld.cwd});
	t.is(unjudged.exitCode, 2);
	t.regex(
		unjudged.stderr,
		/Expected measured records under reports that can judge the simulator, got 2, none of which can/,
	);
	const few = await replicast(['validate', '--replications', '5'], {cwd});
	t.is(few.exitCode, 2);
	t.regex(few.stderr, /Expected --replications to be an integer from 100/);
});

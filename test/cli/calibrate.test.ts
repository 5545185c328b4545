import {cp, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import anyTest from 'ava';
import {parse} from 'yaml';
import {calibrationRuns} from '../../src/calibration/calibration-runs.ts';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {recordHash} from '../../src/records/record-hash.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readRecord} from '../../src/store/records/read-record.ts';
import {writeRecordFiles} from '../../src/store/records/write-record.ts';
import {removeTemporaryFolders, replicast, temporaryFolder} from './run-command.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const bench = 'experiments/dynamic-scaling.yaml';

/** A folder with a simulated record that stands for a measured one, and its experiment. */
async function workplace() {
	const cwd = await temporaryFolder();
	const text = await readFile(bench, 'utf8');
	await mkdir(join(cwd, 'experiments'));
	for (const folder of ['models', 'k8s']) {
		await cp(folder, join(cwd, folder), {recursive: true});
	}

	const file = join('experiments', 'varied.yaml');
	await writeFile(
		join(cwd, file),
		text.replaceAll('{distribution: constant, value: 16}', '{distribution: uniform, min: 4, max: 30}'),
	);
	const run = await replicast(['run', file, '--profile', 'bench', '--replications', '1', '--json'], {cwd});
	const record = join('reports', 'measured', 'dynamic-0');
	await mkdir(join(cwd, 'reports', 'measured'));
	await cp(join(cwd, 'reports', 'simulated', 'dynamic-scaling-bench', 'dynamic'), join(cwd, record), {recursive: true});
	const head = join(cwd, record, 'record.json');
	await writeFile(head, (await readFile(head, 'utf8')).replace('"simulated"', '"measured"'));
	return {cwd, file, record, stderr: run.stderr};
}

test('calibrate writes models that name their records, and those records judge no more', async t => {
	const {cwd, file, record} = await workplace();
	const {stdout, stderr, exitCode} = await replicast(['calibrate', '--from', record, '--out', 'fitted'], {cwd});
	t.is(exitCode, 0, stderr);
	const played = parse(await readFile('models/smollm2-135m.yaml', 'utf8')).work.perOutputToken.value;
	t.regex(stdout, /per output token: 0\.0\d+ \[/);
	t.regex(stderr, /Start-up was seen of \d pods only/);
	t.deepEqual(await readdir(join(cwd, 'fitted')), ['metrics-pipeline.yaml', 'smollm2-135m.yaml', 'startup-kind.yaml']);
	const model = parse(await readFile(join(cwd, 'fitted', 'smollm2-135m.yaml'), 'utf8'));
	t.is(model.status, 'calibrated');
	t.deepEqual(model.records, [recordHash(await readRecord(join(cwd, record)))]);
	const {value, unit, low, high} = model.work.perOutputToken;
	t.is(unit, 'CPU s');
	t.true(low < played && high > played && Math.abs(value / played - 1) < 0.05, `${value}`);
	const set = ['--set', 'deployment.service=fitted/smollm2-135m.yaml', '--profile', 'bench'];
	const judged = await replicast(['compare', file, ...set], {cwd});
	t.is(judged.exitCode, 2);
	t.regex(judged.stderr, /dynamic-0 was used to calibrate the models/);
});

test('a file that a person changed is replaced only by force', async t => {
	const {cwd, record} = await workplace();
	const words = ['calibrate', '--from', record, '--out', 'fitted'];
	await replicast(words, {cwd});
	t.is((await replicast(words, {cwd})).exitCode, 0, 'its own output is replaced');
	const path = join(cwd, 'fitted', 'startup-kind.yaml');
	const text = await readFile(path, 'utf8');
	await writeFile(path, text.replace('restartBackoff:', 'restartBackoff: # mine'));
	const refused = await replicast(words, {cwd});
	t.is(refused.exitCode, 2);
	t.regex(refused.stderr, /startup-kind\.yaml to be absent or as replicast calibrate wrote it.*--force/);
	t.regex(await readFile(path, 'utf8'), /# mine/);
	t.is((await replicast([...words, '--force'], {cwd})).exitCode, 0);
	t.notRegex(await readFile(path, 'utf8'), /# mine/);
});

test('an invalid record fits nothing', async t => {
	const {cwd, record} = await workplace();
	const head = join(cwd, record, 'record.json');
	const changed = {...JSON.parse(await readFile(head, 'utf8')), validity: {valid: false, reasons: ['starved']}};
	await writeFile(head, JSON.stringify(changed));
	const {stderr, exitCode} = await replicast(['calibrate', '--from', record, '--out', 'fitted'], {cwd});
	t.is(exitCode, 2);
	t.regex(stderr, /to be valid, got: starved/);
});

/** The runs of a short session on the bench, simulated, as if they had been measured. */
async function session() {
	const options = {profile: 'bench'};
	const service = await readExperiment('experiments/calibration/service.yaml', options);
	const startup = await readExperiment('experiments/calibration/start-up.yaml', options);
	const cwd = await temporaryFolder();
	const runs = calibrationRuns({service, startup}, {isShort: true});
	for (const {name, experiment, arm} of runs) {
		const {head, tables} = new MeasuredSchedule(experiment).simulate(0, {arm});
		writeRecordFiles(join(cwd, name), {head: {...head, engine: 'measured'}, tables});
	}

	return {cwd, names: runs.map(({name}) => name)};
}

test('the records of a calibration are fitted again without their cluster, and a short one calibrates nothing', async t => {
	const {cwd, names} = await session();
	t.deepEqual(names, ['grid', 'sharing-6', 'limit-500m', 'start-up']);
	const {stdout, stderr, exitCode} = await replicast(['calibrate', '--from', ...names, '--out', 'fitted'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /0\.5 cores, CPU-seconds: (0\.9|1\.0)/);
	const model = parse(await readFile(join(cwd, 'fitted', 'smollm2-135m.yaml'), 'utf8'));
	t.is(model.status, 'uncalibrated');
	t.regex(model.notes, /^Short runs for trying out: not calibrated\./);
	t.is(model.records.length, 4);
	const played = parse(await readFile('models/smollm2-135m.yaml', 'utf8'));
	const ratio = model.work.perOutputToken.value / played.work.perOutputToken.value;
	t.true(Math.abs(ratio - 1) < 0.1, `${ratio}`);
});

test('the plan of a calibration is printed without a cluster, and a model that a person wrote stops it at once', async t => {
	const {stdout, exitCode} = await replicast(['calibrate', '--profile', 'bench', '--print-plan']);
	t.is(exitCode, 0);
	t.regex(stdout, /sharing-6 +│ 1 min 30 s +│ 6 +│ 36 /);
	t.regex(stdout, /8 runs, about 3[0-4] min/);
	const cwd = await temporaryFolder();
	await mkdir(join(cwd, 'mine'));
	await writeFile(join(cwd, 'mine', 'smollm2-135m.yaml'), 'kind: ServiceModel\n');
	const refused = await replicast(['calibrate', '--profile', 'bench', '--out', 'mine'], {cwd});
	t.is(refused.exitCode, 2);
	t.regex(refused.stderr, /mine\/smollm2-135m\.yaml to be absent or as replicast calibrate wrote it/);
	t.is((await replicast(['calibrate', '--from', 'x', '--profile', 'bench'])).exitCode, 2);
});

test('a record of a calibration does not judge the models that were fitted to it', async t => {
	const cwd = await temporaryFolder();
	const path = resolve('experiments/calibration/service.yaml');
	const experiment = await readExperiment(path, {profile: 'bench'});
	const {head, tables} = new MeasuredSchedule(experiment).simulate(0, {arm: 'fixed'});
	writeRecordFiles(join(cwd, 'reports', 'grid'), {head: {...head, engine: 'measured'}, tables});
	await replicast(['calibrate', '--from', 'reports/grid', '--out', 'fitted'], {cwd});
	const set = ['--set', 'deployment.service=fitted/smollm2-135m.yaml', '--profile', 'bench'];
	const {stderr, exitCode} = await replicast(['compare', path, ...set], {cwd});
	t.is(exitCode, 2);
	t.regex(stderr, /grid was used to calibrate the models/);
});

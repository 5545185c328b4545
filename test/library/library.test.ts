import {mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest from 'ava';
import {execa} from 'execa';
import {compare, decide, forecast, type Progress, readExperiment, UserError} from '../../src/index.ts';
import {workplace} from '../cli/measured-workplace.ts';
import {removeTemporaryFolders, small, temporaryFolder} from '../cli/run-command.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A project that has the packed package as its dependency. */
async function consumer(): Promise<string> {
	const folder = await temporaryFolder();
	await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {cwd: root});
	const archive = (await readdir(folder)).find(name => name.endsWith('.tgz'))!;
	await execa('tar', ['-xzf', archive], {cwd: folder});
	await mkdir(join(folder, 'node_modules'));
	await execa('mv', ['package', 'node_modules/replicast'], {cwd: folder});
	await symlink(join(root, 'node_modules'), join(folder, 'node_modules', 'replicast', 'node_modules'));
	await writeFile(join(folder, 'package.json'), '{"type": "module"}');
	return folder;
}

const options = {
	strict: true,
	noEmit: true,
	module: 'nodenext',
	target: 'es2023',
	lib: ['es2023', 'dom'],
	types: [],
	exactOptionalPropertyTypes: true,
};

/** Each of these is a mistake: what is exported is typed, not any. */
const wrong = `import {decide, forecast, readExperiment} from 'replicast';
const experiment = await readExperiment('a.yaml');
const seed: string = experiment.seed;
const mean: string = (await forecast(experiment)).dynamic.podHours.mean;
const desired: string = decide({}).desiredReplicas;
`;

/** The examples of docs/library.md in their order: the functions without a cluster, `replay`, `calibrate`, `tune`. */
async function examples(): Promise<[string, string, string, string]> {
	const page = await readFile(join(root, 'docs', 'library.md'), 'utf8');
	const [first = '', second = '', third = '', fourth = ''] = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(
		([, code]) => code,
	);
	return [first, second, third, fourth];
}

test('the examples of the documentation type-check and run against the packed package', async t => {
	const folder = await consumer();
	const [example, replaying, calibrating, tuning] = await examples();
	const typed = {'example.ts': example, 'replay.ts': replaying, 'calibrate.ts': calibrating, 'tune.ts': tuning};
	const files = {...typed, 'example.js': example, 'calibrate.js': calibrating, 'tune.js': tuning, 'wrong.ts': wrong};
	for (const [name, text] of Object.entries(files)) {
		await writeFile(join(folder, name), text);
	}

	const config = {compilerOptions: options, files: [...Object.keys(typed), 'wrong.ts']};
	await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
	const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
	const checked = await execa('node', [tsc, '-p', folder], {cwd: folder, reject: false});
	const faults = checked.stdout.split('\n').filter(line => !line.startsWith(' '));
	const places = faults.map(line => line.replace(/: error TS2322: .*/, ''));
	t.deepEqual(places, ['wrong.ts(3,7)', 'wrong.ts(4,7)', 'wrong.ts(5,7)'], checked.stdout);

	const {stdout} = await execa('node', ['example.js'], {cwd: folder});
	const lines = stdout.split('\n');
	t.regex(lines[0]!, /^p95 [\d.]+ s \[[\d.]+, [\d.]+\], [\d.]+ of [\d.]+ pod-hours$/);
	t.regex(lines[1]!, /^saves -?[\d.e-]+ dollars an hour$/);
	// 120 % of the request at a target of 80 %: 1.5 × 2 pods.
	t.regex(lines[2]!, /^3 \[/);
	t.true(stdout.includes('E_CONFIG: case: Expected hpa.maxReplicas to be given, got nothing'), stdout);
	t.true(stdout.includes('mine.yaml:1:1: Expected a readable experiment file, got no such file'), stdout);
	t.true(stdout.includes('Expected measured records under reports that can judge, got none of 0'), stdout);
	t.regex(lines.at(-1)!, /^FICTITIOUS.*: \d+ of 14 reproduced$/);

	await symlink(join(root, 'reports'), join(folder, 'reports'));
	const calibrated = await execa('node', ['calibrate.js'], {cwd: folder});
	t.regex(calibrated.stdout, /^[\d.]+ CPU s a token \[[\d.]+, [\d.]+\]; written: fitted\/smollm2-135m\.yaml, fitted\//);
	t.regex(calibrated.stdout, /Metrics were watched for \d+ min only/);

	const tuned = await execa('node', ['tune.js'], {cwd: folder});
	t.regex(tuned.stdout, /^\d+ to \d+ pods save -?[\d.e-]+ dollars an hour; written to tuned.cost-efficiency$/);
});

test('forecast gives the same whatever the number of workers, and reports each replication', async t => {
	const experiment = await readExperiment(small, {replications: 2});
	const reported: Progress[] = [];
	const one = await forecast(experiment, {workers: 1, onProgress: progress => reported.push(progress)});
	t.deepEqual(
		reported.map(({doing, done, total, isOver}) => [doing, done, total, isOver === true]),
		[
			['Simulating', 0, 2, false],
			['Simulating', 1, 2, false],
			['Simulating', 2, 2, false],
			['Simulating', 2, 2, true],
		],
	);
	t.is(one.replications, 2);
	t.deepEqual(await forecast(experiment, {workers: 2}), one);
	t.deepEqual(await forecast(small, {replications: 2, workers: 2}), one);
	await t.throwsAsync(forecast(experiment, {workers: 0}), {instanceOf: RangeError, message: /workers/});
});

test('forecast ends with the reason of its signal', async t => {
	const reason = new Error('enough');
	const controller = new AbortController();
	const running = forecast(small, {
		replications: 1000,
		workers: 1,
		signal: controller.signal,
		onProgress: ({done}) => done === 2 && controller.abort(reason),
	});
	await t.throwsAsync(running, {is: reason});
	await t.throwsAsync(forecast(small, {signal: controller.signal}), {is: reason});
});

test('compare holds the simulator against measured records, and refuses what cannot judge', async t => {
	const {cwd, file} = await workplace();
	const folder = join(cwd, 'reports', 'measured', 'small', 'dynamic-0');
	const {verdict, figures} = await compare(file, [folder], {replications: 20});
	t.is(verdict, 'VALID');
	t.is(typeof figures['podHours']?.error, 'object');

	await t.throwsAsync(compare(file, []), {instanceOf: UserError, message: /got none$/});
	await t.throwsAsync(compare(file, [folder], {seed: 8}), {
		instanceOf: UserError,
		message: /dynamic-0 to be a record that can judge, but it is of another experiment/,
	});
	await t.throwsAsync(compare(file, [folder], {replications: 1}), {instanceOf: RangeError});
});

test('decide refuses a case that is none in words, whatever it is', t => {
	const loop: Record<string, unknown> = {};
	loop['hpa'] = loop;
	for (const given of [undefined, null, 7, 'text', [], {}, loop, new Date(), () => {}, {hpa: Symbol('x')}]) {
		const error = t.throws(() => decide(given), {instanceOf: UserError});
		t.regex(error!.message, /^case: Expected /);
	}
});

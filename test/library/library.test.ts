import {cp, mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import anyTest, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import * as library from '../../src/index.ts';
import {compare, decide, forecast, type Progress, readExperiment, UserError} from '../../src/index.ts';
import {writeSavedHistory} from '../cli/learn/saved-history.ts';
import {workplace} from '../cli/measured-workplace.ts';
import {removeTemporaryFolders, small, temporaryFolder} from '../cli/run-command.ts';
import {smallRecordings, steadySettings} from '../store/recordings/make-recordings.ts';
import {writeSource} from './recorded-source.ts';

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

/** The examples of docs/library.md, by the first function that each imports. */
async function examples(): Promise<Map<string, string>> {
	const page = await readFile(join(root, 'docs', 'library.md'), 'utf8');
	return new Map(
		[...page.matchAll(/```js\n(import \{(\w+)[\s\S]*?)```/g)].map(([, code = '', name = '']) => [name, code]),
	);
}

/** What each example prints, all of it. */
const printed: Readonly<Record<string, (t: ExecutionContext, text: string) => void>> = {
	audit(t, text) {
		const lines = text.split('\n');
		t.regex(lines[0]!, /^p95 [\d.]+ s \[[\d.]+, [\d.]+\], [\d.]+ of [\d.]+ pod-hours$/);
		t.regex(lines[1]!, /^saves -?[\d.e-]+ dollars an hour$/);
		// 120 % of the request at a target of 80 %: 1.5 × 2 pods.
		t.regex(lines[2]!, /^3 \[/);
		t.true(text.includes('E_CONFIG: case: Expected hpa.maxReplicas to be given, got nothing'), text);
		t.true(text.includes('mine.yaml does not exist'), text);
		t.true(text.includes('Expected measured records under reports that can judge the simulator, got none'), text);
		t.regex(lines.at(-1)!, /^FICTITIOUS.*: \d+ of 14 reproduced$/);
	},
	replay(t, text) {
		t.regex(text, /^done reports\/measured\/cost-efficiency-bench\/dynamic-0 already measured$/m);
		t.regex(text, /\ncost-efficiency: \d+ records of the dynamic arm in reports\/measured\/cost-efficiency-bench$/);
	},
	planRepeats(t, text) {
		t.regex(
			text,
			/^spike: [1-9]\d* judged figures, decided by (?:\d+|no number of) repeats\nE_CLUSTER: Expected .*\bkubectl\b/,
		);
	},
	calibrate(t, text) {
		t.regex(text, /^[\d.]+ CPU s a token \[[\d.]+, [\d.]+\]; written: fitted\/smollm2-135m\.yaml, fitted\//);
		t.regex(text, /Metrics were watched for \d+ min only/);
	},
	tune(t, text) {
		t.regex(text, /^\d+ to \d+ pods save -?[\d.e-]+ dollars an hour; written to tuned.ramp$/);
	},
	explore(t, text) {
		t.regex(text, /^page\.html: \d+ measured runs laid over\. As it is: SLO (?:met|missed).*\nposter: \d+ charts, .+$/);
	},
	generateTrace(t, text) {
		t.regex(
			text,
			/^1\d{3} requests, 0 faulty lines\n\d+ requests; not there: samples\nsteady: 2 runs, off by [\d.]+ replicas$/,
		);
	},
	learn(t, text) {
		t.regex(text, /^learned.experiment\.yaml\nCPU that a request adds: identified\n/);
	},
};

let project: string;

test.before(async t => {
	t.timeout(300_000);
	project = await consumer();
	for (const [name, code] of await examples()) {
		await writeFile(join(project, `${name}.ts`), code);
		await writeFile(join(project, `${name}.js`), code);
	}

	await writeSource(join(project, 'my-recording'));
	for (const [name, text] of Object.entries(smallRecordings)) {
		await mkdir(dirname(join(project, 'my-recordings', name)), {recursive: true});
		await writeFile(join(project, 'my-recordings', name), name.endsWith('.gz') ? gzipSync(text) : text);
	}

	await writeFile(join(project, 'steady.yaml'), steadySettings);
	await writeSavedHistory(project);
});

test('the examples of the documentation type-check against the packed package', async t => {
	const names = [...(await examples()).keys()];
	t.deepEqual(names.toSorted(), Object.keys(printed).toSorted());
	await writeFile(join(project, 'wrong.ts'), wrong);
	const files = [...names.map(name => `${name}.ts`), 'wrong.ts'];
	await writeFile(join(project, 'tsconfig.json'), JSON.stringify({compilerOptions: options, files}));
	const tsc = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
	const checked = await execa('node', [tsc, '-p', project], {cwd: project, reject: false});
	const faults = checked.stdout.split('\n').filter(line => !line.startsWith(' '));
	const places = faults.map(line => line.replace(/: error TS2322: .*/, ''));
	t.deepEqual(places, ['wrong.ts(3,7)', 'wrong.ts(4,7)', 'wrong.ts(5,7)'], checked.stdout);
});

/* The first example is run without records, the others with those of two experiments of this project. */
for (const [name, check] of Object.entries(printed)) {
	test(`the example of ${name} runs against the packed package`, async t => {
		t.timeout(300_000);
		const {stdout} = await execa('node', [`${name}.js`], {cwd: project});
		check(t, stdout);
		if (name === 'audit') {
			await mkdir(join(project, 'reports'));
			await symlink(join(root, 'reports', 'calibration'), join(project, 'reports', 'calibration'));
			for (const name of ['cost-efficiency-bench', 'dynamic-scaling-bench']) {
				const measured = join('reports', 'measured', name);
				await cp(join(root, measured), join(project, measured), {recursive: true});
			}
		}
	});
}

test('every function of the library has an example and a row in the documentation', async t => {
	const page = await readFile(join(root, 'docs', 'library.md'), 'utf8');
	const codes = [...(await examples()).values()].join('\n');
	const functions = Object.entries(library).flatMap(([name, value]) =>
		value === UserError ? [] : [[name, value] as const],
	);
	t.true(functions.length > 10);
	for (const [name, value] of functions) {
		t.is(typeof value, 'function');
		t.regex(codes, new RegExp(String.raw`\b${name}\(`), `${name} has no example`);
		t.true(page.includes(`| \`${name}(`), `${name} has no row`);
	}
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

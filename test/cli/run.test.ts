import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join, relative} from 'node:path';
import anyTest from 'ava';
import {execaNode} from 'execa';
import {packageRoot} from '../../src/store/disk/package.ts';
import {readRecord} from '../../src/store/records/read-record.ts';
import {cli, removeTemporaryFolders, replicast, small, temporaryFolder, writeSmall} from './run-command.ts';

// One process at a time: each uses all cores.
const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const filesUnder = async (folder: string) => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
	return files.map(file => relative(folder, file)).sort();
};

/** The run of most tests, by one worker. */
const whole = {out: '', stdout: '', stderr: '', exitCode: undefined as number | undefined};

anyTest.before(async () => {
	const out = join(await temporaryFolder(), 'new', 'folder');
	Object.assign(whole, {out, ...(await replicast(['run', small, '--json', '--out', out, '--workers', '1']))});
});

test('a limit of V8 on its memory is none of the workers', async t => {
	const words = ['run', small, '--replications', '1', '--baselines=false', '--workers', '1'];
	const {stdout} = await execaNode(cli, words, {
		nodeOptions: ['--max-old-space-size=512'],
		cwd: await temporaryFolder(),
	});
	t.regex(stdout, /^small\nSLO missed/);
});

test('--json prints one document, an array with a summary for each experiment', async t => {
	const {out, stdout, stderr, exitCode} = whole;
	t.is(exitCode, 0, stderr);
	t.is(stderr, 'Simulating 4 replications\nSimulated small\n');
	const summaries = JSON.parse(stdout);
	t.is(summaries.length, 1);
	t.deepEqual(Object.keys(summaries[0]), [
		'experiment',
		'seed',
		'replications',
		'scheduleHash',
		'answer',
		'warnings',
		'assumptions',
		'dynamic',
		'fixed',
		'savings',
		'economics',
		'standing',
		'provenance',
	]);
	t.is(summaries[0].experiment, 'small');
	t.is(summaries[0].seed, 7);
	t.is(summaries[0].replications, 4);
	t.is(summaries[0].fixed.replicas.mean, 6);
	t.deepEqual(Object.keys(summaries[0].savings), ['perHour', 'fraction', 'perDay', 'perMonth', 'perYear']);
	t.deepEqual(JSON.parse(await readFile(join(out, 'small', 'summary.json'), 'utf8')), summaries[0]);
});

test('INV-4 same seed, same bytes, whatever the number of workers', async t => {
	const readUnder = async ({out, stdout}: {readonly out: string; readonly stdout: string}) => {
		const files = await filesUnder(out);
		return {stdout, contents: await Promise.all(files.map(async file => readFile(join(out, file), 'base64')))};
	};
	const runWith = async (workers: string) => {
		const out = await temporaryFolder();
		const {stdout} = await replicast(['run', small, '--json', '--out', out, '--workers', workers]);
		return readUnder({out, stdout});
	};
	const alone = await readUnder(whole);
	t.true(alone.stdout.length > 1000);
	t.is(alone.contents.length, 12);
	t.deepEqual(await runWith('2'), alone);
	t.deepEqual(await runWith('5'), alone);
});

test('another seed gives other figures', async t => {
	const out = await temporaryFolder();
	const {stdout} = await replicast(['run', small, '--json', '--out', out, '--seed', '8']);
	const [seven, eight] = [whole.stdout, stdout].map(text => JSON.parse(text)[0]);
	t.is(eight.seed, 8);
	t.not(eight.scheduleHash, seven.scheduleHash);
	t.notDeepEqual(eight.dynamic, seven.dynamic);
});

test('a run leaves its summary, its report and its records, and nothing else', async t => {
	const {out} = whole;
	const tables = ['decisions.parquet', 'pods.parquet', 'record.json', 'requests.parquet', 'samples.parquet'];
	t.deepEqual(await filesUnder(out), [
		...tables.map(name => join('small', 'dynamic', name)),
		...tables.map(name => join('small', 'fixed', name)),
		join('small', 'report.md'),
		join('small', 'summary.json'),
	]);
	const {head, tables: read} = await readRecord(join(out, 'small', 'dynamic'));
	t.is(head.arm, 'dynamic');
	t.is(head.replication, 0);
	t.regex(head.versions['replicast'] ?? '', /^\d+\.\d+\.\d+/);
	t.true(read.requests.scheduledSeconds.length > 500);
	t.true(read.decisions.seconds.length > 10);
	const report = await readFile(join(out, 'small', 'report.md'), 'utf8');
	for (const text of ['# small', '| replicas, mean |', '| per year of 365 days |', head.experiment.hash]) {
		t.true(report.includes(text), text);
	}
});

test('a second run without a fixed arm takes the old record of it away, and leaves other files alone', async t => {
	const out = await temporaryFolder();
	await replicast(['run', small, '--out', out, '--replications', '1']);
	await writeFile(join(out, 'small', 'notes.txt'), 'mine');
	const unfixed = join(out, 'unfixed.yaml');
	await writeSmall(unfixed, text => text.replace(/^fixed:.*\n/m, ''));
	const {stdout, stderr, exitCode} = await replicast(['run', unfixed, '--out', out, '--replications', '1']);
	t.is(exitCode, 0, stderr);
	t.false(stdout.includes('saves'));
	t.deepEqual((await readdir(join(out, 'small'))).sort(), ['dynamic', 'notes.txt', 'report.md', 'summary.json']);
});

test('the tables fit a terminal of 100 columns and name every figure with its unit', async t => {
	const {stdout, stderr} = await replicast(['run', small, '--full', '--out', await temporaryFolder()]);
	t.is(stderr, 'Simulating 4 replications\nSimulated small\n');
	for (const line of stdout.split('\n').filter(text => !text.startsWith('Written to'))) {
		t.true(line.length <= 100, line);
	}

	const figures = [
		/│ replicas, mean +│ [\d.]+ \[[\d.]+, [\d.]+\] +│ 6\.00 \[6\.00, 6\.00\] +│/,
		/│ throughput +│ [\d.]+ \/s \[/,
		/│ latency p50 +│ [\d.]+ m?s \[/,
		/│ latency p95 +│ [\d.]+ m?s \[/,
		/│ latency p99 +│ [\d.]+ m?s \[/,
		/│ availability +│ [\d.]+ % /,
		/│ SLO attainment +│ [\d.]+ % /,
		/│ CPU utilization of request +│ [\d.]+ % /,
		/- Zero: memory of request\./,
		/│ cost per hour +│ \$[\d.]+ \[/,
		/│ energy of the run +│ [\d.]+ k?Wh \[/,
		/│ cost per 1,000 requests +│ \$[\d.]+ \[/,
		/│ electricity +│ \$[\d.]+ \[/,
		/│ loading the model +│ \$[\d.]+ \[/,
		/- Zero: starting, until it serves; terminating; of it for the slow scale-down;/,
		/│ dynamic saves +│ against 6 pods +│ against \d pods? +│ against no delay/,
		/│ per month of 30 days +│ -?\$[\d.]+ +│/,
		/│ of the other’s cost +│ -?[\d.]+ % +│/,
		/│ nodes-aws-m5-large +│ \$[\d.]+ +│ \$[\d.]+ +│ .* │ \d+ % \/ \d+ % +│/,
		/On a cluster of fixed size scaling pods down saves nothing/,
		/Break-even with 6 pods: dynamic has more than its 2 pods/,
		/│ team-a +│ /,
		/First scale-up, replication 0: 2 → \d pods after .+, at CPU \d+ %/,
		/Replicas over time, replication 0: 2 → /,
		/█/,
	];
	for (const figure of figures) {
		t.regex(stdout, figure);
	}
});

test('the sample report in the documentation has the lines that are printed', async t => {
	const readme = await readFile(new URL('../../../docs/read-a-report.md', import.meta.url), 'utf8');
	const labels = [...readme.matchAll(/^│ +([a-zA-Z][^│]*?) *│/gm)].map(([, label]) => label ?? '');
	const {stdout} = await replicast(['run', small, '--full', '--out', await temporaryFolder(), '--replications', '2']);
	t.true(labels.length > 15);
	for (const label of labels) {
		t.true(stdout.replaceAll(/\s+/g, ' ').includes(label), label);
	}
});

test('one replication has no interval, and the table says so', async t => {
	const {stdout} = await replicast(['run', small, '--out', await temporaryFolder(), '--replications', '1']);
	t.regex(stdout, /^1 replication of 4 min, seed 7, no intervals; SLO/m);
	t.false(stdout.includes('['));
});

test('the answer comes first, a table of ten rows, and no line is wider than 80 columns', async t => {
	const {stdout} = await replicast(['run', small, '--out', await temporaryFolder()], {env: {COLUMNS: '80'}});
	const lines = stdout.split('\n');
	t.regex(lines[1]!, /^SLO missed: p95 [\d.]+ s, bound 2 s · \$[\d.]+\/h · \d+ % below 6 pods · /);
	t.regex(stdout, /^Next: [^:]*:\s+replicast tune/m);
	t.is((stdout.match(/^│ [a-zA-Z]/gm) ?? []).length, 10);
	t.false(/CO2e|per month|billing/.test(stdout));
	t.deepEqual(
		lines.filter(line => line.length > 80 && !/small\.yaml|Written to/.test(line)),
		[],
	);
});

test('of several experiments each has its answer, set in where the terminal is narrow', async t => {
	const cwd = await temporaryFolder();
	await writeSmall(join(cwd, 'a.yaml'), text => text.replace('name: small', 'name: first'));
	await writeSmall(join(cwd, 'b.yaml'), text => text.replace('name: small', 'name: second'));
	const env = {COLUMNS: '60'};
	const {stdout, stderr} = await replicast(['run', 'a.yaml', 'b.yaml', '--replications', '2'], {cwd, env});
	const wrapped = stdout.trimEnd().split('\n');
	t.true(
		wrapped.every(line => line.length <= 60 && /^(?:(?:first|second): SLO | {2}\S)/.test(line)),
		stdout,
	);
	const lines = stdout.replaceAll('\n  ', ' ').trimEnd().split('\n');
	t.is(lines.length, 2);
	t.regex(
		lines[0]!,
		/^first: SLO missed on average \(p95 [\d.]+ s, bound 2 s, which is within the interval\) · /,
		stderr,
	);
	t.true(lines.some(line => line.startsWith('second: SLO missed on average (p95 ')));
});

test('the best known setting of a tuning stands in the answer, and a summary with it is reproduced', async t => {
	const out = await temporaryFolder();
	const words = ['run', join('experiments', 'dynamic-scaling.yaml'), '--replications', '3', '--out', out];
	const {stdout, stderr} = await replicast(words, {cwd: packageRoot()});
	const lines = stdout.replaceAll('\n', ' ');
	t.regex(lines, / % above the best known setting /, stderr);
	t.regex(
		lines,
		/ Best known: .*for \$0\.\d+\/h; simulated, it meets the SLO with a probability of \d+ % \(reports.tuned.dynamic-scaling\)\. Next: see what that setting does: +replicast run \S+ --set autoscaler=reports.tuned.dynamic-scaling.recommended\.yaml /,
	);
	const elsewhere = await replicast([...words, '--tuned', out], {cwd: packageRoot()});
	t.false(elsewhere.stdout.includes('best known'));
	await replicast(words, {cwd: packageRoot()});
	const again = await replicast(['run', '--reproduce', join(out, 'dynamic-scaling')], {cwd: out});
	t.is(again.exitCode, 0, again.stdout);
});

test('--fail-on-slo has an exit status of its own, and needs an objective', async t => {
	const run = async (...words: string[]) =>
		replicast(['run', small, '--fail-on-slo', '--replications', '2', '--out', await temporaryFolder(), ...words]);
	t.is((await run()).exitCode, 99);
	t.is((await run('--set', 'slo.p95=50s')).exitCode, 0);
	const none = await run('--set', 'slo={}');
	t.is(none.exitCode, 2);
	t.is(none.stderr, 'Expected slo in every experiment with --fail-on-slo, got none in small\n');
});

test('a value can be set from the command line', async t => {
	const words = ['run', small, '--json', '--out', await temporaryFolder(), '--replications', '2'];
	const {stdout} = await replicast([...words, '--set', 'fixed.replicas=3', '--set', 'duration=2m']);
	const [summary] = JSON.parse(stdout);
	t.is(summary.fixed.replicas.mean, 3);
	t.true(Math.abs(summary.fixed.podHours.mean - 0.1) < 1e-9);
});

test('all faults of all files are told before anything is run', async t => {
	const folder = await temporaryFolder();
	const out = join(folder, 'out');
	await writeSmall(join(folder, 'a.yaml'), text =>
		text.replace('duration: 4m', 'duration: soon').replace('seed', 'sed'),
	);
	await writeSmall(join(folder, 'b.yaml'), text => text.replace('replications: 4', 'replications: 0'));
	const words = ['run', small, 'a.yaml', 'b.yaml', 'c.yaml', '--out', out];
	const {stdout, stderr, exitCode} = await replicast(words, {cwd: folder});
	t.is(exitCode, 2);
	t.is(stdout, '');
	const lines = stderr.trimEnd().split('\n');
	t.is(lines.length, 4, stderr);
	t.regex(stderr, /^a\.yaml:\d+:\d+: .*duration/m);
	t.regex(stderr, /^a\.yaml:\d+:\d+: .*sed/m);
	t.regex(stderr, /^b\.yaml:\d+:\d+: .*replications/m);
	t.regex(stderr, /^c\.yaml does not exist$/m);
	await t.throwsAsync(readdir(out), {code: 'ENOENT'});
});

const refuses = anyTest.macro({
	async exec(t, words: string[], message: RegExp) {
		const {stdout, stderr, exitCode} = await replicast(words, {cwd: await temporaryFolder()});
		t.is(exitCode, 2);
		t.is(stdout, '');
		t.is(stderr.split('\n').length, 2, stderr);
		t.regex(stderr, message);
	},
	title: (_, words: string[]) => `refuses replicast ${words.join(' ').replaceAll(small, 'small.yaml')}`,
});

test('without a command it prints the help', async t => {
	const {stdout, stderr, exitCode} = await replicast([]);
	t.is(exitCode, 0, stderr);
	t.is(stdout, (await replicast(['--help'])).stdout);
	t.regex(stdout, /^ {2}replicast init --from deployment\.yaml hpa\.yaml /m);
});

test(refuses, ['rum'], /Unknown command: rum\. Did you mean run/);
test(refuses, ['run'], /Expected experiment files or --all, got neither/);
test(refuses, ['run', small, '--all'], /Expected experiment files or --all, got both/);
test(refuses, ['run', small, '--sed', '3'], /Unknown option: --sed /);
test(
	refuses,
	['run', small, '--seed'],
	/^replicast run: Expected a value after --seed, got none \(see replicast run --help\)$/m,
);
test(refuses, ['tune', small, '--subject-to'], /Expected a value after --subject-to, got none/);
test(refuses, ['init', 'mine', '--from'], /Expected a value after --from, got none/);
test(refuses, ['replay', small, '--print-plan'], /^replicast replay: Unknown option: --print-plan \(/);
test(refuses, ['records', 'import'], /^replicast records: Expected folder to be given, got nothing \(/);
test(refuses, ['tune'], /^replicast tune: Expected file to be given, got nothing \(/);
test(refuses, ['records', 'import', small], /^replicast records: Expected --out to be given, got nothing \(/);
test(refuses, ['doctor', 'twice'], /^replicast doctor: Expected no more words, got "twice" \(/);
test(refuses, ['index', 'nowhere'], /^Expected nowhere to be a folder of reports, got no such folder$/m);
test(refuses, ['run', small, '--seed', 'x'], /Expected --seed to be an integer from 0 to \d+, got "x"/);
test(refuses, ['run', small, '--seed', '1.5'], /got "1\.5"/);
test(refuses, ['run', small, '--seed', '-1'], /got "-1"/);
test(refuses, ['run', small, '--seed', '1e3'], /got "1e3"/);
test(refuses, ['run', small, '--seed', '1', '--seed', '2'], /got "1" and "2"/);
test(refuses, ['run', small, '--seed', '99999999999999999999'], /Expected --seed/);
test(refuses, ['run', small, '--replications', '0'], /Expected --replications to be an integer from 1/);
test(refuses, ['run', small, '--workers', '0'], /Expected --workers to be an integer from 1/);
test(refuses, ['run', small, '--out', ''], /Expected --out to be given once with a value/);
test(refuses, ['run', small, small], /Expected experiments of different names, got two named small/);
test(refuses, ['run', small, '--profile', 'none'], /Expected --profile/);
test(
	refuses,
	['run', small, '--out', join(small, 'below')],
	/small\.yaml\S*: a file stands where a folder has to be$/m,
);

test('results that are none of ours are not replaced, and nothing is simulated', async t => {
	const out = await temporaryFolder();
	await mkdir(join(out, 'small', 'fixed'), {recursive: true});
	await writeFile(join(out, 'small', 'fixed', 'thesis.txt'), 'mine');
	const {stderr, exitCode} = await replicast(['run', small, '--out', out]);
	t.is(exitCode, 2);
	t.regex(stderr, /^Expected .*fixed to be absent, empty or a record, got other files in it\n$/);
	t.is(await readFile(join(out, 'small', 'fixed', 'thesis.txt'), 'utf8'), 'mine');
});

test('what was assumed stands right below the heading of every report, and in the summary', async t => {
	const out = await temporaryFolder();
	const silent = join(out, 'silent.yaml');
	await writeSmall(silent, text => text.replace(' threads: 1,', ''));
	const {stdout, stderr} = await replicast(['run', silent, '--out', out, '--replications', '1', '--html']);
	t.is(stderr, 'Simulating 1 replication\nSimulated small\n');
	const assumption = /^Assumed: The model runs on 1 thread,/m;
	t.regex(stdout.split('Replicas over time')[0]!, assumption);
	const read = async (name: string) => readFile(join(out, 'small', name), 'utf8');
	t.regex((await read('report.md')).split('| replicas, mean')[0]!, /^- Assumed: The model runs on 1 thread,/m);
	t.regex((await read('report.html')).split('</header>')[0]!, /<p>Assumed: The model runs on 1 thread,/);
	t.regex(JSON.parse(await read('summary.json')).assumptions[0], /^The model runs on 1 thread,/);

	const useless = ['--set', 'autoscaler.spec.maxReplicas=2', '--html'];
	const warned = await replicast(['run', silent, '--out', out, '--replications', '1', ...useless]);
	t.regex(warned.stdout, /\nWarning: The autoscaler cannot change anything: [\s\S]*\nAssumed: /);
	t.regex(await read('report.md'), /\*\*Warning: The autoscaler cannot change anything: [\s\S]*- Assumed: /);
	t.regex(
		await read('report.html'),
		/<p class="warning">Warning: The autoscaler cannot change anything: [\s\S]*<p>Assumed: [\s\S]*<\/header>/,
	);

	const given = await replicast(['run', small, '--out', out, '--replications', '1', '--set', 'kubernetes=1.35']);
	t.false(given.stdout.includes('Assumed'));
	t.deepEqual(JSON.parse(await read('summary.json')).assumptions, []);
});

import {execFile} from 'node:child_process';
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import anyTest from 'ava';
import {execaNode} from 'execa';
import {parse} from 'yaml';
import {cli, removeTemporaryFolders, replicast, temporaryFolder} from './run-command.ts';

const test = anyTest.serial;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const fixture = (name: string) => join(root, 'test', 'fixtures', 'lint', 'rules', name);
const unreachable = fixture('target-out-of-reach/speaks.yaml');
const budget = fixture('budget-blocks-drains/speaks.yaml');

anyTest.after.always(removeTemporaryFolders);

test('the first lines are how many were found and the worst, each with its witness and its change', async t => {
	const {stdout, exitCode} = await replicast(['lint', unreachable, budget], {env: {COLUMNS: '80'}});
	t.is(exitCode, 1);
	t.regex(stdout, /^1 error, 1 warning in 2 autoscalers in 2 files\.\nFirst:\s+\S+speaks\.yaml:28:7:\s+CPU\s+never/);
	t.regex(stdout, /Witness: 20 requests\/s of 0\.5 CPU seconds each/);
	t.regex(stdout, /9:55 {2}2 pods {2}cpu 100 %/);
	t.regex(stdout, /Change: Set averageUtilization to at most 89/);
	t.true(
		stdout.split('\n').every(line => line.length <= 80 || line.includes('/')),
		stdout,
	); // paths stay whole
});

test('the exit status follows --fail-on', async t => {
	for (const [failOn, status] of [
		['error', 0],
		['warning', 1],
		['info', 1],
		['never', 0],
	] as const) {
		t.is((await replicast(['lint', budget, '--fail-on', failOn])).exitCode, status, failOn);
	}

	t.is((await replicast(['lint', fixture('polling-without-effect/speaks.yaml')])).exitCode, 0);
});

test('a file that cannot be read is one line and status 2, in a folder it is passed over', async t => {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'broken.yaml'), 'kind: Deployment\nspec: [');
	await writeFile(join(cwd, 'chart.yaml'), 'kind: Deployment\nmetadata:\n  name: {{ .Values.name }}\n');
	const missing = await replicast(['lint', 'nowhere.yaml'], {cwd});
	t.is(missing.stderr, 'nowhere.yaml does not exist\n');
	t.is(missing.exitCode, 2);
	const named = await replicast(['lint', 'broken.yaml'], {cwd});
	t.regex(named.stderr, /^broken\.yaml:2:\d+: /);
	t.is(named.exitCode, 2);
	const folder = await replicast(['lint', '.'], {cwd});
	t.is(folder.exitCode, 0);
	t.regex(folder.stdout, /2 files passed over; the first, broken\.yaml/);
});

test('standard input is read, as what a chart renders', async t => {
	const input = await readFile(unreachable, 'utf8');
	const {stdout, exitCode} = await execaNode(cli, ['lint', '-'], {reject: false, input});
	t.is(exitCode, 1);
	t.regex(stdout, /standard input:28:7: error, target-out-of-reach: HorizontalPodAutoscaler web/);
});

test('more than a hundred manifests take seconds', async t => {
	const started = performance.now();
	const {stdout} = await replicast(['lint', join(root, 'test', 'fixtures', 'lint', 'corpus'), '--fail-on', 'never']);
	const seconds = (performance.now() - started) / 1000;
	t.regex(stdout, /in 1[2-9]\d autoscalers in 1[5-9]\d files/);
	t.true(seconds < 60, `${seconds} s`); // 3.5 s where nothing else runs
});

test('an annotation turns a rule off, which is counted', async t => {
	const cwd = await temporaryFolder();
	const text = await readFile(budget, 'utf8');
	const annotated = text.replace(
		/(kind: PodDisruptionBudget\nmetadata:\n)/,
		'$1  annotations: {replicast/lint-ignore: "fixed-size, budget-blocks-drains"}\n',
	);
	t.not(annotated, text);
	await writeFile(join(cwd, 'a.yaml'), annotated);
	const {stdout, exitCode} = await replicast(['lint', 'a.yaml'], {cwd});
	t.is(exitCode, 0);
	t.regex(stdout, /^Nothing found in 1 autoscaler in 1 file\.\n\n- 1 finding turned off by annotations\./);
	const sarif = JSON.parse((await replicast(['lint', 'a.yaml', '--format', 'sarif'], {cwd})).stdout);
	t.deepEqual(sarif.runs[0].results[0].suppressions, [{kind: 'inSource'}]);
});

test('SARIF names the rule and the line of each finding', async t => {
	const {stdout} = await replicast(['lint', unreachable, '--format', 'sarif']);
	const {version, runs} = JSON.parse(stdout);
	t.is(version, '2.1.0');
	const [{tool, results}] = runs;
	t.is(results.length, 1);
	t.is(tool.driver.rules[results[0].ruleIndex].id, results[0].ruleId);
	t.is(results[0].level, 'error');
	t.deepEqual(results[0].locations[0].physicalLocation.region, {startLine: 28, startColumn: 7});
});

test('JSON has the witness, whose cases decide answers in the same way', async t => {
	const cwd = await temporaryFolder();
	const {findings} = JSON.parse((await replicast(['lint', unreachable, '--format', 'json'])).stdout);
	const [{witness}] = findings;
	t.is(witness.from, 'simulator');
	t.true(witness.timeline.length > 20);
	t.true(witness.cases.length > 0);
	for (const [index, {case: given, desiredReplicas}] of witness.cases.entries()) {
		await writeFile(join(cwd, `${index}.json`), JSON.stringify(given));
		const answer = JSON.parse((await replicast(['decide', `${index}.json`], {cwd})).stdout);
		t.is(answer.desiredReplicas, desiredReplicas);
	}
});

test('GitHub gets one command a finding, whatever the texts hold', async t => {
	const cwd = await temporaryFolder();
	const text = await readFile(fixture('container-not-found/speaks.yaml'), 'utf8');
	await writeFile(join(cwd, 'a,b:c.yaml'), text.replaceAll('container: app', 'container: "a\\n::error::b%"'));
	const {stdout} = await replicast(['lint', 'a,b:c.yaml', '--format', 'github'], {cwd});
	t.is(stdout.trimEnd().split('\n').length, 1, stdout);
	t.regex(stdout, /^::error file=a%2Cb%3Ac\.yaml,line=/);
});

test('the steps of the action mark lines, write the answer and fail as they are told', async t => {
	const cwd = await temporaryFolder();
	const {runs} = parse(await readFile(join(root, 'action.yml'), 'utf8'));
	const bin = join(cwd, 'bin');
	await mkdir(bin);
	await writeFile(join(bin, 'replicast'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
	await chmod(join(bin, 'replicast'), 0o755);
	await mkdir(join(cwd, 'tests'));
	const text = await readFile(join(root, 'test', 'cli', 'fixtures', 'small.yaml'), 'utf8');
	const manifest = await readFile(join(root, 'k8s', 'hpa.yaml'), 'utf8');
	await writeFile(join(cwd, 'tests', 'small.yaml'), text.replace('../../../k8s/', '../'));
	await writeFile(join(cwd, 'hpa.yaml'), manifest);
	const git = async (...words: string[]) =>
		promisify(execFile)('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {cwd});
	await git('init', '--quiet');
	await git('add', 'tests', 'hpa.yaml');
	await git('commit', '--quiet', '--message', 'base');
	const {stdout: base} = await git('rev-parse', 'HEAD');
	t.regex(manifest, /minReplicas: [12]\n/);
	await writeFile(join(cwd, 'hpa.yaml'), manifest.replace(/minReplicas: \d+/, 'minReplicas: 5'));
	const variables: Record<string, string> = {
		PATH: `${bin}:${process.env['PATH']}`,
		MANIFESTS: unreachable,
		FAIL_ON: 'error',
		SARIF: 'found.sarif',
		COMMENT: 'answer.md',
		EXPERIMENT: join('tests', 'small.yaml'),
		BASE: base.trim(),
		SOURCE: root,
		GITHUB_ENV: join(cwd, 'env'),
		GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
	};
	const bash = async (name: string) => {
		const step = runs.steps.find((each: {name: string}) => each.name === name);
		const known = await readFile(variables['GITHUB_ENV']!, 'utf8').catch(() => '');
		const set = Object.fromEntries(
			known
				.split('\n')
				.filter(line => line.includes('='))
				.map(line => line.split('=')),
		);
		return promisify(execFile)('bash', ['-eo', 'pipefail', '-c', step.run], {cwd, env: {...variables, ...set}});
	};
	t.regex(
		(await bash('Look at the autoscalers')).stdout,
		/^::error file=\S+,line=28,col=7,title=target-out-of-reach::/,
	);
	t.is(JSON.parse(await readFile(join(cwd, 'found.sarif'), 'utf8')).runs[0].results.length, 1);
	await bash('Forecast');
	const error = await t.throwsAsync<Error & {code: number}>(bash('Answer'));
	t.is(error?.code, 1);
	const summary = await readFile(join(cwd, 'summary.md'), 'utf8');
	t.regex(summary, /^# Autoscalers\n\n\*\*1 error in 1 autoscaler in 1 file\.\*\*/);
	t.regex(summary, /\n# small/);
	t.regex(summary, /\n## Before and after\n\n\| {2}\| before \| after \| change \|\n/);
	t.regex(summary, /\n\| SLO \| \S+.* \| \S+.* \| /);
	const pods = /\n\| pods, mean \| ([\d.]+) \| ([\d.]+) \| \+[\d.]+ % \|\n/.exec(summary);
	t.true(Number(pods?.[2]) >= 5 && Number(pods?.[1]) < 5, summary.slice(0, 3000));
	t.regex(summary, /\n\| cost per hour \| \$0\.\d+ \| \$0\.\d+ \| \+[\d.]+ % \|\n[\s\S]*\| latency p95 \| [\d.]+ s \|/);
	t.true(summary.includes(`Before is the base, ${base.slice(0, 12)}.\n`));
	t.is((await git('worktree', 'list')).stdout.trim().split('\n').length, 1);
	await git('rm', '--quiet', '--cached', 'hpa.yaml');
	await git('commit', '--quiet', '--message', 'without a manifest');
	variables['BASE'] = (await git('rev-parse', 'HEAD')).stdout.trim();
	await bash('Forecast');
	t.regex(
		await readFile(join(cwd, 'answer.md'), 'utf8'),
		/\nThere is no forecast of the base, [0-9a-f]{12}:\n\n {4}.*hpa\.yaml/,
	);
});

import {readFile, realpath} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import {answerHeadline} from '../../src/report/answer-lines.ts';
import {removeTemporaryFolders, replicast, small, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

test('without an experiment it takes one that comes along, and says which', async t => {
	const cwd = await temporaryFolder();
	const {stdout, stderr, exitCode} = await replicast(['explore'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stderr, /^No experiment was given; taken: dynamic-scaling, which comes with Replicast\n/);
	const path = join('reports', 'explored', 'dynamic-scaling.html');
	t.regex(stdout, /^As it is: SLO met · \$/);
	t.true(stdout.endsWith(`:\n  ${pathToFileURL(join(await realpath(cwd), path)).href}\nWritten to ${path}\n`), stdout);
	const page = await readFile(join(cwd, path), 'utf8');
	t.regex(page, /^<!doctype html>/);
	t.notRegex(page, /(?:src|href)="(?!data:)[^"]/);
});

test('the answer is the first line of run', async t => {
	const cwd = await temporaryFolder();
	const words = [small, '--set', 'slo.p95=30s'];
	const env = {COLUMNS: '100'};
	const explored = await replicast(['explore', ...words], {cwd, env});
	const run = await replicast(['run', ...words, '--json', '--prediction-runs', '0'], {cwd});
	const headline = answerHeadline(JSON.parse(run.stdout)[0]);
	t.is(explored.stdout.split('\nOpen it ')[0]!.replaceAll(/\n\s*/g, ' '), `As it is: ${headline}`);
});

test('the same order gives the same bytes', async t => {
	const cwd = await temporaryFolder();
	for (const out of ['a.html', 'b.html']) {
		t.is(
			(await replicast(['explore', small, '--seed', '3', '--set', 'fixed.replicas=4', '--out', out], {cwd})).exitCode,
			0,
		);
	}

	t.deepEqual(await readFile(join(cwd, 'a.html')), await readFile(join(cwd, 'b.html')));
});

const refuses = test.macro({
	async exec(t, words: readonly string[], message: RegExp) {
		const {stdout, stderr, exitCode} = await replicast(['explore', ...words], {cwd: await temporaryFolder()});
		t.is(exitCode, 2);
		t.is(stdout, '');
		t.regex(stderr, message);
		t.is(stderr.trimEnd().split('\n').length, 1);
	},
	title: (_, words: readonly string[]) => `replicast explore ${words.join(' ')} is refused in one line`,
});

test(refuses, ['nowhere.yaml'], /^nowhere\.yaml does not exist\n$/);
test(refuses, [small, '--set', 'fixed.replicas=0'], /Expected fixed.replicas to be /);
test(refuses, [small, '--out', 'page'], /^Expected --out to be a file that ends in .html, got "page"$/m);
test(refuses, [small, '--record', 'nothing'], /nothing/);
test(refuses, [small, '--replications', '0'], /Expected --replications to be an integer from 1 to 10000, got "0"/);
test(
	refuses,
	[small, '--nonsense'],
	/^replicast explore: Unknown option: --nonsense \(see replicast explore --help\)\n$/,
);
test(refuses, [small, small], /^Expected one experiment, got (\S+small\.yaml) and \1\n$/);

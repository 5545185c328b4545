import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {removeTemporaryFolders, replicast, small, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

test('without an experiment it takes one that comes along, and says which', async t => {
	const cwd = await temporaryFolder();
	const {stdout, stderr, exitCode} = await replicast(['explore'], {cwd});
	t.is(exitCode, 0, stderr);
	t.is(stderr, 'No experiment was given; taken: dynamic-scaling, which comes with Replicast\n');
	t.is(stdout, `Written to ${join('reports', 'explored', 'dynamic-scaling.html')}: open it in a browser\n`);
	const page = await readFile(join(cwd, 'reports', 'explored', 'dynamic-scaling.html'), 'utf8');
	t.regex(page, /^<!doctype html>/);
	t.notRegex(page, /(?:src|href)="(?!data:)[^"]/);
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

import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import yargs from 'yargs';
import {commands} from '../../src/cli/commands.ts';
import {complete} from '../../src/cli/complete.ts';
import {cli, removeTemporaryFolders, replicast, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

async function workplace(): Promise<string> {
	const cwd = await temporaryFolder();
	await mkdir(join(cwd, 'experiments'));
	await writeFile(join(cwd, 'experiments', 'ramp.yaml'), '');
	await writeFile(join(cwd, 'experiments', 'notes.md'), '');
	await writeFile(join(cwd, 'mine.yaml'), '');
	return cwd;
}

const offered = async (words: readonly string[], shell = '/bin/bash') => {
	const {stdout, stderr, exitCode} = await replicast(['--get-yargs-completions', 'replicast', ...words], {
		cwd: await workplace(),
		env: {SHELL: shell, ZSH_NAME: ''},
	});
	return exitCode === 0 ? stdout.split('\n').filter(line => line !== '') : [stderr];
};

const completes = test.macro({
	async exec(t, words: readonly string[], expected: readonly string[]) {
		t.deepEqual(await offered(words), [...expected]);
	},
	title: (_, words: readonly string[]) => `replicast ${words.join(' ')} is completed`,
});

test(completes, ['tr'], ['trace']);
test(completes, ['run', '--prof'], ['--profile']);
test(completes, ['run', 'mine.yaml', '--repl'], ['--replications']);
test(completes, ['run', ''], ['experiments/', 'mine.yaml']);
test(completes, ['run', '--all', 'm'], ['mine.yaml']);
test(completes, ['run', 'experiments/'], ['experiments/ramp.yaml']);
test(completes, ['run', 'experiments/r'], ['experiments/ramp.yaml']);
test(completes, ['compare', 'nothing/'], []);
test(completes, ['trace', 'in'], ['inspect']);
test(completes, ['trace', 'inspect', 'm'], []);
test(completes, ['trace', 'generate', '--like', ''], ['azure-conversation', 'azure-code']);
test(completes, ['schema', 'price'], ['price-book']);
test(completes, ['run', '--seed', 'x', '--ou'], ['--out']);
test(completes, ['nonsense', ''], []);

test('every command is offered, and its options', async t => {
	t.deepEqual(
		await offered(['']),
		commands.map(({command}) => command.split(' ')[0]),
	);
	for (const {command, load} of commands) {
		const [name = ''] = command.split(' ');
		const {builder} = await load();
		const help = await builder(yargs().version(false)).getHelp();
		const options = [...help.matchAll(/^ {2,6}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
		t.deepEqual((await complete([name, '--'])).toSorted(), [...new Set(options)].toSorted(), name);
	}
});

test('zsh and fish get descriptions', async t => {
	t.true((await offered(['run', '--prof'], '/bin/zsh'))[0]!.startsWith('--profile:Profile of'));
	t.true((await offered(['run', '--prof'], '/usr/bin/fish'))[0]!.startsWith('--profile\tProfile of'));
});

test('the script completes in a real bash', async t => {
	const cwd = await workplace();
	const {stdout: script} = await replicast(['completion'], {env: {SHELL: '/bin/bash', ZSH_NAME: ''}});
	t.regex(script, /complete .* replicast\n/);
	await writeFile(join(cwd, 'replicast'), `#!/bin/sh\nexec node ${cli} "$@"\n`, {mode: 0o755});
	const ask = `${script}
PATH="${cwd}:$PATH"
COMP_WORDS=(replicast run experiments/r); COMP_CWORD=2
_replicast_yargs_completions
echo "\${COMPREPLY[@]}"`;
	const {stdout} = await execa('bash', ['-c', ask], {cwd, env: {SHELL: '/bin/bash', ZSH_NAME: ''}});
	t.is(stdout, 'experiments/ramp.yaml');
});

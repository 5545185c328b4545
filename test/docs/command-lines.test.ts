import test from 'ava';
import yargs, {type Argv} from 'yargs';
import {commands} from '../../src/cli/commands.ts';
import {pages, shellLines} from './pages.ts';

/** Words as a shell makes them, up to a comment, a pipe or a redirection. */
function wordsOf(line: string): string[] {
	const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
	const end = words.findIndex(word => /^(?:#|\||>|&&|;)/.test(word));
	return words.slice(0, end === -1 ? undefined : end).map(word => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}

/** The words after `replicast`, where a line calls it. */
function callsIn(text: string): string[][] {
	return shellLines(text)
		.map(wordsOf)
		.flatMap(words => {
			const start = words[0] === 'npx' ? 1 : 0;
			return words[start] === 'replicast' && words.length > start + 1 ? [words.slice(start + 1)] : [];
		});
}

/** What the command line finds wrong with words; nothing is run. */
async function faultOf(words: readonly string[]): Promise<string | undefined> {
	if (['--help', '--version', 'help'].includes(words[0]!)) {
		return undefined;
	}

	const parser = yargs([...words])
		.locale('en')
		.exitProcess(false)
		.help(false)
		.strict()
		.option('help', {type: 'boolean'})
		.parserConfiguration({'duplicate-arguments-array': true, 'boolean-negation': false})
		.demandCommand(1)
		.fail((message, error) => {
			throw error ?? new Error(message);
		});
	for (const {command, describe, load} of commands) {
		parser.command(
			command,
			describe,
			async (inner: Argv) => {
				const builder = (await load()).builder(inner);
				return words.includes('--help') ? builder.demandCommand(0) : builder;
			},
			() => {},
		);
	}

	try {
		await parser.parseAsync();
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}

let count = 0;
for (const [page, text] of pages) {
	const calls = callsIn(text);
	count += calls.length;
	if (calls.length > 0) {
		test(`the command line takes every call in ${page}`, async t => {
			for (const words of calls) {
				t.is(await faultOf(words), undefined, words.join(' '));
			}
		});
	}
}

test('the pages call it often enough that this tells something', async t => {
	t.true(count > 30, `${count}`);
	t.regex(String(await faultOf(['run', 'a.yaml', '--no-such'])), /Unknown arguments?: no-such/);
	t.regex(String(await faultOf(['no-such', 'a.yaml'])), /Unknown/);
});

/** Arguments of vLLM and SGLang that a manifest may have. */
const argumentsOfEngines = [
	'max-num-seqs',
	'max-num-batched-tokens',
	'max-model-len',
	'scheduling-policy',
	'max-running-requests',
	'chunked-prefill-size',
	'context-length',
];

test('every option that a page names exists', async t => {
	const known = new Set(['help', 'version']);
	for (const {load} of commands) {
		const parser = await (await load()).builder(yargs([]));
		for (const key of Object.keys((parser as Argv & {getOptions: () => {key: object}}).getOptions().key)) {
			known.add(key);
		}
	}

	for (const [page, text] of pages) {
		if (!/^(?:README|docs\/(?!reference|backend|how-to\/contribute))/.test(page)) {
			continue;
		}

		for (const [, option] of text.matchAll(/`--([a-z][\w-]*)(?=[ =`])/g)) {
			const isOthers = [
				'save-result',
				'save-detailed',
				'append-result',
				'summary-export',
				'vmodule',
				'kubelet-insecure-tls',
				'global',
				'config',
				...argumentsOfEngines,
			].includes(option!);
			t.true(known.has(option!) || isOthers, `${page}: --${option}`);
		}
	}
});

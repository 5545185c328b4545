import yargs, {type Argv} from 'yargs';
import {UserError} from '../errors.ts';
import {version} from '../library/program.ts';
import {type CommandEntry, commands} from './commands.ts';
import {terminalWidth} from './terminal/print.ts';

/**
 * Finds the command that `words` name and runs it.
 *
 * @throws {UserError} E_USAGE when the words are wrong, in one line
 */
export async function parseAndRun(words: readonly string[]): Promise<void> {
	const parser = yargs([...words])
		.scriptName('replicast')
		.locale('en')
		.exitProcess(false)
		.wrap(terminalWidth())
		.version(version())
		.parserConfiguration({'duplicate-arguments-array': true, 'boolean-negation': false})
		.demandCommand(1, 'Expected a command')
		.recommendCommands()
		.strict()
		.fail((message, error) => {
			throw error ?? new UsageMessage(message);
		});
	for (const entry of commands) {
		register(parser, entry);
	}

	try {
		await parser.parseAsync();
	} catch (error) {
		throw asUsageFault(words, error);
	}
}

/** Usage fault that yargs reports without throwing it itself. */
class UsageMessage extends Error {
	override readonly name = 'UsageMessage';
}

function register(parser: Argv, {command, describe, load, checksMany}: CommandEntry): void {
	parser.command(
		command,
		describe,
		async yargs => {
			if (checksMany !== true) {
				await import('./jitless.ts'); // before the command's schemas are made
			}

			return (await load()).builder(yargs);
		},
		async args => (await load()).handler(args as never),
	);
}

/** Converts yargs' report to a fault in one line; any other error is a command's own and is passed through. */
function asUsageFault(words: readonly string[], error: unknown): unknown {
	if (!(error instanceof UsageMessage || (error instanceof Error && error.name === 'YError'))) {
		return error;
	}

	const entry = commands.find(({command}) => command.split(' ')[0] === words[0]);
	const program = entry === undefined ? 'replicast' : `replicast ${words[0]}`;
	const unknown = error.message.startsWith('Did you mean') ? `Unknown command: ${words[0]}. ` : '';
	const [said = ''] = withChoices(error.message).split('\n');
	const text = inOwnWords(said, words, entry?.command ?? '');
	return new UserError('E_USAGE', `${program}: ${unknown}${text} (see ${program} --help)`, {cause: error});
}

/** Message of yargs about a missing or unknown word, with the word as it is typed. */
function inOwnWords(said: string, words: readonly string[], usage: string): string {
	const [, option] = /^Not enough arguments following: (.*)$/.exec(said) ?? [];
	const [, got] = /^Not enough non-option arguments: got (\d+)/.exec(said) ?? [];
	const [, missing] = /^Missing required arguments?: (.*)$/.exec(said) ?? [];
	const [, strange] = /^Unknown (?:arguments?|commands?): (.*)$/.exec(said) ?? [];
	if (option !== undefined) {
		return `Expected a value after --${option}, got none`;
	}

	if (got !== undefined) {
		const wanted = (usage.match(/<[^>]+>/g) ?? []).slice(Number(got)).map(name => name.replaceAll(/[<>.]/g, ''));
		return `Expected ${wanted.join(' and ')} to be given, got nothing`;
	}

	if (missing !== undefined) {
		return `Expected --${missing.replaceAll(', ', ' and --')} to be given, got nothing`;
	}

	return strange === undefined ? said : unknownText(strange.split(', '), words);
}

/** `Unknown option: --sed`, or a word too many. Yargs names an option of two words twice, as `two-words` and `twoWords`. */
function unknownText(names: readonly string[], words: readonly string[]): string {
	const options = names
		.map(name => (name.length === 1 ? `-${name}` : `--${name}`))
		.filter(option => words.some(word => word === option || word.startsWith(`${option}=`)));
	return options.length > 0
		? `Unknown option: ${options.join(', ')}`
		: `Expected no more words, got ${names.map(name => JSON.stringify(name)).join(', ')}`;
}

/** Adds the allowed words to the message of a word that is none of them, which yargs writes in lines of their own. */
function withChoices(message: string): string {
	const [, name, given, choices] = /Argument: ([^,]+), Given: (.*), Choices: (.*)/.exec(message) ?? [];
	return choices === undefined ? message : `Expected ${name} to be one of ${choices}, got ${given}`;
}

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

	const isKnown = commands.some(({command}) => command.split(' ')[0] === words[0]);
	const program = isKnown ? `replicast ${words[0]}` : 'replicast';
	const unknown = error.message.startsWith('Did you mean') ? `Unknown command: ${words[0]}. ` : '';
	const [said] = withChoices(error.message).split('\n');
	return new UserError('E_USAGE', `${program}: ${unknown}${said} (${program} --help says what there is)`, {
		cause: error,
	});
}

/** Adds the allowed words to the message of a word that is none of them, which yargs writes in lines of their own. */
function withChoices(message: string): string {
	const [, name, given, choices] = /Argument: ([^,]+), Given: (.*), Choices: (.*)/.exec(message) ?? [];
	return choices === undefined ? message : `Expected ${name} to be one of ${choices}, got ${given}`;
}

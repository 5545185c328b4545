import {readdirSync} from 'node:fs';
import {basename} from 'node:path';
import yargs, {type Argv} from 'yargs';
import {type CommandEntry, commands} from './commands.ts';

/**
 * Completions of the last word of a command line. Empty where the shell knows better, as with other files.
 *
 * @param line - the words so far, the last one unfinished; the program's own name may come first
 */
export async function complete(line: readonly string[]): Promise<readonly string[]> {
	const words = basename(line[0] ?? '') === 'replicast' ? line.slice(1) : line;
	const [name = ''] = words;
	if (words.length <= 1) {
		return commands.map(({command}) => nameOf(command)).filter(command => command.startsWith(name));
	}

	const entry = commands.find(({command}) => nameOf(command) === name);
	return entry === undefined ? [] : completeArguments(entry, words);
}

async function completeArguments(entry: CommandEntry, words: readonly string[]): Promise<readonly string[]> {
	const current = words.at(-1)!;
	const {builder} = await entry.load();
	const offered = await offers(builder, words);
	const choices = offered
		.filter(offer => offer.startsWith('-') === current.startsWith('-') && offer.startsWith(current))
		.filter(offer => !/^--\w(?!\S)/.test(offer.replace(':', '\t'))); // a letter with two dashes is no option
	return choices.length > 0 || current.startsWith('-') || !takesExperiments(entry) ? choices : experimentFiles(current);
}

/** Options, and the words that an option or a place is limited to. */
async function offers(builder: (yargs: Argv) => Argv<unknown>, words: readonly string[]): Promise<readonly string[]> {
	try {
		// Not as a command: its builder would be asked for the words of this process.
		return await builder(yargs().locale('en').version(false).exitProcess(false).fail(false)).getCompletion([...words]);
	} catch {
		return []; // an unfinished value that an option refuses
	}
}

function nameOf(command: string): string {
	return command.split(' ')[0]!;
}

function takesExperiments({command}: CommandEntry): boolean {
	return /[[<](?:file|path)/.test(command) && nameOf(command) !== 'trace';
}

/** YAML files of the folder in the last word, and the folders in it. */
function experimentFiles(current: string): readonly string[] {
	const slash = current.lastIndexOf('/') + 1;
	const [folder, begun] = [current.slice(0, slash), current.slice(slash)];
	try {
		return readdirSync(folder === '' ? '.' : folder, {withFileTypes: true})
			.filter(({name}) => name.startsWith(begun) && (begun !== '' || !name.startsWith('.')))
			.filter(entry => entry.isDirectory() || /\.ya?ml$/.test(entry.name))
			.map(entry => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
			.sort();
	} catch {
		return [];
	}
}

import process from 'node:process';
import {UserError} from '../errors.ts';
import {print, printError, terminalWidth} from './terminal/print.ts';

/** Runs the command line, and sets the exit status: 0 done, 1 a bug, 2 what the user can mend. */
export async function main(words: readonly string[]): Promise<void> {
	process.stdout.on('error', quitWithoutOutput);
	process.stderr.on('error', () => {}); // whose reader is gone loses the progress, not the work
	try {
		await answer(words);
	} catch (error) {
		report(error);
	}
}

async function answer(words: readonly string[]): Promise<void> {
	const [first] = words;
	if (first === undefined || (words.length === 1 && (first === '--help' || first === 'help'))) {
		const {overview} = await import('./commands.ts');
		print(overview(terminalWidth()));
	} else if (words.length === 1 && first === '--version') {
		const {version} = await import('../library/program.ts');
		print(`${version()}\n`);
	} else if (first === '--get-yargs-completions') {
		const {complete} = await import('./complete.ts');
		print((await complete(words.slice(1))).map(word => `${word}\n`).join(''));
	} else {
		const {parseAndRun} = await import('./parse.ts');
		await parseAndRun(words);
	}
}

function report(error: unknown): void {
	if (error instanceof UserError) {
		printError(`${error.message}\n`);
		process.exitCode = 2;
	} else if (isOutOfMemory(error)) {
		printError('Expected enough memory, got none left: use fewer --workers, a shorter duration or less load\n');
		process.exitCode = 2;
	} else {
		printError(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		process.exitCode = 1;
	}
}

function isOutOfMemory(error: unknown): boolean {
	return (
		error instanceof Error &&
		(error.message === 'Array buffer allocation failed' ||
			('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'))
	);
}

/** `replicast … | head` closes the pipe early: that is no bug, nor is a full disk behind a redirection. */
function quitWithoutOutput({code, message}: NodeJS.ErrnoException): void {
	if (code === 'EPIPE') {
		process.exit(0);
	}

	printError(`Expected to write to standard output, got ${message}\n`);
	process.exit(2);
}

import {ExecaError, execa} from 'execa';
import {UserError} from '../../errors.ts';

type ToolOptions = {
	readonly input?: string;
	readonly signal?: AbortSignal;
	/** How long it may take [s]; an hour when left out. */
	readonly timeout?: number;
};

/**
 * Runs one of the commands that a replay needs of its machine.
 *
 * @returns standard output
 * @throws {UserError} E_CLUSTER with the command and the last thing that it said, when it fails or is not there
 */
export async function runTool(
	tool: 'docker' | 'kind' | 'kubectl' | 'node',
	words: readonly string[],
	{input, signal, timeout = 3600}: ToolOptions = {},
): Promise<string> {
	try {
		const {stdout} = await execa(tool, words, {
			timeout: timeout * 1000,
			stripFinalNewline: true,
			...(input === undefined ? {stdin: 'ignore' as const} : {input}),
			...(signal !== undefined && {cancelSignal: signal}),
		});
		return stdout;
	} catch (error) {
		if (error instanceof ExecaError) {
			throw toolFault(tool, words, error);
		}

		throw error;
	}
}

function toolFault(tool: string, words: readonly string[], error: ExecaError): UserError {
	const command = [tool, ...words.slice(0, 3)].join(' ');
	const said = [error.stderr, error.stdout].map(lastLine).find(line => line !== '');
	const why = error.timedOut ? 'no end of it in time' : error.code === 'ENOENT' ? 'no such command' : said;
	return new UserError('E_CLUSTER', `Expected ${command} to work, got ${why ?? error.shortMessage}`, {cause: error});
}

/** Errors of docker and kind stand in the last line that is not a hint. */
function lastLine(output: unknown): string {
	const lines = typeof output === 'string' ? output.split('\n').map(line => line.trim()) : [];
	return lines.findLast(line => line !== '' && !line.startsWith('See ')) ?? '';
}

import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../errors.ts';

/**
 * Holds files of a folder against what a command would write there.
 *
 * @throws {UserError} E_FILE, a line each, when one is missing or is another one
 */
export function refuseStale(folder: string, files: Readonly<Record<string, string>>, command: string): void {
	const faults = Object.entries(files).flatMap(([name, content]) => {
		const path = join(folder, name);
		const there = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
		return there === content ? [] : [`Expected ${path} to be what ${command} writes, got ${unlike(there, content)}`];
	});
	if (faults.length > 0) {
		throw new UserError('E_FILE', faults.join('\n'));
	}
}

function unlike(there: string | undefined, content: string): string {
	if (there === undefined) {
		return 'no file';
	}

	const [lines, wanted] = [there.split('\n'), content.split('\n')];
	const index = wanted.findIndex((line, number) => line !== lines[number]);
	return `another line ${(index === -1 ? wanted.length : index) + 1}`;
}

import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {mkdir, readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {type Outcome, startReplicast, temporaryFolder} from '../cli/run-command.ts';

const breaker = fileURLToPath(new URL('break-disk.js', import.meta.url));

/** A place for a command: a folder for what it writes, and one for its temporary files. */
export type Place = {readonly out: string; readonly scratch: string; readonly counter: string};

export async function makePlace(): Promise<Place> {
	const root = await temporaryFolder();
	const place = {out: join(root, 'out'), scratch: join(root, 'tmp'), counter: join(root, 'counter')};
	await mkdir(place.scratch);
	return place;
}

export type Fault =
	| {readonly how: 'full' | 'kill'; readonly after: number}
	| {readonly how: 'read-only'}
	| {readonly how: 'count'};

/** Environment in which the disk below `folder` fails. */
export function broken(folder: string, fault: Fault & {readonly counter?: string}): Record<string, string> {
	return {NODE_OPTIONS: `--import=${breaker}`, BREAK_DISK: JSON.stringify({...fault, folder})};
}

/** Starts a command that writes to `out`, without a browser, with temporary files of its own. */
export function start(words: readonly string[], {out, scratch, counter}: Place, fault?: Fault) {
	const env = {TMPDIR: scratch, CHROME_PATH: join(scratch, 'none')};
	return startReplicast(words, {
		cwd: dirname(out),
		env: fault === undefined ? env : {...env, ...broken(out, {...fault, counter})},
	});
}

export async function finish(words: readonly string[], place: Place, fault?: Fault): Promise<Outcome> {
	const {stdout, stderr, exitCode} = await start(words, place, fault);
	return {stdout, stderr, exitCode};
}

/** How often a command changes the disk when nothing is wrong. */
export async function countChanges(words: readonly string[], place: Place): Promise<number> {
	await finish(words, place, {how: 'count'});
	return Number(await readFile(place.counter, 'utf8'));
}

/** Digest of each file below a folder, by path; where the order of lines depends on the workers', of the sorted lines. */
export function digests(folder: string): Record<string, string> {
	const paths = readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(entry => join(entry.parentPath, entry.name))
		.sort();
	return Object.fromEntries(
		paths.map(path => {
			const bytes = readFileSync(path);
			const content = path.endsWith('.ndjson') ? bytes.toString().split('\n').sort().join('\n') : bytes;
			return [path.slice(folder.length + 1), createHash('sha256').update(content).digest('hex').slice(0, 16)];
		}),
	);
}

/** Nothing temporary is left, here or where temporary files go. */
export function checkClean(t: ExecutionContext, {out, scratch}: Place, when: string): void {
	const temporary = [out, scratch]
		.filter(existsSync)
		.flatMap(folder => readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(path => /(^|\/)\./.test(path)));
	t.deepEqual(temporary, [], when);
}

import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execaNode} from 'execa';
import {cli, type Outcome, runInThisProcess} from './in-this-process.ts';

export {cli, type Outcome} from './in-this-process.ts';

const root = new URL('../../../', import.meta.url);

/** A small experiment. */
export const small = fileURLToPath(new URL('test/cli/fixtures/small.yaml', root));

type Surroundings = {readonly cwd?: string; readonly env?: Readonly<Record<string, string>>};

/** Starts the shipped command line; its end never throws, so that a test can look at the status. */
export function startReplicast(words: readonly string[], {cwd = tmpdir(), env = {}}: Surroundings = {}) {
	return execaNode(cli, words, {reject: false, stripFinalNewline: false, cwd, env});
}

/** Runs the shipped command line in this process, which is sooner; `startReplicast` is for what a process alone shows. */
export async function replicast(
	words: readonly string[],
	{cwd = tmpdir(), env = {}}: Surroundings = {},
): Promise<Outcome> {
	return runInThisProcess(words, {cwd, env});
}

/** Writes the small experiment, changed, to `path`: it can be read from anywhere. */
export async function writeSmall(path: string, change: (text: string) => string): Promise<void> {
	const text = await readFile(small, 'utf8');
	const manifest = '../../../k8s/hpa.yaml';
	await writeFile(path, change(text.replace(manifest, resolve(dirname(small), manifest))));
}

/** A new folder that is removed when the test file ends. */
export async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-cli-'));
	folders.push(folder);
	return folder;
}

export async function removeTemporaryFolders(): Promise<void> {
	await Promise.all(folders.map(async folder => rm(folder, {recursive: true, force: true})));
}

const folders: string[] = [];

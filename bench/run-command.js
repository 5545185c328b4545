import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {withFolder} from './machine.js';
import {timed} from './measure.js';

const execute = promisify(execFile);
export const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const usedResources = new URL('used-resources.js', import.meta.url).href;

/** Runs `replicast run` as a user would, in a process of its own: what it printed as JSON, how long it took, its processor time and its peak memory. */
export async function runCommand(words) {
	return withFolder(async folder => {
		const file = join(folder, 'used-resources');
		const all = ['--import', usedResources, program, 'run', ...words, '--json', '--out', join(folder, 'out')];
		const env = {...process.env, USED_RESOURCES_FILE: file};
		const {seconds, value} = await timed(async () => execute(process.execPath, all, {env, maxBuffer: 2 ** 28}));
		return {summaries: JSON.parse(value.stdout), seconds, ...JSON.parse(readFileSync(file, 'utf8'))};
	});
}

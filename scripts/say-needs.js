// Says what `npm run test:cluster` or `npm run test:load` takes, before it begins; ends with 1 where a tool is missing.
import {execFileSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import os from 'node:os';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const gibibyte = 2 ** 30;

/** Needs by the name of the tests; memory beside the tests' own [GiB]. */
const needs = {
	cluster: {
		takes: ({files, limit}) =>
			`${files} files of tests in turn, each stopped after ${limit}. They make kind clusters (replicast-…) and containers, and remove them; the first time docker downloads the node image and Ollama's image with a model, a few GiB.`,
		memory: 4,
		tools: [
			['docker', ['version', '--format', '{{.Server.Version}}']],
			['kind', ['version']],
			['kubectl', ['version', '--client']],
		],
	},
	load: {
		takes: ({files, limit, seconds}) =>
			`${files} files of tests in turn, each stopped after ${limit}: the backend under load for ${seconds / 60} min, then commands that are killed some hundred times, and readers under 10,000 hostile inputs each. No docker, no network beyond the loopback interface; both cores are busy.`,
		memory: 2,
		tools: [],
	},
};

const [name] = process.argv.slice(2);
const {takes, memory, tools} = needs[name];
const {default: config} = await import(`../ava.${name}.config.js`);
const files = config.files.flatMap(filesOf).length;
const seconds = Number(config.environmentVariables?.LOAD_SECONDS);
const limit = config.timeout.replace('m', ' min');
process.stdout.write(`npm run test:${name}: ${takes({files, limit, seconds})}\n`);
process.stdout.write(
	`Memory: about ${memory} GiB; ${(os.freemem() / gibibyte).toFixed(1)} GiB are free. Cores: 2 or more; ${os.availableParallelism()} are here.\n`,
);
const missing = tools.filter(([tool, words]) => !answers(tool, words)).map(([tool]) => tool);
if (missing.length > 0) {
	process.stdout.write(`Missing, or without an answer: ${missing.join(', ')}. None of these tests runs without.\n`);
	process.exitCode = 1;
}

/** Files of a pattern: one file, or a folder with all below it. */
function filesOf(pattern) {
	if (!pattern.includes('*')) {
		return [pattern];
	}

	const folder = `${root}${pattern.slice(0, pattern.indexOf('/*'))}`;
	return readdirSync(folder, {recursive: pattern.includes('/**/')}).filter(file => file.endsWith('.test.ts'));
}

function answers(tool, words) {
	try {
		execFileSync(tool, words, {stdio: 'ignore', timeout: 20_000});
		return true;
	} catch {
		return false;
	}
}

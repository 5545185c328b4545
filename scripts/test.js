// npm test: types and programs first, side by side; then lint beside the tests, which wait for timers and leave it room.
// Words after `npm test --` go to ava, such as `npm test -- 'test/tune/**'`: then programs are built only where those tests
// have one, and only files that git does not know as they are get linted.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {changedFiles, needPrograms} from './tests/chosen-tests.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = {
	...process.env,
	GOGC: process.env.GOGC ?? '300', // the compiler and the linter are short-lived: less time on their memory
	PATH: [path.join(root, 'node_modules/.bin'), process.env.PATH].join(path.delimiter),
};
const words = process.argv.slice(2);
const compile = 'npm run --silent compile';
const compileBrowser = `${compile} -- -p src/explorer/browser`;

/** Ends with the status and the output of a command line; the output is kept so that two do not mix. */
async function finish(line) {
	const running = spawn(line, {cwd: root, env, shell: true, stdio: ['ignore', 'pipe', 'pipe']});
	os.setPriority(running.pid, 5); // lint waits for the tests, never the tests for lint
	let output = '';
	for (const stream of [running.stdout, running.stderr]) {
		stream.setEncoding('utf8').on('data', text => {
			output += text;
		});
	}

	const [status] = await once(running, 'close');
	return {line, output, isGood: status === 0};
}

/** Writes how each ended, with the output of what failed; whether all is good. */
function told(finished) {
	for (const {line, output, isGood} of finished) {
		process.stdout.write(isGood ? `passed: ${line}\n` : `FAILED: ${line}\n${output}`);
	}

	return finished.every(({isGood}) => isGood);
}

async function inTurn(lines) {
	const finished = [];
	for (const line of lines) {
		finished.push(await finish(line));
	}

	return finished;
}

/** The command lines of lint, for all files or for those that have changed. */
async function linters() {
	if (words.length === 0) {
		return [compileBrowser, 'npm run --silent lint'];
	}

	const changed = await changedFiles();
	const typed = changed.filter(file => /^(src|test)\/.*\.ts$/.test(file));
	return [
		...(changed.length > 0 ? [`biome check --no-errors-on-unmatched ${changed.join(' ')}`] : []),
		...(typed.some(file => file.startsWith('src/explorer/browser/')) ? [compileBrowser] : []),
		...(typed.length > 0 ? [`oxlint ${typed.join(' ')}`] : []),
		...(typed.some(file => file.startsWith('src/')) ? ['depcruise --config .dependency-cruiser.js src'] : []),
	];
}

process.chdir(root);
const programs = needPrograms(words) ? ['npm run --silent build'] : [];
if (!told(await Promise.all([compile, ...programs].map(finish)))) {
	process.exit(1);
}

const linted = inTurn(await linters());
const chosen = words.length === 0 ? ['--config', 'ava.groups.config.js'] : words;
const ava = spawn('ava', chosen, {cwd: root, env, stdio: 'inherit'});
const [status] = await once(ava, 'close');
process.exitCode = told(await linted) && status === 0 ? 0 : 1;

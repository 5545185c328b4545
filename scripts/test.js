// npm test: types and programs first, side by side; then lint beside the tests, which wait for timers and leave it room.
// Words after `npm test --` go to ava, such as `npm test -- 'test/tune/**'`.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = {...process.env, PATH: [path.join(root, 'node_modules/.bin'), process.env.PATH].join(path.delimiter)};

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

if (!told(await Promise.all(['tsc', 'npm run --silent build'].map(finish)))) {
	process.exit(1);
}

const linted = inTurn(['tsc -p tsconfig.browser.json', 'npm run --silent lint']);
const ava = spawn('ava', process.argv.slice(2), {cwd: root, env, stdio: 'inherit'});
const [status] = await once(ava, 'close');
process.exitCode = told(await linted) && status === 0 ? 0 : 1;

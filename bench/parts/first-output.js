// How soon the command says its first word [s], on either stream, beside a program of Node that does nothing else.
import {spawn} from 'node:child_process';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {withFolder} from '../machine.js';
import {interleave, spread} from '../measure.js';
import {program} from '../run-command.js';

const experiment = fileURLToPath(new URL('../../experiments/dynamic-scaling.yaml', import.meta.url));

export async function firstOutput({quick}) {
	return withFolder(async out => {
		const seconds = await interleave(
			{
				node: () => firstWord(['--eval', 'console.log()']),
				help: () => firstWord([program, '--help']),
				run: () => firstWord([program, 'run', experiment, '--replications', '2', '--out', out]),
			},
			quick ? 1 : 9,
		);
		return {seconds: {node: spread(seconds.node), help: spread(seconds.help), run: spread(seconds.run)}};
	});
}

async function firstWord(words) {
	const start = performance.now();
	const child = spawn(process.execPath, words, {stdio: ['ignore', 'pipe', 'pipe']});
	let first;
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', () => {
			first ??= (performance.now() - start) / 1000;
		});
	}

	const status = await new Promise(resolve => {
		child.on('close', resolve);
	});
	if (status !== 0 || first === undefined) {
		throw new Error(`Expected node ${words.slice(0, 2).join(' ')} to say something and to exit with 0, got ${status}`);
	}

	return first;
}

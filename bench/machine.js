import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {availableParallelism, cpus, loadavg, release, tmpdir, totalmem, type} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const execute = promisify(execFile);

/** What the numbers were measured on. */
export function describeMachine() {
	return {
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: availableParallelism(),
		memoryBytes: totalmem(),
		node: process.version,
		os: `${type()} ${release()}`,
		distribution: distribution(),
		/** Of the last minute when the run began: above 0.5 something else was at work. */
		loadAverage: loadavg()[0],
	};
}

function distribution() {
	try {
		return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? null;
	} catch {
		return null;
	}
}

/** Where the files of the others are. */
export const peerFile = name => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

const python = process.env.PYTHON ?? 'python3';

/** Runs a Python script of `peers/` and gives what it printed, read as JSON. */
export async function runPython(script, words, input) {
	const running = execute(python, [peerFile(script), ...words.map(String)], {maxBuffer: 2 ** 26});
	running.child.stdin.end(input === undefined ? '' : JSON.stringify(input));
	return JSON.parse((await running).stdout);
}

const packages = {simpy: 'SimPy', ciw: 'Ciw', salabim: 'salabim'};

/** Simulators for Python and the C++ compiler: those that are there with their version, those that are not with what they need. */
export async function findPeers() {
	const peers = {};
	for (const [name, title] of Object.entries(packages)) {
		const version = await pythonPackage(name);
		peers[name] = version === undefined ? {title, needs: `${python} with \`pip install ${name}\``} : {title, version};
	}

	peers.cpp = {title: 'C++', needs: 'c++, g++ or clang++ on the PATH'};
	for (const compiler of ['c++', 'g++', 'clang++']) {
		const version = await execute(compiler, ['--version']).then(
			({stdout}) => stdout.split('\n')[0],
			() => undefined,
		);
		if (version !== undefined) {
			peers.cpp = {title: 'C++', version, compiler};
			break;
		}
	}

	return peers;
}

async function pythonPackage(name) {
	const program = `import importlib.metadata as m, ${name}; print(m.version('${name}'))`;
	return execute(python, ['-c', program]).then(
		({stdout}) => stdout.trim(),
		() => undefined,
	);
}

/** Compiles a file of `peers/` with -O2, hands a function that runs it to `use`, and removes it again. */
export async function withCompiled(compiler, source, use) {
	return withFolder(async folder => {
		const binary = join(folder, 'compiled');
		await execute(compiler, ['-O2', '-std=c++17', '-o', binary, peerFile(source)]);
		return use(async words => JSON.parse((await execute(binary, words.map(String))).stdout));
	});
}

/** Hands a new folder to `use` and removes it when that is done. */
export async function withFolder(use) {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-bench-'));
	try {
		return await use(folder);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

import type {EventEmitter} from 'node:events';
import process from 'node:process';
import {fileURLToPath, pathToFileURL} from 'node:url';

export type Outcome = {stdout: string; stderr: string; exitCode: number | undefined};

export type Surroundings = {readonly cwd: string; readonly env: Readonly<Record<string, string>>};

/** The command line as it is shipped. */
export const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

let last: Promise<unknown> = Promise.resolve();
let count = 0;

/**
 * Runs the shipped command line in this process, where its modules are loaded and compiled but once; one command at a time.
 * Arguments, folder, environment, what it writes and its status are those of a process of its own; memory, signals and
 * what a module keeps are not.
 */
export async function runInThisProcess(words: readonly string[], surroundings: Surroundings): Promise<Outcome> {
	const running = last.then(async () => run(words, surroundings));
	last = running.catch(() => {});
	return running;
}

/** The end of a command that ends its process. */
class Exit extends Error {}

async function run(words: readonly string[], {cwd, env}: Surroundings): Promise<Outcome> {
	const restore = [kept(process, 'argv'), kept(process, 'exit'), ...listeners()];
	const [folder, before] = [process.cwd(), {...process.env}];
	const [stdout, stderr] = [caught(process.stdout), caught(process.stderr)];
	process.exitCode = undefined;
	try {
		process.chdir(cwd);
		Object.assign(process.env, env);
		process.argv = [process.execPath, cli, ...words];
		let leave: (reason: Exit) => void = () => {};
		const left = new Promise<never>((_, reject) => {
			leave = reject;
		});
		process.exit = code => {
			process.exitCode = code ?? process.exitCode;
			leave(new Exit());
			throw new Exit();
		};
		count++;
		await Promise.race([import(`${pathToFileURL(cli).href}?${count}`), left]).catch(ignoreExit);
	} finally {
		process.chdir(folder);
		for (const name of Object.keys(process.env).filter(name => !(name in before))) {
			delete process.env[name];
		}

		Object.assign(process.env, before);
		for (const put of restore) {
			put();
		}

		stdout.end();
		stderr.end();
	}

	const exitCode = Number(process.exitCode ?? 0);
	process.exitCode = undefined;
	return {stdout: stdout.text(), stderr: stderr.text(), exitCode};
}

function ignoreExit(error: unknown): void {
	if (!(error instanceof Exit)) {
		throw error;
	}
}

/** @returns puts a property back as it is now */
function kept<Key extends 'argv' | 'exit'>(holder: Pick<NodeJS.Process, Key>, key: Key): () => void {
	const value = holder[key];
	return () => {
		holder[key] = value;
	};
}

/** @returns put the listeners back that there are now: of signals, and of the streams that a command writes to */
function listeners(): (() => void)[] {
	const holders: [EventEmitter, string[]][] = [
		[process, ['SIGINT', 'SIGTERM', 'exit']],
		[process.stdout, ['error', 'drain', 'resize']],
		[process.stderr, ['error', 'drain', 'resize']],
	];
	return holders.flatMap(([holder, names]) =>
		names.map(name => {
			const present = holder.rawListeners(name) as ((...given: unknown[]) => void)[];
			return () => {
				holder.removeAllListeners(name);
				for (const listener of present) {
					holder.on(name, listener);
				}
			};
		}),
	);
}

/** Catches what is written to a stream until its end. */
export function caught(stream: NodeJS.WriteStream) {
	const {write} = stream;
	const chunks: Buffer[] = [];
	stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
		chunks.push(Buffer.from(chunk as string));
		const after = rest.at(-1);
		if (typeof after === 'function') {
			process.nextTick(after as () => void);
		}

		return true;
	}) as typeof write;
	return {
		end() {
			stream.write = write;
		},
		text: () => Buffer.concat(chunks).toString(),
	};
}

import {readFileSync} from 'node:fs';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {UserError} from '../../../errors.ts';
import {evaluateShard} from './evaluate-shard.ts';
import {folderStore} from './folder-store.ts';
import type {ObjectStore} from './shard-work.ts';
import {digestOf} from './shard-work.ts';

/*
 * The program of the image. `evaluate` evaluates the shard of JOB_COMPLETION_INDEX of the batch BATCH; `keep` waits, so
 * that the others can be called in its pod: `put NAME` stores standard input, `get NAME…` prints an object of texts by name.
 * STORE is the folder at which the claim is mounted.
 */

type Environment = Readonly<Record<string, string | undefined>>;

for (const [signal, status] of [['SIGTERM', 143] as const, ['SIGINT', 130] as const]) {
	process.on(signal, () => process.exit(status)); // the first process of a container has no default for it
}

main(process.argv.slice(2), process.env).catch((error: unknown) => {
	const isTold = error instanceof UserError || (error instanceof Error && 'syscall' in error); // no bug of ours
	process.stderr.write(`${isTold ? error.message : String((error as Error).stack ?? error)}\n`);
	process.exitCode = error instanceof UserError && error.code === 'E_CONFIG' ? 2 : 1; // only 1 is tried again
});

async function main([command, ...names]: readonly string[], environment: Environment): Promise<void> {
	if (command === 'keep') {
		setInterval(() => undefined, 2 ** 30);
		return;
	}

	const store = folderStore(environment['STORE'] ?? '');
	if (command === 'evaluate') {
		await evaluate(store, environment);
	} else if (command === 'put' && names.length === 1) {
		await store.put(names[0]!, await text(process.stdin));
	} else if (command === 'get') {
		const texts = await Promise.all(names.map(async name => [name, await store.get(name)] as const));
		process.stdout.write(JSON.stringify(Object.fromEntries(texts)));
	} else {
		throw new UserError('E_CONFIG', `Expected evaluate, keep, put NAME or get NAME…, got ${command}`);
	}
}

async function evaluate(store: ObjectStore, {BATCH: batch = '', JOB_COMPLETION_INDEX: index = ''}: Environment) {
	await evaluateShard(store, {
		batch,
		index: Number(index),
		program: digestOf(readFileSync(process.argv[1]!, 'utf8')),
		report: line => process.stdout.write(`${line}\n`),
	});
}

import {readFileSync} from 'node:fs';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';
import {FakeOllama} from './fake-ollama.ts';
import {until} from './start-backend.ts';

/** Makes the bundle in a folder of its own. */
export async function makeBundle(): Promise<{bundle: string; remove: () => Promise<void>}> {
	const folder = await mkdtemp(path.join(tmpdir(), 'replicast-backend-'));
	const bundle = path.join(folder, 'server.cjs');
	await execa('node', ['scripts/bundle-backend.js', bundle]);
	return {bundle, remove: () => rm(folder, {recursive: true, force: true})};
}

const dockerfile = readFileSync(new URL('../../../k8s/backend/Dockerfile', import.meta.url), 'utf8');
/** The image's command: node, its flags, the bundle. */
const [node, ...flags]: string[] = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)![1]!);

/** Runs the bundle as its image does, before a fake Ollama, and waits until it is ready. */
export async function startBundle(
	t: ExecutionContext,
	bundle: string,
	{parallel = 1, ...environment}: {parallel?: number} & Record<string, string | number> = {},
) {
	const fake = new FakeOllama(parallel);
	const ollamaUrl = await fake.listen();
	const port = String(await freePort());
	const child = execa(node!, [...flags.slice(0, -1), bundle], {
		env: {HOST: '127.0.0.1', PORT: port, OLLAMA_URL: ollamaUrl, LOG_LEVEL: 'warn', ...strings(environment)},
		reject: false,
	});
	const url = `http://127.0.0.1:${port}`;
	t.teardown(async () => {
		child.kill('SIGKILL');
		await fake.close();
	});
	await until(t, 'ready', async () => (await readiness(url)) === 200);
	return {fake, child, url};
}

/** The most resident memory the process ever had [bytes]; where the system does not tell, what it has now. */
export async function peakMemory(url: string, pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status);
	if (peak) {
		return Number(peak[1]) * 1024;
	}

	const metrics = await (await fetch(`${url}/metrics`)).text();
	return Number(/resident_memory_bytes (\d+)/.exec(metrics)![1]);
}

export async function readiness(url: string): Promise<number> {
	const response = await fetch(`${url}/readyz`).catch(() => undefined);
	await response?.arrayBuffer();
	return response?.status ?? 0;
}

function strings(values: Record<string, string | number>): Record<string, string> {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as {port: number};
	await new Promise(resolve => server.close(resolve));
	return port;
}

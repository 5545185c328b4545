import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {UserError} from '../../src/errors.ts';
import {type ReadOptions, readExperiment} from '../../src/store/experiments/read-experiment.ts';

/** A valid experiment with little in it, on which the tests of faults make their mistakes. */
export const sound = `name: sound
duration: 10m
warmup: 1m
workload:
  arrivals:
    process: poisson
    rate: [{at: 0s, perSecond: 0.2}, {at: 3m, perSecond: 1.2}]
  requests:
    promptTokens: {distribution: lognormal, mean: 40, cv: 0.5, max: 512}
    outputTokens: {distribution: constant, value: 16}
  tenants: [{name: team-a, share: 2}, {name: team-b}]
deployment:
  containers:
    backend: {requests: {cpu: 25m, memory: 64Mi}, limits: {cpu: 100m, memory: 128Mi}}
    ollama: {requests: {cpu: 125m, memory: 256Mi}, limits: {cpu: 500m, memory: 1Gi}}
  llm: {parallel: 2}
  nodes: {cpu: 8, memory: 16Gi}
  service: {distribution: exponential, mean: 500ms}
  startup: 5s
autoscaler: {minReplicas: 2, maxReplicas: 6}
fixed: {replicas: 6}
slo: {p95: 10s}
accept: {podHours: 5%}
faults: [{at: 5m, kind: pod-kill}]
`;

/** Runs `work` in a folder of its own that holds the files. */
export async function inFolder<T>(
	files: Readonly<Record<string, string | Uint8Array>>,
	work: (folder: string) => Promise<T>,
): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-test-'));
	try {
		for (const [name, content] of Object.entries(files)) {
			await mkdir(dirname(join(folder, name)), {recursive: true});
			await writeFile(join(folder, name), content);
		}

		return await work(folder);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

/** The lines that reading the file is refused with, its folder left out; none when it is read. */
export async function faultsOf(
	t: ExecutionContext,
	files: Readonly<Record<string, string | Uint8Array>>,
	options: ReadOptions & {readonly file?: string} = {},
): Promise<string[]> {
	return inFolder(files, async folder =>
		faultLines(t, folder, async () => readExperiment(join(folder, options.file ?? 'file.yaml'), options)),
	);
}

/** The lines that reading something in a folder is refused with, the folder left out; none when it is read. */
export async function faultLines(t: ExecutionContext, folder: string, read: () => Promise<unknown>): Promise<string[]> {
	try {
		await read();
		return [];
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		t.notRegex(error.message, /\n\s+at /);
		return error.message.replaceAll(`${folder}/`, '').split('\n');
	}
}

import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Explored} from '../../src/explorer/explored.ts';
import {exploredTrace} from '../../src/library/explore.ts';
import {readExperimentSource} from '../../src/store/experiments/read-experiment.ts';

const root = new URL('../../../', import.meta.url);

export const shipped = (name: string) => fileURLToPath(new URL(`experiments/${name}.yaml`, root));

/** What a page of an experiment is handed. */
export async function exploredOf(path: string, set: readonly string[] = []): Promise<Explored> {
	const source = await readExperimentSource(path, {set});
	const trace = await exploredTrace(source);
	return {
		experiment: source.experiment,
		identity: source.identity,
		words: [path],
		measured: [],
		models: [],
		tunings: [],
		...(trace !== undefined && {trace}),
	};
}

/** `--set` that makes an experiment take a trace of three requests, which is written into `folder`. */
export async function traceSettings(folder: string): Promise<string[]> {
	const path = join(folder, 'trace.csv');
	await writeFile(path, 'atSeconds,promptTokens,outputTokens\n0.5,40,16\n100,30,8\n200.25,50,16\n');
	return [`workload.arrivals={process: trace, file: ${path}, transform: {timeScale: 1.5, from: 0.25s}}`];
}

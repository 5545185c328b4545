import {performance} from 'node:perf_hooks';
import {judgeRun} from '../../comparison/engine-runs/judge-run.ts';
import type {EngineModel} from '../../experiment/serving/engine-model.ts';
import type {EngineRun, EngineRunErrors} from '../../records/engine-run.ts';
import {replayRun} from '../../simulator/batching/replay-run.ts';
import {findEngineModel} from '../../store/experiments/find-engine-model.ts';
import {listEngineRuns, readEngineRun} from '../../store/recordings/read-engine-run.ts';
import {refuseUnservable} from '../engines/refuse-unservable.ts';

export type {EngineRunErrors};

export type ValidateEngineOptions = {
	/** Engine model of every run; the shipped one of its model, GPU and tensor parallelism when left out. */
	readonly model?: string;
};

/** Longest time that the speed of a run is measured for [ms]. */
const longestTiming = 300;

/**
 * Replays measured runs of engines through simulated ones, and says how far these are off.
 *
 * @param folder - of one run, or of several: `meta.json`, `requests.csv`, `timeseries.csv`
 * @throws {UserError} for a fault of a file, or where no model fits a run
 */
export async function validateEngine(folder: string, {model}: ValidateEngineOptions = {}): Promise<EngineRunErrors[]> {
	const errors: EngineRunErrors[] = [];
	for (const path of listEngineRuns(folder)) {
		const run = await readEngineRun(path);
		const found = await findEngineModel(run, model);
		refuseUnservable({settings: `${path}/meta.json`, requests: `${path}/requests.csv`}, run, found);
		errors.push({...judgeRun(run, replayRun(run, found)), timesRealTime: speedOf(run, found)});
	}

	return errors;
}

/** Simulated seconds in a second of computing: the fastest of a few repetitions. */
function speedOf(run: EngineRun, model: EngineModel): number {
	const start = performance.now();
	let fastest = Number.POSITIVE_INFINITY;
	let simulated = 0;
	for (let round = 0; round < 3 || performance.now() - start < longestTiming; round++) {
		const before = performance.now();
		simulated = replayRun(run, model).end;
		fastest = Math.min(fastest, performance.now() - before);
	}

	return simulated / (fastest / 1000);
}

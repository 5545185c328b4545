import {performance} from 'node:perf_hooks';
import {judgeRun} from '../../comparison/engine-runs/judge-run.ts';
import {replayRun, settingsOfRun} from '../../comparison/engine-runs/replay-run.ts';
import {UserError} from '../../errors.ts';
import {type EngineModel, engineFault} from '../../experiment/serving/engine-model.ts';
import {printable} from '../../printable.ts';
import type {EngineRun, EngineRunErrors} from '../../records/engine-run.ts';
import {findEngineModel} from '../../store/experiments/find-engine-model.ts';
import {listEngineRuns, readEngineRun} from '../../store/recordings/read-engine-run.ts';

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
		refuseUnservable(path, run, found);
		errors.push({...judgeRun(run, replayRun(run, found)), timesRealTime: speedOf(run, found)});
	}

	return errors;
}

/** Refuses a run that its engine could not serve to the end. */
function refuseUnservable(path: string, run: EngineRun, model: EngineModel): void {
	const {requests, settings: own} = run;
	const longest = requests.promptTokens.reduce(
		(most, tokens, row) => Math.max(most, tokens + requests.outputTokens[row]!),
		0,
	);
	const settings = settingsOfRun(run, model);
	const room = settings.kvBlocks * settings.blockTokens;
	// A run that does not say its context had one that its requests fit into.
	const maxModelLen = own.maxModelLen ?? Math.min(room, Math.max(settings.maxModelLen, longest));
	const refuse = (place: string, rule: string, got: unknown) => {
		throw new UserError('E_CONFIG', printable(`${place}:1:1: Expected ${rule}, got ${String(got)}`));
	};
	const fault = engineFault({...settings, maxModelLen});
	if (fault !== undefined) {
		refuse(`${path}/meta.json`, `${fault.path.at(-1)} to be ${fault.rule}`, fault.got);
	}

	if (longest > maxModelLen) {
		refuse(`${path}/requests.csv`, `requests of at most ${maxModelLen} tokens, the engine's context`, longest);
	}
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

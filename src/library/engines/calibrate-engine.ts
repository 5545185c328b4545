import {existsSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {engineDocument, fullShare} from '../../calibration/engines/engine-document.ts';
import {type EngineFit, fitEngine} from '../../calibration/engines/fit-engine.ts';
import {UserError} from '../../errors.ts';
import type {EngineModel} from '../../experiment/serving/engine-model.ts';
import type {EngineObservation} from '../../records/engine-observation.ts';
import {replayRun, settingsOfRun} from '../../simulator/batching/replay-run.ts';
import {sha256Of} from '../../store/disk/read-text.ts';
import {type GivenTokens, isEngineRun, readObservations} from '../../store/engine-runs/read-observations.ts';
import {readEngineModel, shippedEngineModel} from '../../store/experiments/find-engine-model.ts';
import {readDocument} from '../../store/experiments/read-model.ts';
import {refuseHandWritten, writeModel} from '../../store/experiments/write-model.ts';
import {findTable} from '../../store/recordings/read-table.ts';
import {refuseUnservable} from './refuse-unservable.ts';

export {isEngineRun};

export type CalibrateEngineOptions = {
	/** Engine model that the fit begins with; the shipped one of a recorded run's model and GPU when left out. */
	readonly engineModel?: string;
	/** Mean tokens of prompts and answers, for tools that count none. */
	readonly tokens?: GivenTokens;
	/** Time from which on runs are left out [s]. */
	readonly until?: number;
	/** File that is written; `NAME-fitted.yaml` of the model's name when left out. */
	readonly out?: string;
	/** Replaces a file that a person wrote or changed. */
	readonly force?: boolean;
};

/** Result of a fit of an engine's coefficients to runs. */
export type EngineCalibration = EngineFit & {
	/** Path and name of the model that the fit began with. */
	readonly start: {readonly path: string; readonly name: string};
	/** Runs whose batch was full for most of the time, by their sources. */
	readonly saturated: readonly string[];
	/** Assumptions that the runs need. */
	readonly assumed: readonly string[];
	readonly written: string;
};

/**
 * Fits the coefficients of an engine's steps to what load generators, vLLM's metrics or recorded runs show, and writes an
 * engine model's file.
 *
 * @param paths - exports of tools, scrapes of vLLM, or folders of recorded runs, all of one model on one kind of GPU
 * @throws {UserError} in one line for a fault of a file, or without a model to begin with
 */
export async function calibrateEngine(
	paths: readonly string[],
	{engineModel, tokens, until = Number.POSITIVE_INFINITY, out, force = false}: CalibrateEngineOptions = {},
): Promise<EngineCalibration> {
	const observations: EngineObservation[] = [];
	for (const path of paths) {
		observations.push(...(await readObservations(path, tokens)));
	}

	const startPath = engineModel ?? (await shippedEngineModel(servedBy(observations)));
	const start = await readEngineModel(startPath);
	for (const {source, run} of observations) {
		const isFolder = existsSync(source) && statSync(source).isDirectory();
		const places = isFolder ? {settings: join(source, 'meta.json'), requests: join(source, 'requests.csv')} : undefined;
		refuseUnservable(places ?? {settings: startPath, requests: source}, run, start);
	}

	const written = out ?? `${start.name.replace(/-fitted$/, '')}-fitted.yaml`;
	if (!force) {
		refuseHandWritten(written);
	}

	const fit = fitEngine(start, observations, until);
	if (fit.runs.every(({times}) => times === 0)) {
		throw new UserError('E_FILE', `${paths[0]}:1:1: Expected times of requests to fit to, got none`);
	}

	const sources = observations.map(({source, tool}) => `${source} (${tool})`);
	const date = `${new Date().toISOString().slice(0, 16)}Z`;
	const document = (await readDocument(startPath))!;
	writeModel(written, engineDocument(document, fit, {date, sources, digests: paths.map(digestOf), until}), {force});
	return {
		...fit,
		start: {path: startPath, name: start.name},
		saturated: observations.filter(observation => isSaturated(fit.model, observation)).map(({source}) => source),
		assumed: [...new Set(observations.flatMap(({assumed}) => assumed))],
		written,
	};
}

/** Model and GPU of recorded runs, which name them. */
function servedBy(observations: readonly EngineObservation[]): EngineObservation['run'] {
	const unnamed = observations.find(({run}) => run.model === '' || run.gpu === '');
	if (unnamed !== undefined) {
		const rule = 'Expected --engine-model with the engine model to begin with, as the file names no GPU';
		throw new UserError('E_USAGE', `${rule}, got none for ${unnamed.source}`);
	}

	return observations[0]!.run;
}

function digestOf(path: string): string {
	const file = statSync(path).isDirectory() ? findTable(join(path, 'requests'))! : path;
	return sha256Of(readFileSync(file));
}

const moments = 50;

function isSaturated(model: EngineModel, {run, users}: EngineObservation): boolean {
	const load = users === undefined ? {} : {users};
	const {end} = replayRun(run, model, load);
	const at = Float64Array.from({length: moments}, (_, moment) => ((moment + 0.5) / moments) * end);
	const timeline = {at, running: at, waiting: at};
	const {running} = replayRun({...run, timeline}, model, load);
	return fullShare({...model, engine: settingsOfRun(run, model)}, running) > 0.5;
}

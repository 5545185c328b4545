import {availableParallelism} from 'node:os';
import type {Experiment} from '../experiment/experiment.ts';
import type {ReplicationResult} from '../forecast/replicate.ts';
import {summarize} from '../forecast/summarize.ts';
import type {Summary} from '../forecast/summary.ts';
import {fewestRunsFor, predictionLevel} from '../statistics/prediction.ts';
import {refuseUnwritable} from '../store/disk/refuse-unwritable.ts';
import {listShippedPriceBooks, readPriceBooks} from '../store/experiments/read-model.ts';
import {withProvenance} from '../store/records/with-provenance.ts';
import type {WantedCharts} from './draw-forecast-page.ts';
import type {FinishedForecast} from './finish-forecast.ts';
import {threadsThatFit} from './pool/fit-memory.ts';
import type {PredictionRuns, SimulatedBaselines} from './pool/replicate-all.ts';
import {definedChanges, type ExperimentChanges, outputFolders, readExperiment} from './read-experiments.ts';
import {countReplications, type UseCaseOptions} from './use-case.ts';

export type {ArmSummary, Estimate, Savings, Summary} from '../forecast/summary.ts';

export type ForecastOptions = UseCaseOptions & {
	/** Threads, at least 1; one a core when left out. The result does not depend on it. */
	readonly workers?: number;
	/**
	 * Runs for the prediction of what one real run will show: 0 for none, else at least 19; as many as are quick when left
	 * out.
	 */
	readonly predictionRuns?: PredictionRuns;
};

/**
 * Simulates the dynamic arm of an experiment and, where it has one, the fixed arm under the same requests. Writes
 * nothing.
 *
 * @param experiment - an experiment, or the path of its file, which is read with the changes of the options
 * @returns the summary that `replicast run --json` prints, without baselines: means over the replications with their
 *   95 % intervals, and what one real run will show with its 90 % intervals; seconds, dollars, watt-hours, fractions
 * @throws {UserError} with a line for each fault of the file
 * @throws {RangeError} when `workers` is no integer of at least 1, or `predictionRuns` are too few for an interval
 */
export async function forecast(experiment: Experiment, options?: ForecastOptions): Promise<Summary>;
export async function forecast(path: string, options?: ForecastOptions & ExperimentChanges): Promise<Summary>;
export async function forecast(
	given: Experiment | string,
	options: ForecastOptions & ExperimentChanges = {},
): Promise<Summary> {
	const {workers = availableParallelism()} = options;
	if (!Number.isInteger(workers) || workers < 1) {
		throw new RangeError(`Expected workers to be an integer of at least 1, got ${workers}`);
	}

	refuseFewRuns(options.predictionRuns);
	const experiment = typeof given === 'string' ? await readExperiment(given, definedChanges(options)) : given;
	const [results = []] = await simulateAll([experiment], {predictionRuns: 'where short', ...options, workers});
	return withProvenance(summarize(experiment, results), experiment);
}

/** Fewest runs that a prediction is made of. */
export const fewestPredictionRuns = fewestRunsFor(predictionLevel);

function refuseFewRuns(runs: PredictionRuns = 0): void {
	if (typeof runs === 'number' && runs !== 0 && !(Number.isInteger(runs) && runs >= fewestPredictionRuns)) {
		throw new RangeError(
			`Expected predictionRuns to be 0 or an integer of at least ${fewestPredictionRuns}, got ${runs}`,
		);
	}
}

/** The results of every replication of every experiment, in order. */
export async function simulateAll(
	experiments: readonly Experiment[],
	{
		workers = availableParallelism(),
		predictionRuns = 0,
		baselines = false,
		signal,
		onProgress,
	}: ForecastOptions & {readonly baselines?: SimulatedBaselines} = {},
): Promise<ReplicationResult[][]> {
	const threads = threadsThatFit(experiments, {workers, onProgress});
	const counter = countReplications(experiments, onProgress);
	const all: ReplicationResult[][] = [];
	try {
		const {replicateAll} = await import('./pool/replicate-all.ts');
		const pool = replicateAll(experiments, {
			...{workers: threads, predictionRuns, baselines, signal},
			onReplication: counter.advance,
		});
		for await (const results of pool) {
			all.push(results);
		}
	} finally {
		counter.end();
	}

	return all;
}

type ForecastAllOptions = ForecastOptions & {
	/** Folder in which each experiment has a folder of its own. */
	readonly out: string;
	/** Experiments whose baselines are simulated too; those where that is quick when left out. */
	readonly baselines?: SimulatedBaselines | undefined;
	/** Paths of the price books that are shown beside an experiment's own; those of Replicast when left out. */
	readonly priceBooks?: readonly string[] | undefined;
	/** Whether a page with charts is written, too. */
	readonly html?: boolean;
	/** Words of `replicast run` that read each experiment, in their order: reports name commands with them. */
	readonly words?: readonly (readonly string[])[];
	/** Charts that are written alone, too. */
	readonly charts?: WantedCharts | undefined;
	/** Folder in which tunings of the experiments are looked for; none is looked for when left out. */
	readonly tuned?: string | undefined;
};

/**
 * Forecasts several experiments on one pool of threads, and writes reports and records of each.
 *
 * @yields each forecast once it is on disk, in the order of the experiments
 * @throws {UserError} before anything is simulated when two experiments have one name, a price book has faults, or the
 *   folder cannot be written
 */
export async function* forecastAll(
	experiments: readonly Experiment[],
	{out, baselines = 'where short', priceBooks, html = false, charts, words = [], tuned, ...options}: ForecastAllOptions,
): AsyncGenerator<FinishedForecast, void, void> {
	const {workers = availableParallelism(), predictionRuns = 'where short', signal, onProgress} = options;
	refuseFewRuns(predictionRuns);
	const folders = outputFolders(experiments);
	const given = priceBooks === undefined ? undefined : await readPriceBooks(priceBooks);
	refuseUnwritable(out, folders);
	if (charts !== undefined) {
		refuseUnwritable(charts.folder, []);
	}

	const threads = threadsThatFit(experiments, {workers, onProgress});
	const counter = countReplications(experiments, onProgress);
	try {
		// Loaded once the display is there, and what finishes an experiment while the workers simulate.
		const {replicateAll} = await import('./pool/replicate-all.ts');
		const finishing = import('./finish-forecast.ts');
		const billing = Promise.resolve(given ?? readPriceBooks(listShippedPriceBooks()));
		void Promise.allSettled([finishing, billing]); // a fault of theirs is reported where they are needed
		const pool = replicateAll(experiments, {
			...{workers: threads, baselines, predictionRuns, signal},
			onReplication: counter.advance,
		});
		let index = 0;
		for await (const results of pool) {
			const {finishForecast} = await finishing;
			const [experiment, folder] = [experiments[index]!, folders[index]!];
			const simulated = {experiment, folder, results, ...(await billing), words: words[index]};
			const finished = await finishForecast(simulated, {out, html, charts, tuned});
			counter.note(`Simulated ${folder}`);
			yield finished;
			index++;
		}
	} finally {
		counter.end();
	}
}

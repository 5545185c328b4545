import type {Experiment} from '../../experiment/experiment.ts';
import {wantsBaselines, withBaselines} from '../../forecast/baselines.ts';
import {eventsOf, type PredictedRun, predictionRuns} from '../../forecast/prediction/simulate-predicted.ts';
import {type ArmReplication, joinArms, type ReplicationResult} from '../../forecast/replication-result.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import type {ArmTask, BaselineTask, PredictionTask, ReplicationTask} from './replicate-task.ts';
import type {WorkerData} from './replicate-worker.ts';
import {isShort} from './short-runs.ts';
import {endPool, startPool} from './start-pool.ts';

type Task = ReplicationTask | ArmTask | BaselineTask | PredictionTask;
type AnyOutcome = ReplicationResult | ArmReplication | RunAccount | PredictedRun;
type Outcome<T extends Task> = T extends BaselineTask
	? RunAccount
	: T extends PredictionTask
		? PredictedRun
		: T extends ArmTask
			? ArmReplication
			: ReplicationResult;
type Waiting = {readonly task: Task; readonly start: () => void};

/**
 * Hands tasks to workers, an earlier experiment's first: what an experiment needs once its replications are done does
 * not wait behind all replications of the others.
 */
class TaskLine {
	readonly #run: (task: Task) => Promise<AnyOutcome>;
	readonly #most: number;
	readonly #waiting: Waiting[] = [];
	#running = 0;

	/** @param most - tasks handed over at a time */
	constructor(run: (task: Task) => Promise<AnyOutcome>, most: number) {
		this.#run = run;
		this.#most = most;
	}

	async run<T extends Task>(task: T): Promise<Outcome<T>> {
		await new Promise<void>(start => {
			const index = this.#waiting.findIndex(other => other.task.experiment > task.experiment);
			this.#waiting.splice(index === -1 ? this.#waiting.length : index, 0, {task, start});
			this.#next();
		});
		try {
			return (await this.#run(task)) as Outcome<T>;
		} finally {
			this.#running--;
			this.#next();
		}
	}

	#next(): void {
		while (this.#running < this.#most && this.#waiting.length > 0) {
			this.#running++;
			this.#waiting.shift()!.start();
		}
	}
}

/** Experiments whose baselines are simulated: all, none, or those whose runs are short and that ask for them. */
export type SimulatedBaselines = boolean | 'where short';

/** Number of runs for a prediction: as many as are quick, or so many; 0 for no prediction. */
export type PredictionRuns = number | 'where short';

/** Experiments that are begun before the results of the first of them are taken, at least: their results wait in memory. */
const fewestAhead = 16;

type ReplicateAllOptions = {
	/** Threads, at least 1; no more are started than there are replications, or arms of them. */
	readonly workers: number;
	/** Whether the first replications' baselines are simulated too; false when left out. */
	readonly baselines?: SimulatedBaselines;
	/** Runs of each experiment for its prediction; none when left out, and no prediction then. */
	readonly predictionRuns?: PredictionRuns;
	/** Stops the threads, wherever they are. */
	readonly signal?: AbortSignal | undefined;
	/** Called as each replication ends, in whatever order they do. */
	readonly onReplication?: (experiment: Experiment) => void;
};

/**
 * Runs every replication of every experiment on worker threads.
 *
 * @yields the results of one experiment in the order of replications, experiment by experiment; the first result
 *   carries the recordings. What is yielded does not depend on the number of workers.
 * @throws the signal's reason once it is aborted
 */
export async function* replicateAll(
	experiments: readonly Experiment[],
	{workers, baselines = false, predictionRuns: wanted = 0, signal, onReplication}: ReplicateAllOptions,
): AsyncGenerator<ReplicationResult[], void, void> {
	signal?.throwIfAborted();
	const tasks = experiments.flatMap((experiment, index) => tasksOf(experiment, index));
	if (tasks.length === 0) {
		return;
	}

	const isInThreads = !isShort(experiments, wanted);
	// The arms of a replication share its requests, which are drawn twice where the arms are simulated apart.
	const isByArm = isInThreads && tasks.length < workers;
	const threads = Math.min(workers, isByArm ? 2 * tasks.length : tasks.length);
	const simulators = isInThreads ? threadsFor(experiments, threads) : await thisThread(experiments);
	const line = new TaskLine(simulators.run, 2 * threads);
	const simulated = async (experiment: Experiment, index: number) => {
		const results = await Promise.all(
			tasksOf(experiment, index).map(async task => {
				const result = isByArm && experiment.fixed !== undefined ? await armsApart(task, line) : await line.run(task);
				onReplication?.(experiment);
				return result;
			}),
		);
		const [compared, predicted] = await Promise.all([
			(baselines === 'where short' ? wantsBaselines(experiment, results) : baselines)
				? withBaselines(experiment, results, async (replication, baseline) =>
						line.run({experiment: index, replication, baseline}),
					)
				: results,
			wanted === 0
				? undefined
				: Promise.all(predictionTasks({experiment, index, results}, wanted).map(async task => line.run(task))),
		]);
		const [first, ...others] = compared;
		return predicted === undefined ? compared : [{...first!, predicted}, ...others];
	};
	const ahead = Math.max(fewestAhead, 2 * threads);
	const pending: Promise<ReplicationResult[]>[] = [];
	let begun = 0;
	try {
		while (begun < experiments.length || pending.length > 0) {
			while (begun < experiments.length && pending.length < ahead) {
				const results = simulated(experiments[begun]!, begun);
				results.catch(() => {}); // awaited later: until then a failure is not unhandled
				pending.push(results);
				begun++;
			}

			// Nothing here holds results any longer once they are yielded.
			yield await unlessAborted(pending.shift()!, signal);
		}
	} finally {
		await simulators.end();
	}
}

/** Both arms of a replication, each in a thread of its own. */
async function armsApart(task: ReplicationTask, line: TaskLine): Promise<ReplicationResult> {
	const [dynamic, fixed] = await Promise.all(
		(['dynamic', 'fixed'] as const).map(async arm => line.run<ArmTask>({...task, arm})),
	);
	return joinArms(task.replication, dynamic!, fixed);
}

/** Place where tasks are simulated. */
type Simulators = {readonly run: (task: Task) => Promise<AnyOutcome>; readonly end: () => Promise<void>};

function threadsFor(experiments: readonly Experiment[], threads: number): Simulators {
	const workerData: WorkerData = {experiments};
	const pool = startPool<Task, AnyOutcome>('replicate-worker', {run: 'replicateTask', workerData, threads});
	return {run: async task => pool.run(task), end: async () => endPool(pool)};
}

/** Simulates in this thread, one task at a time; in between whatever else waits has its turn. */
async function thisThread(experiments: readonly Experiment[]): Promise<Simulators> {
	const {simulateTask} = await import('./replicate-task.ts');
	let hasEnded = false;
	return {
		async run(task) {
			await new Promise(resolve => setImmediate(resolve));
			if (hasEnded) {
				throw new Error('The simulation has ended');
			}

			return simulateTask(experiments, task);
		},
		async end() {
			hasEnded = true;
		},
	};
}

/** Promise of the same value, rejected with the signal's reason as soon as it is aborted. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
	if (signal === undefined) {
		return promise;
	}

	let forget = () => {};
	try {
		return await new Promise<Value>((resolve, reject) => {
			const abort = () => reject(signal.reason);
			signal.addEventListener('abort', abort);
			forget = () => signal.removeEventListener('abort', abort);
			signal.throwIfAborted();
			promise.then(resolve, reject);
		});
	} finally {
		forget();
	}
}

type Simulated = {
	readonly experiment: Experiment;
	readonly index: number;
	readonly results: readonly ReplicationResult[];
};

function predictionTasks(
	{experiment, index, results}: Simulated,
	wanted: Exclude<PredictionRuns, 0>,
): PredictionTask[] {
	const count = predictionRuns(experiment, wanted, eventsOf(results[0]!));
	return Array.from({length: count}, (_, replication) => ({experiment: index, replication, isPredicted: true}));
}

function tasksOf({replications}: Experiment, experiment: number): ReplicationTask[] {
	return Array.from({length: replications}, (_, replication) => ({
		experiment,
		replication,
		record: replication === 0,
	}));
}

import type {ReplicationResult} from '../forecast/forecast.ts';
import type {RunAccount} from '../records/run-account.ts';
import type {BaselineTask, ReplicationTask} from './replicate-worker.ts';

type Task = ReplicationTask | BaselineTask;
type Outcome<T extends Task> = T extends BaselineTask ? RunAccount : ReplicationResult;
type Waiting = {readonly task: Task; readonly start: () => void};

/**
 * Hands tasks to workers, an earlier experiment's first: what an experiment needs once its replications are done does
 * not wait behind all replications of the others.
 */
export class TaskLine {
	readonly #run: (task: Task) => Promise<ReplicationResult | RunAccount>;
	readonly #most: number;
	readonly #waiting: Waiting[] = [];
	#running = 0;

	/** @param most - tasks handed over at a time */
	constructor(run: (task: Task) => Promise<ReplicationResult | RunAccount>, most: number) {
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

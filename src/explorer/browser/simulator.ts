import type {Experiment} from '../../experiment/experiment.ts';
import type {ReplicationResult} from '../../forecast/replicate.ts';
import type {Reply, Request} from './serve.ts';

/** A thread that simulates one replication at a time. */
export class Simulator {
	readonly #worker: Worker;
	#held: Experiment | undefined;
	#last: Promise<unknown> = Promise.resolve();

	/** @param address - of the script that it runs */
	constructor(address: string) {
		this.#worker = new Worker(address);
	}

	/**
	 * Both arms of a replication, once those asked for before are done.
	 *
	 * @throws {Error} when the simulator does
	 */
	async run(experiment: Experiment, replication: number): Promise<ReplicationResult> {
		const turn = this.#last.then(async () => this.#ask(experiment, replication));
		this.#last = turn.catch(() => undefined);
		return turn;
	}

	async #ask(experiment: Experiment, replication: number): Promise<ReplicationResult> {
		const answer = await new Promise<Reply>((resolve, reject) => {
			this.#worker.onmessage = ({data}: MessageEvent<Reply>) => resolve(data);
			this.#worker.onerror = ({message}) => reject(new Error(message));
			const request: Request = {replication, ...(experiment !== this.#held && {experiment})};
			this.#held = experiment;
			this.#worker.postMessage(request);
		});
		if ('fault' in answer) {
			throw new Error(answer.fault);
		}

		return answer.result;
	}
}

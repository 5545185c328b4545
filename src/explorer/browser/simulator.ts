import type {Experiment} from '../../experiment/experiment.ts';
import type {Baseline} from '../../forecast/baselines.ts';
import type {PredictedRun} from '../../forecast/prediction/simulate-predicted.ts';
import type {ReplicationResult} from '../../forecast/replicate.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import type {Reply, Request} from './serve.ts';

type Asked = {
	readonly replication: number;
	/** Asked when its turn comes. */
	readonly isWanted?: () => boolean;
};

type Result = NonNullable<Extract<Reply, {result: unknown}>['result']>;

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
		return (await this.#inTurn(experiment, {replication})) as ReplicationResult;
	}

	/**
	 * One replication of a baseline, once those asked for before are done.
	 *
	 * @throws {Error} when the simulator does, or it is no longer wanted when its turn comes
	 */
	async baseline(experiment: Experiment, asked: Asked & {readonly baseline: Baseline}): Promise<RunAccount> {
		return (await this.#inTurn(experiment, asked)) as RunAccount;
	}

	/**
	 * One run for the prediction, once those asked for before are done.
	 *
	 * @throws {Error} when the simulator does, or it is no longer wanted when its turn comes
	 */
	async predicted(experiment: Experiment, asked: Asked): Promise<PredictedRun> {
		return (await this.#inTurn(experiment, {...asked, isPredicted: true})) as PredictedRun;
	}

	async #inTurn(
		experiment: Experiment,
		{isWanted = () => true, ...asked}: Asked & Omit<Request, 'experiment'>,
	): Promise<Result> {
		const turn = this.#last.then(async () => {
			if (!isWanted()) {
				throw new Error('Expected the run to be wanted still, got another move');
			}

			return this.#ask(experiment, asked);
		});
		this.#last = turn.catch(() => undefined);
		return turn;
	}

	async #ask(experiment: Experiment, asked: Omit<Request, 'experiment'>): Promise<Result> {
		const answer = await new Promise<Reply>((resolve, reject) => {
			this.#worker.onmessage = ({data}: MessageEvent<Reply>) => resolve(data);
			this.#worker.onerror = ({message}) => reject(new Error(message));
			const request: Request = {...asked, ...(experiment !== this.#held && {experiment})};
			this.#held = experiment;
			this.#worker.postMessage(request);
		});
		if ('fault' in answer) {
			throw new Error(answer.fault);
		}

		return answer.result;
	}
}

import {type Sampler, samplerOf} from '../../experiment/draw-distribution.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {EventPriority} from '../contracts.ts';
import {RequestState} from '../request-pool.ts';
import {type Run, streamOf} from '../run.ts';

/** Requests of a queue: the ones that wait, and the ones that a pod works on. */
export type QueueCount = {readonly waiting: number; readonly running: number};

/** Time between two counts that are kept [s]; ages are rounded to it. */
const keptEvery = 1;

/**
 * Counts of the requests in front of the pods and in them, as an autoscaler gets them when it asks: those of now, or of as long ago
 * as the queue's counts are old, drawn each time.
 */
export class QueueCounts {
	readonly #run: Run;
	readonly #age: Sampler | undefined;
	readonly #stream: ReturnType<typeof streamOf>;
	/** Counts from the start of the run on, `keptEvery` apart. */
	readonly #kept: QueueCount[] = [];

	constructor(run: Run) {
		this.#run = run;
		this.#age = ageOf(run.experiment);
		this.#stream = streamOf(run, 'queue-counts');
		if (this.#age !== undefined) {
			this.#keep();
		}
	}

	/** The counts that the queue answers with now. */
	read(): QueueCount {
		if (this.#age === undefined) {
			return this.now();
		}

		const back = Math.round(this.#age(this.#stream) / keptEvery);
		return this.#kept[this.#kept.length - 1 - back] ?? {waiting: 0, running: 0};
	}

	#keep(): void {
		const {simulation} = this.#run;
		const keep = simulation.declare(EventPriority.housekeeping, () => {
			this.#kept.push(this.now());
			simulation.schedule(simulation.now + keptEvery, keep);
		});
		simulation.schedule(simulation.now, keep);
	}

	/** The true counts. */
	now(): QueueCount {
		const {requests} = this.#run;
		const waiting = requests.countIn(RequestState.waiting) + requests.countIn(RequestState.queued);
		return {waiting, running: requests.countIn(RequestState.running)};
	}
}

function ageOf({deployment: {waiting}}: Experiment): Sampler | undefined {
	return waiting?.at === 'proxy' && waiting.countAge !== undefined ? samplerOf(waiting.countAge) : undefined;
}

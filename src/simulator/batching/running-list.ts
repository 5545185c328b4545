import type {EngineRequests} from './engine-requests.ts';

/** The requests that run, in the order of their admission; each can leave at any time. */
export class RunningList {
	count = 0;
	/** The one that was admitted first; -1 for none. The next is in the column `after`. */
	first = -1;
	/** The one that was admitted last. */
	last = -1;
	readonly #requests: EngineRequests;
	#turns = 0;

	constructor(requests: EngineRequests) {
		this.#requests = requests;
	}

	admit(request: number): void {
		const {turn, before, after, isRunning} = this.#requests;
		turn[request] = this.#turns++;
		isRunning[request] = 1;
		before[request] = this.last;
		after[request] = -1;
		if (this.last === -1) {
			this.first = request;
		} else {
			after[this.last] = request;
		}

		this.last = request;
		this.count++;
	}

	remove(request: number): void {
		const {before, after, isRunning} = this.#requests;
		const [earlier, later] = [before[request]!, after[request]!];
		if (earlier === -1) {
			this.first = later;
		} else {
			after[earlier] = later;
		}

		if (later === -1) {
			this.last = earlier;
		} else {
			before[later] = earlier;
		}

		isRunning[request] = 0;
		this.count--;
	}
}

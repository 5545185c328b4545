import type {Outcome, RequestTable} from '../records/record.ts';
import {longestTables} from '../records/table-limits.ts';
import {GrowingColumns} from './growing-columns.ts';
import type {RequestPool} from './request-pool.ts';

const outcomes: readonly Outcome[] = ['completed', 'failed', 'timedOut', 'inFlight'];

/** Taker of requests as each ends; `endedAt` is NaN where the run ends before the request. */
export type RequestSink = {
	readonly add: (requests: RequestPool, request: number, endedAt: number, outcome: Outcome) => void;
};

/** Keeps the requests of a run for its record, as columns. */
export class RequestLog implements RequestSink {
	readonly #tenants: readonly string[];
	readonly #podNames: readonly string[];
	readonly #rows = new GrowingColumns({
		serial: Float64Array,
		scheduled: Float64Array,
		started: Float64Array,
		firstToken: Float64Array,
		ended: Float64Array,
		tenant: Int32Array,
		conversation: Int32Array,
		pod: Int32Array,
		promptTokens: Int32Array,
		outputTokens: Int32Array,
		outcome: Uint8Array,
	});
	isTooLong = false;

	/**
	 * @param podNames - by ordinal; may grow while the run goes on
	 */
	constructor(tenants: readonly string[], podNames: readonly string[]) {
		this.#tenants = tenants;
		this.#podNames = podNames;
	}

	add(requests: RequestPool, request: number, endedAt: number, outcome: Outcome): void {
		if (this.isTooLong) {
			return;
		}

		if (this.#rows.length === longestTables.requests) {
			this.isTooLong = true;
			this.#rows.clear();
			return;
		}

		const row = this.#rows.addRow();
		const {columns} = this.#rows;
		columns.serial[row] = requests.serial[request]!;
		columns.scheduled[row] = requests.arrivedAt[request]!;
		columns.started[row] = requests.startedAt[request]!;
		columns.firstToken[row] = requests.firstTokenAt[request]!;
		columns.ended[row] = endedAt;
		columns.tenant[row] = requests.tenant[request]!;
		columns.conversation[row] = requests.conversation[request]!;
		columns.pod[row] = requests.pod[request]!;
		columns.promptTokens[row] = requests.promptTokens[request]!;
		columns.outputTokens[row] = requests.outputTokens[request]!;
		columns.outcome[row] = outcomes.indexOf(outcome);
	}

	/** The requests in the order of arrival; none when there were too many. */
	table(): RequestTable {
		const {columns, length} = this.#rows;
		const {serial, tenant, pod, outcome} = columns;
		const order = inOrder(serial, length);
		const times = (name: 'scheduled' | 'started' | 'firstToken' | 'ended') =>
			taken(new Float64Array(length), columns[name], order);
		const counts = (name: 'conversation' | 'promptTokens' | 'outputTokens') =>
			taken(new Int32Array(length), columns[name], order);
		return {
			scheduledSeconds: times('scheduled'),
			// The simulated generator is never late.
			sentSeconds: times('scheduled'),
			startedSeconds: times('started'),
			firstTokenSeconds: times('firstToken'),
			endedSeconds: times('ended'),
			tenant: texts(order, row => this.#tenants[tenant[row]!]!),
			conversation: counts('conversation'),
			pod: texts(order, row => this.#podNames[pod[row]!] ?? ''),
			promptTokens: counts('promptTokens'),
			outputTokens: counts('outputTokens'),
			outcome: texts(order, row => outcomes[outcome[row]!]!),
		};
	}
}

/* Loops, as `from` of a typed array goes by iterators: it took a sixth of a recorded run. */

/** Numbers of rows by ascending serial. */
function inOrder(serial: ArrayLike<number>, length: number): Uint32Array {
	const order = new Uint32Array(length);
	for (let row = 0; row < length; row++) {
		order[row] = row;
	}

	return order.sort((a, b) => serial[a]! - serial[b]!);
}

function taken<T extends {[index: number]: number}>(to: T, from: ArrayLike<number>, order: Uint32Array): T {
	const numbers: {[index: number]: number} = to;
	for (let index = 0; index < order.length; index++) {
		numbers[index] = from[order[index]!]!;
	}

	return to;
}

function texts<T extends string>(order: Uint32Array, textOf: (row: number) => T): T[] {
	const found: T[] = [];
	for (let index = 0; index < order.length; index++) {
		found.push(textOf(order[index]!));
	}

	return found;
}

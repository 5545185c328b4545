import {longestTables, type Outcome, type RequestTable} from '../records/record.ts';
import type {RequestPool} from './request-pool.ts';

/** Keeps the requests of a run for its record, as columns. */
export class RequestLog {
	readonly #tenants: readonly string[];
	readonly #podNames: readonly string[];
	readonly #serial: number[] = [];
	readonly #scheduled: number[] = [];
	readonly #started: number[] = [];
	readonly #firstToken: number[] = [];
	readonly #ended: number[] = [];
	readonly #tenant: number[] = [];
	readonly #conversation: number[] = [];
	readonly #pod: number[] = [];
	readonly #promptTokens: number[] = [];
	readonly #outputTokens: number[] = [];
	readonly #outcome: Outcome[] = [];
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

		if (this.#serial.length === longestTables.requests) {
			this.#forget();
			return;
		}

		this.#serial.push(requests.serial[request]!);
		this.#scheduled.push(requests.arrivedAt[request]!);
		this.#started.push(requests.startedAt[request]!);
		this.#firstToken.push(requests.firstTokenAt[request]!);
		this.#ended.push(endedAt);
		this.#tenant.push(requests.tenant[request]!);
		this.#conversation.push(requests.conversation[request]!);
		this.#pod.push(requests.pod[request]!);
		this.#promptTokens.push(requests.promptTokens[request]!);
		this.#outputTokens.push(requests.outputTokens[request]!);
		this.#outcome.push(outcome);
	}

	/** The requests in the order of arrival; none when there were too many. */
	table(): RequestTable {
		const order = Uint32Array.from(this.#serial, (_, row) => row).sort((a, b) => this.#serial[a]! - this.#serial[b]!);
		const times = (column: readonly number[]) => Float64Array.from(order, row => column[row]!);
		const counts = (column: readonly number[]) => Int32Array.from(order, row => column[row]!);
		const texts = <T extends string>(textOf: (row: number) => T) => Array.from(order, textOf);
		return {
			scheduledSeconds: times(this.#scheduled),
			// The simulated generator is never late.
			sentSeconds: times(this.#scheduled),
			startedSeconds: times(this.#started),
			firstTokenSeconds: times(this.#firstToken),
			endedSeconds: times(this.#ended),
			tenant: texts(row => this.#tenants[this.#tenant[row]!]!),
			conversation: counts(this.#conversation),
			pod: texts(row => this.#podNames[this.#pod[row]!] ?? ''),
			promptTokens: counts(this.#promptTokens),
			outputTokens: counts(this.#outputTokens),
			outcome: texts(row => this.#outcome[row]!),
		};
	}

	#forget(): void {
		this.isTooLong = true;
		const columns: unknown[][] = [
			this.#serial,
			this.#scheduled,
			this.#started,
			this.#firstToken,
			this.#ended,
			this.#tenant,
			this.#conversation,
			this.#pod,
			this.#promptTokens,
			this.#outputTokens,
			this.#outcome,
		];
		for (const column of columns) {
			column.length = 0;
		}
	}
}

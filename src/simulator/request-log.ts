import type {Outcome, RequestTable} from '../records/record.ts';
import type {RequestPool} from './request-pool.ts';

/** Keeps every request of a run for its record, in the order of arrival. */
export class RequestLog {
	readonly #tenants: readonly string[];
	readonly #podNames: (ordinal: number) => string;
	readonly #rows: {serial: number; row: Row}[] = [];

	constructor(tenants: readonly string[], podNames: (ordinal: number) => string) {
		this.#tenants = tenants;
		this.#podNames = podNames;
	}

	add(requests: RequestPool, request: number, endedAt: number, outcome: Outcome): void {
		const pod = requests.pod[request]!;
		this.#rows.push({
			serial: requests.serial[request]!,
			row: {
				scheduledSeconds: requests.arrivedAt[request]!,
				startedSeconds: requests.startedAt[request]!,
				firstTokenSeconds: requests.firstTokenAt[request]!,
				endedSeconds: endedAt,
				tenant: this.#tenants[requests.tenant[request]!]!,
				conversation: requests.conversation[request]!,
				pod: pod === -1 ? '' : this.#podNames(pod),
				promptTokens: requests.promptTokens[request]!,
				outputTokens: requests.outputTokens[request]!,
				outcome,
			},
		});
	}

	table(): RequestTable {
		const rows = this.#rows.sort((a, b) => a.serial - b.serial).map(({row}) => row);
		const scheduledSeconds = Float64Array.from(rows, row => row.scheduledSeconds);
		return {
			scheduledSeconds,
			sentSeconds: scheduledSeconds.slice(),
			startedSeconds: Float64Array.from(rows, row => row.startedSeconds),
			firstTokenSeconds: Float64Array.from(rows, row => row.firstTokenSeconds),
			endedSeconds: Float64Array.from(rows, row => row.endedSeconds),
			tenant: rows.map(row => row.tenant),
			conversation: Int32Array.from(rows, row => row.conversation),
			pod: rows.map(row => row.pod),
			promptTokens: Int32Array.from(rows, row => row.promptTokens),
			outputTokens: Int32Array.from(rows, row => row.outputTokens),
			outcome: rows.map(row => row.outcome),
		};
	}
}

type Row = {
	scheduledSeconds: number;
	startedSeconds: number;
	firstTokenSeconds: number;
	endedSeconds: number;
	tenant: string;
	conversation: number;
	pod: string;
	promptTokens: number;
	outputTokens: number;
	outcome: Outcome;
};

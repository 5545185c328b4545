import type {ObservedTables} from '../../records/observed-columns.ts';
import type {RequestTable} from '../../records/record.ts';
import type {EndedEntry, JournalEntry, SentEntry} from '../observe/entry.ts';

/** A request with its end; one without an end was under way when the replay stopped. */
export type SentRequest = {readonly sent: SentEntry; readonly ended: EndedEntry | undefined};

/** Requests in the order in which they were sent. */
export function sentRequests(entries: readonly JournalEntry[]): SentRequest[] {
	const ends = new Map(entries.flatMap(entry => (entry.type === 'ended' ? [[entry.id, entry] as const] : [])));
	return entries
		.filter(entry => entry.type === 'sent')
		.map(sent => ({sent, ended: ends.get(sent.id)}))
		.sort((a, b) => a.sent.scheduled - b.sent.scheduled);
}

/** @param start - time 0 [s since 1970] */
export function requestTable(requests: readonly SentRequest[], start: number): RequestTable {
	const since = (time: number | undefined) => (time ?? Number.NaN) - start;
	return {
		scheduledSeconds: Float64Array.from(requests, ({sent}) => sent.scheduled),
		sentSeconds: Float64Array.from(requests, ({sent}) => since(sent.at)),
		startedSeconds: Float64Array.from(requests, request => since(startOf(request))),
		firstTokenSeconds: Float64Array.from(requests, ({ended}) => since(ended?.firstToken)),
		endedSeconds: Float64Array.from(requests, ({ended}) =>
			since(ended?.outcome === 'inFlight' ? undefined : ended?.at),
		),
		tenant: requests.map(({sent}) => sent.tenant),
		conversation: Int32Array.from(requests, ({sent}) => sent.conversation),
		pod: requests.map(({ended}) => ended?.reply?.pod ?? ended?.served?.pod ?? ''),
		promptTokens: Int32Array.from(requests, ({sent, ended}) => ended?.reply?.promptTokens ?? sent.promptTokens),
		outputTokens: Int32Array.from(requests, ({sent, ended}) => ended?.reply?.outputTokens ?? sent.outputTokens),
		outcome: requests.map(({ended}) => ended?.outcome ?? 'inFlight'),
	};
}

/** Table of timings with one row for each request, in the same order. */
export function timingTable(requests: readonly SentRequest[], start: number): ObservedTables['timings'] {
	const numbers = (read: (reply: NonNullable<EndedEntry['reply']>) => number | undefined) =>
		Float64Array.from(requests, ({ended}) => (ended?.reply && read(ended.reply)) ?? Number.NaN);
	return {
		status: Int32Array.from(requests, ({ended}) => ended?.status ?? 0),
		error: requests.map(({ended}) => ended?.error ?? ''),
		wantedPromptTokens: Int32Array.from(requests, ({sent}) => sent.promptTokens),
		wantedOutputTokens: Int32Array.from(requests, ({sent}) => sent.outputTokens),
		historyTurns: Int32Array.from(requests, ({ended}) => ended?.reply?.historyTurns ?? -1),
		doneReason: requests.map(({ended}) => ended?.reply?.doneReason ?? ''),
		receivedSeconds: numbers(({timings}) => timings.receivedAt - start),
		waitingSeconds: numbers(({timings}) => timings.waitingSeconds),
		queuedSeconds: numbers(({timings}) => timings.queuedSeconds),
		loadSeconds: numbers(({timings}) => timings.loadSeconds),
		promptEvalSeconds: numbers(({timings}) => timings.promptEvalSeconds),
		evalSeconds: numbers(({timings}) => timings.evalSeconds),
		ollamaSeconds: numbers(({timings}) => timings.ollamaSeconds),
		backendSeconds: numbers(({timings}) => timings.backendSeconds),
		loopbackSeconds: numbers(({timings}) => timings.loopbackSeconds),
	};
}

/** A request that waited longer in Ollama than this found its slot taken [s]. */
const noWait = 0.1;

/**
 * Time at which a slot of the model was free for a request: its end less the time that it was worked on. Ollama finds
 * the loaded model first and then waits for a slot, so the time to find it counts only where the slot was free at once.
 */
function startOf({sent, ended}: SentRequest): number | undefined {
	if (ended?.reply === undefined) {
		return ended?.served?.started;
	}

	const {waitingSeconds, queuedSeconds, loadSeconds, promptEvalSeconds, evalSeconds} = ended.reply.timings;
	const load = waitingSeconds - queuedSeconds <= noWait ? loadSeconds : 0;
	return Math.max(sent.at, ended.at - evalSeconds - promptEvalSeconds - load);
}

import type {RequestTable} from '../records/record.ts';

type Span = {readonly from: number; readonly to: number};

/** Which requests a pod held when: from being sent until their end, and of that in service. */
export class PodLoad {
	readonly #held = new Map<string, Span[]>();
	readonly #served = new Map<string, Span[]>();
	readonly #done = new Map<string, {readonly at: number; readonly tokens: number}[]>();

	/** @param end - of the run; a request without an end was held until then [s] */
	constructor(requests: RequestTable, end: number) {
		const {pod, sentSeconds, startedSeconds, endedSeconds, promptTokens, outputTokens, outcome} = requests;
		for (const [row, name] of pod.entries()) {
			if (name === '') {
				continue;
			}

			const to = Number.isNaN(endedSeconds[row]!) ? end : endedSeconds[row]!;
			listOf(this.#held, name).push({from: sentSeconds[row]!, to});
			if (!Number.isNaN(startedSeconds[row]!)) {
				listOf(this.#served, name).push({from: startedSeconds[row]!, to});
			}

			if (outcome[row] === 'completed') {
				listOf(this.#done, name).push({at: to, tokens: promptTokens[row]! + outputTokens[row]!});
			}
		}
	}

	/** Requests that wait or run in the pod. */
	heldAt(pod: string, time: number): number {
		return (this.#held.get(pod) ?? []).filter(({from, to}) => from <= time && time < to).length;
	}

	/** Requests that the pod had completed at a time, and the tokens of the longest of them. */
	doneBy(pod: string, time: number): {served: number; longest: number} {
		const done = (this.#done.get(pod) ?? []).filter(({at}) => at <= time);
		return {served: done.length, longest: done.reduce((most, {tokens}) => Math.max(most, tokens), 0)};
	}

	/** Share of the time in which a request was in service, 1 at most. */
	servingShare(pod: string, span: Span): number {
		const busy = (this.#served.get(pod) ?? []).reduce(
			(sum, {from, to}) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)),
			0,
		);
		return Math.min(1, busy / (span.to - span.from));
	}

	/** Requests that the pod dealt with between; one that it held for longer counts by the share of its time. */
	dealtWith(pod: string, span: Span): number {
		return (this.#held.get(pod) ?? []).reduce((sum, {from, to}) => {
			const overlap = Math.min(to, span.to) - Math.max(from, span.from);
			return overlap > 0 && to > from ? sum + overlap / (to - from) : sum;
		}, 0);
	}
}

function listOf<Item>(map: Map<string, Item[]>, key: string): Item[] {
	const list = map.get(key) ?? [];
	map.set(key, list);
	return list;
}

import type {RequestTable} from '../records/record.ts';

type Span = {readonly from: number; readonly to: number};

/** Requests that a pod held over time: from being sent until their end, and of that in service. */
export class PodLoad {
	readonly #held = new Map<string, Span[]>();
	readonly #served = new Map<string, Span[]>();
	readonly #done = new Map<string, {readonly at: number; readonly tokens: number}[]>();
	/** Times of completed requests of which the start or the end is not known, by pod; '' where that is not known. */
	readonly #unknown = new Map<string, Span[]>();

	/**
	 * @param requests - one that was not sent (NaN) counts from when it was scheduled
	 * @param end - of the run; a request without an end was held until then [s]
	 */
	constructor(requests: RequestTable, end: number) {
		const {pod, scheduledSeconds, sentSeconds, startedSeconds, endedSeconds, outcome} = requests;
		for (const [row, name] of pod.entries()) {
			const sent = sentSeconds[row]!;
			const from = Number.isNaN(sent) ? scheduledSeconds[row]! : sent;
			const to = Number.isNaN(endedSeconds[row]!) ? end : endedSeconds[row]!;
			const isCompleted = outcome[row] === 'completed';
			if (isCompleted && (name === '' || Number.isNaN(startedSeconds[row]! + endedSeconds[row]!))) {
				listOf(this.#unknown, name).push({from, to});
			} else if (name !== '') {
				listOf(this.#held, name).push({from, to});
				if (!Number.isNaN(startedSeconds[row]!)) {
					listOf(this.#served, name).push({from: startedSeconds[row]!, to});
				}

				if (isCompleted) {
					listOf(this.#done, name).push({at: to, tokens: requests.promptTokens[row]! + requests.outputTokens[row]!});
				}
			}
		}
	}

	/** Whether the record has all that the pod did in a time; where it has not, the other figures are of the rest. */
	isKnown(pod: string, {from, to}: Span): boolean {
		const unknown = [...(this.#unknown.get(pod) ?? []), ...(this.#unknown.get('') ?? [])];
		return unknown.every(span => span.to <= from || span.from >= to);
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

/** A pod's time at one request [s]. */
export type Occupation = {readonly pod: string; readonly from: number; readonly to: number};

type Step = {readonly at: number; readonly busy: number; readonly before: number};

/** How many pods were at work, at any time of a record. */
export class BusyPods {
	/** Busy pods from a time on, and the busy pod-seconds before it. */
	readonly #steps: readonly Step[];

	constructor(occupations: readonly Occupation[]) {
		const changes = merged(occupations).flatMap(({from, to}) => [
			{at: from, by: 1},
			{at: to, by: -1},
		]);
		const steps: Step[] = [{at: Number.NEGATIVE_INFINITY, busy: 0, before: 0}];
		for (const {at, by} of changes.sort((a, b) => a.at - b.at)) {
			const {at: last, busy, before} = steps.at(-1)!;
			steps.push({at, busy: busy + by, before: busy === 0 ? before : before + busy * (at - last)});
		}

		this.#steps = steps;
	}

	/** Pods at work on average between two times. */
	between(from: number, to: number): number {
		return (this.#podSecondsUntil(to) - this.#podSecondsUntil(from)) / (to - from);
	}

	#podSecondsUntil(time: number): number {
		let [low, high] = [0, this.#steps.length];
		while (high - low > 1) {
			const middle = (low + high) >> 1;
			if (this.#steps[middle]!.at <= time) {
				low = middle;
			} else {
				high = middle;
			}
		}

		const {at, busy, before} = this.#steps[low]!;
		return busy === 0 ? before : before + busy * (time - at);
	}
}

/** Overlapping requests of a pod as one. */
function merged(occupations: readonly Occupation[]): Occupation[] {
	const last = new Map<string, {pod: string; from: number; to: number}>();
	const spans: Occupation[] = [];
	for (const {pod, from, to} of [...occupations].sort((a, b) => a.from - b.from)) {
		const before = last.get(pod);
		if (before !== undefined && from <= before.to) {
			before.to = Math.max(before.to, to);
		} else {
			const span = {pod, from, to};
			last.set(pod, span);
			spans.push(span);
		}
	}

	return spans;
}

/** Longest time from the end of a request to the work on the next one that waits [s]; more is something else. */
const longestTurnaround = 0.5;

/**
 * Occupations of pods by requests, by row; undefined for a request whose occupation is not known.
 *
 * A pod with one slot is occupied from the end of the request before, or from when the request was sent, as what the
 * server and the backend do in between holds up the next one. With more slots a request's own time in service counts.
 */
export function occupations(
	{sentSeconds, startedSeconds, endedSeconds, pod}: RequestTable,
	parallel: number,
): (Occupation | undefined)[] {
	const rows = [...pod.keys()].filter(row => pod[row] !== '' && endedSeconds[row]! > startedSeconds[row]!);
	const found: (Occupation | undefined)[] = pod.map(() => undefined);
	const lastEnd = new Map<string, number>();
	for (const row of rows.sort((a, b) => endedSeconds[a]! - endedSeconds[b]!)) {
		const [name, to, started] = [pod[row]!, endedSeconds[row]!, startedSeconds[row]!];
		const free = Math.max(lastEnd.get(name) ?? Number.NEGATIVE_INFINITY, sentSeconds[row]!);
		const isTurnaround = parallel === 1 && free <= started && started - free <= longestTurnaround;
		found[row] = {pod: name, from: isTurnaround ? free : started, to};
		lastEnd.set(name, to);
	}

	return found;
}

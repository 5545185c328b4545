import type {RequestTable} from './record.ts';

/** For each pod how long it has run a request, as a function of time [s]: at least one, however many there were. */
export type BusyTime = ReadonlyMap<string, (at: number) => number>;

/** @param end - requests that were running when the run ended ran until then [s] */
export function busyTimes({pod, startedSeconds, endedSeconds}: RequestTable, end: number): BusyTime {
	const spans = new Map<string, [from: number, to: number][]>();
	for (const [row, from] of startedSeconds.entries()) {
		const to = Number.isNaN(endedSeconds[row]!) ? end : endedSeconds[row]!;
		if (to > from && pod[row] !== '') {
			const own = spans.get(pod[row]!) ?? [];
			own.push([from, to]);
			spans.set(pod[row]!, own);
		}
	}

	return new Map([...spans].map(([name, own]) => [name, counterOf(joined(own))]));
}

/** Spans that do not touch, in order. */
function joined(spans: readonly [number, number][]): [number, number][] {
	const apart: [number, number][] = [];
	for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
		const last = apart.at(-1);
		if (last !== undefined && from <= last[1]) {
			last[1] = Math.max(last[1], to);
		} else {
			apart.push([from, to]);
		}
	}

	return apart;
}

function counterOf(spans: readonly [number, number][]): (at: number) => number {
	return at => {
		let sum = 0;
		for (const [from, to] of spans) {
			if (from >= at) {
				break;
			}

			sum += Math.min(to, at) - from;
		}

		return sum;
	};
}

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

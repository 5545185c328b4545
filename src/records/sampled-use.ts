import type {SampleTable} from './record.ts';
import {hasSpan} from './sample-span.ts';

/** What a pod used, summed over its containers. */
export type SampledUse = {readonly cpuSeconds: number; readonly memoryByteSeconds: number};

/** `cpuCores` is NaN where the sample is of no span of time. */
type Row = {readonly until: number; readonly cpuCores: number; readonly memoryBytes: number};

/**
 * The samples of each pod and container, in the order of time; those that were lost are left out, and those without a time.
 * Memory that nobody recorded is NaN.
 */
export class SampledUses {
	readonly #rows = new Map<string, Map<string, Row[]>>();

	constructor({pod, container, cpuCores, memoryBytes, sampledSeconds, windowSeconds}: SampleTable) {
		for (const [row, name] of pod.entries()) {
			if (Number.isNaN(cpuCores[row]!) || Number.isNaN(sampledSeconds[row]!)) {
				continue;
			}

			const containers = this.#rows.get(name) ?? new Map<string, Row[]>();
			const rows = containers.get(container[row]!) ?? [];
			const cores = hasSpan(windowSeconds[row]!) ? cpuCores[row]! : Number.NaN;
			rows.push({until: sampledSeconds[row]!, cpuCores: cores, memoryBytes: memoryBytes[row]!});
			this.#rows.set(name, containers.set(container[row]!, rows));
		}
	}

	/**
	 * A sample holds from the one before it to its own time, the first from the containers' start, the last to the end:
	 * the metrics API says nothing of a pod's first and last seconds. A pod that it never served counts nothing. What one that
	 * is of no span says of the CPU is left to the next one.
	 *
	 * @param started - when the pod's containers ran [s]
	 */
	between(pod: string, {started, from, to}: {started: number; from: number; to: number}): SampledUse {
		let cpuSeconds = 0;
		let memoryByteSeconds = 0;
		for (const rows of this.#rows.get(pod)?.values() ?? []) {
			const ordered = rows.toSorted((a, b) => a.until - b.until);
			let since = started;
			let cpuSince = started;
			for (const [index, {until, cpuCores, memoryBytes}] of ordered.entries()) {
				const end = index === ordered.length - 1 ? to : until;
				const lengthSince = (begin: number) => Math.max(0, Math.min(end, to) - Math.max(begin, from));
				memoryByteSeconds += memoryBytes * lengthSince(since);
				since = end;
				if (!Number.isNaN(cpuCores)) {
					cpuSeconds += cpuCores * lengthSince(cpuSince);
					cpuSince = end;
				}
			}
		}

		return {cpuSeconds, memoryByteSeconds};
	}
}

import type {SampleTable} from './record.ts';

/** What a pod used, summed over its containers. */
export type SampledUse = {readonly cpuSeconds: number; readonly memoryByteSeconds: number};

type Row = {readonly until: number; readonly cpuCores: number; readonly memoryBytes: number};

/** The samples of each pod and container, in the order of time, those that were lost left out. */
export class SampledUses {
	readonly #rows = new Map<string, Map<string, Row[]>>();

	constructor({pod, container, cpuCores, memoryBytes, sampledSeconds}: SampleTable) {
		for (const [row, name] of pod.entries()) {
			if (Number.isNaN(cpuCores[row]!)) {
				continue;
			}

			const containers = this.#rows.get(name) ?? new Map<string, Row[]>();
			const rows = containers.get(container[row]!) ?? [];
			rows.push({until: sampledSeconds[row]!, cpuCores: cpuCores[row]!, memoryBytes: memoryBytes[row]!});
			this.#rows.set(name, containers.set(container[row]!, rows));
		}
	}

	/**
	 * A sample holds from the one before it to its own time, the first from the containers' start, the last to the end:
	 * the metrics API says nothing of a pod's first and last seconds. A pod that it never served counts nothing.
	 *
	 * @param started - when the pod's containers ran [s]
	 */
	between(pod: string, {started, from, to}: {started: number; from: number; to: number}): SampledUse {
		let cpuSeconds = 0;
		let memoryByteSeconds = 0;
		for (const rows of this.#rows.get(pod)?.values() ?? []) {
			const ordered = rows.toSorted((a, b) => a.until - b.until);
			let since = started;
			for (const [index, {until, cpuCores, memoryBytes}] of ordered.entries()) {
				const end = index === ordered.length - 1 ? to : until;
				const length = Math.max(0, Math.min(end, to) - Math.max(since, from));
				cpuSeconds += cpuCores * length;
				memoryByteSeconds += memoryBytes * length;
				since = end;
			}
		}

		return {cpuSeconds, memoryByteSeconds};
	}
}

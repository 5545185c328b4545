/** Counters of the containers' cgroups (`cpu.stat`), a row a reading: seconds since the start, CPU seconds so far. */
export type CounterTable = {
	readonly seconds: Float64Array;
	readonly pod: readonly string[];
	readonly container: readonly string[];
	readonly usageSeconds: Float64Array;
};

type Reading = {readonly at: number; readonly usage: number};

/** CPU time of one container of every pod, between its readings too. A reading without time or use (NaN) is none. */
export class CpuCounters {
	readonly #readings = new Map<string, Reading[]>();

	constructor({seconds, pod, container, usageSeconds}: CounterTable, of: string) {
		for (const [row, name] of pod.entries()) {
			if (container[row] === of && !Number.isNaN(seconds[row]! + usageSeconds[row]!)) {
				const own = this.#readings.get(name) ?? [];
				this.#readings.set(name, own);
				own.push({at: seconds[row]!, usage: usageSeconds[row]!});
			}
		}
	}

	/**
	 * CPU seconds of a pod's container from one time to another, its use taken to be even between two readings.
	 *
	 * @returns undefined where readings are missing; `from` and `to` are the times of the readings around
	 */
	between(pod: string, from: number, to: number): {usage: number; from: number; to: number} | undefined {
		const own = this.#readings.get(pod) ?? [];
		const [before, after] = [own.findLastIndex(({at}) => at <= from), own.findIndex(({at}) => at >= to)];
		if (before === -1 || after === -1 || own[after]!.usage < own[before]!.usage) {
			return undefined; // not observed, or the counter has restarted
		}

		return {usage: usageAt(own, to) - usageAt(own, from), from: own[before]!.at, to: own[after]!.at};
	}
}

function usageAt(readings: readonly Reading[], time: number): number {
	const next = readings.findIndex(({at}) => at >= time);
	const after = readings[next]!;
	const before = readings[next - 1] ?? after;
	const share = after.at > before.at ? (time - before.at) / (after.at - before.at) : 1;
	return before.usage + share * (after.usage - before.usage);
}

import type {ContainerView, PodMetricsView} from '../autoscaler/reconcile.ts';
import type {SampleTable} from '../records/record.ts';

/** What the metrics API served of a pod, at any time of a record. */
export class SampleSightings {
	readonly #table: SampleTable;
	readonly #isSimulated: boolean;
	/** Rows by pod and container, in the order in which they were served. */
	readonly #rows = new Map<string, number[]>();

	constructor(table: SampleTable, isSimulated: boolean) {
		this.#table = table;
		this.#isSimulated = isSimulated;
		for (const [row, pod] of table.pod.entries()) {
			const key = `${pod}/${table.container[row]}`;
			const rows = this.#rows.get(key);
			if (rows === undefined) {
				this.#rows.set(key, [row]);
			} else {
				rows.push(row);
			}
		}
	}

	/** Nothing while the API serves no sample of one of the pod's containers. */
	at(now: number, name: string, containers: readonly ContainerView[]): PodMetricsView | undefined {
		const {cpuCores, memoryBytes, sampledSeconds, windowSeconds, container} = this.#table;
		const rows = containers.flatMap(({name: part}) => this.#newest(`${name}/${part}`, now) ?? []);
		if (rows.length < containers.length || rows.some(row => Number.isNaN(cpuCores[row]!))) {
			return undefined;
		}

		const earliest = rows.reduce((best, row) => (sampledSeconds[row]! < sampledSeconds[best]! ? row : best));
		const sampled = sampledSeconds[earliest]!;
		return {
			name,
			timestamp: this.#isSimulated ? Math.floor(sampled) : sampled,
			window: windowSeconds[earliest]!,
			containers: rows.map(row => ({
				name: container[row]!,
				usage: {
					cpu: Math.ceil(Math.round(cpuCores[row]! * 1e9) / 1e6),
					memory: memoryBytes[row]! * 1000,
				},
			})),
		};
	}

	#newest(key: string, now: number): number | undefined {
		return this.#rows.get(key)?.findLast(row => this.#table.seconds[row]! <= now);
	}
}

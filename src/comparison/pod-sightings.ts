import type {ContainerView, PodMetricsView, PodView} from '../autoscaler/reconcile.ts';
import type {PodEvent, PodTable, SampleTable} from '../records/record.ts';

/** States of each pod that a watch saw: `view` is a `PodView` in JSON, its times are the record's. */
export type PodStates = {
	readonly seconds: Float64Array;
	readonly pod: readonly string[];
	readonly view: readonly string[];
};

type Mutable<T> = {-readonly [Key in keyof T]: T[Key]};

type Options = {
	readonly containers: PodView['containers'];
	readonly isSimulated: boolean;
	readonly podStates?: PodStates | undefined;
};

/** The pods that the autoscaler's selector matched, at any time of a record. */
export class PodSightings {
	readonly #table: PodTable;
	readonly #options: Options;
	/** Pods at a time, and the first row that is not in them. */
	#known = {now: Number.NEGATIVE_INFINITY, row: 0, views: new Map<string, Mutable<PodView>>()};

	constructor(table: PodTable, options: Options) {
		this.#table = table;
		this.#options = options;
	}

	/** Pods as the autoscaler sees them at a reconcile, without their events at the same instant, which follow from it. */
	at(now: number): PodView[] {
		const known = this.#fromEvents(now);
		const {podStates} = this.#options;
		if (podStates === undefined) {
			return [...known.values()];
		}

		const seen = new Map<string, number>();
		for (const [row, seconds] of podStates.seconds.entries()) {
			if (seconds < now) {
				seen.set(podStates.pod[row]!, row);
			}
		}

		return [...seen].flatMap(([name, row]) => (known.has(name) ? JSON.parse(podStates.view[row]!) : []));
	}

	/** Goes on from the time that was asked for before, or from the start where that was later. */
	#fromEvents(now: number): ReadonlyMap<string, PodView> {
		const {pod, event, seconds} = this.#table;
		if (now < this.#known.now) {
			this.#known = {now, row: 0, views: new Map()};
		}

		const {views} = this.#known;
		let {row} = this.#known;
		for (; row < pod.length && seconds[row]! < now; row++) {
			const name = pod[row]!;
			if (event[row] === 'gone') {
				views.delete(name);
			} else {
				const view = views.get(name) ?? {name, phase: 'Pending', containers: this.#options.containers};
				views.set(name, apply(view, event[row]!, this.#apiTime(seconds[row]!)));
			}
		}

		this.#known = {now, row, views};
		return views;
	}

	/**
	 * Rounds to whole seconds, as the API does; a measured record's times are the watch's, whose fraction means nothing.
	 */
	#apiTime(seconds: number): number {
		return this.#options.isSimulated ? Math.floor(seconds) : seconds;
	}
}

function apply(view: Mutable<PodView>, event: PodEvent, at: number): Mutable<PodView> {
	switch (event) {
		case 'scheduled':
			return {...view, startTime: at, ready: {status: false, lastTransitionTime: at}};
		case 'started':
			return {...view, phase: 'Running'};
		case 'ready':
		case 'notReady':
			return {...view, ready: {status: event === 'ready', lastTransitionTime: at}};
		case 'terminating':
			return {...view, deletionTimestamp: at};
		default:
			return view;
	}
}

/** Samples of a pod that the metrics API served, at any time of a record. */
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

	/** Entry of a pod; undefined while the API serves no sample of one of the pod's containers. */
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

import {UserError} from '../errors.ts';
import {windowFunction} from '../promql/window-functions.ts';
import type {TimedSeries} from './on-grid.ts';
import type {MetricSelector, SeriesQuery, WrittenQuery} from './series-query.ts';
import {type Grid, type GridSeries, type MetricLabels, meetsAll, type SeriesStore} from './series-store.ts';

type Saved = {
	/** Place in words. */
	readonly place: string;
	/** Series of metrics, the name of each under `__name__`. */
	readonly series: readonly TimedSeries[];
	/** Series under the name of a series of a history. */
	readonly given: ReadonlyMap<string, readonly TimedSeries[]>;
	readonly grid: Grid;
	readonly notes: readonly string[];
};

/** Saved samples as a store of time series: the queries of a history are evaluated over them. */
export class SampleStore implements SeriesStore {
	readonly place: string;
	readonly #saved: Saved;
	readonly #byName = new Map<string, TimedSeries[]>();

	constructor(saved: Saved) {
		this.place = saved.place;
		this.#saved = saved;
		for (const series of saved.series) {
			const name = series.labels['__name__'] ?? '';
			this.#byName.set(name, [...(this.#byName.get(name) ?? []), series]);
		}
	}

	async names(wanted: readonly string[]): Promise<ReadonlySet<string>> {
		return new Set(wanted.filter(name => this.#byName.has(name)));
	}

	async labelNames(selector: MetricSelector): Promise<ReadonlySet<string>> {
		return new Set(this.#selected(selector).flatMap(({labels}) => Object.keys(labels)));
	}

	async labelSets(selector: MetricSelector): Promise<readonly MetricLabels[]> {
		return this.#selected(selector).map(({labels}) => labels);
	}

	async sampleInterval(selector: MetricSelector): Promise<number | undefined> {
		const found = this.#selected(selector);
		const distance = usualDistance(found.map(changesOf)) ?? usualDistance(found);
		return distance && Math.min(distance, lookback);
	}

	async newest(query: SeriesQuery): Promise<{labels: MetricLabels; value: number}[]> {
		const {grid} = this.#saved;
		return this.#read(
			{...query, form: 'last', window: grid.steps * grid.stepSeconds},
			{
				...grid,
				start: grid.start + (grid.steps - 1) * grid.stepSeconds,
				steps: 1,
			},
		).map(({labels, values}) => ({labels, value: values[0]!}));
	}

	async read(queries: readonly (SeriesQuery | WrittenQuery)[]): Promise<GridSeries[][]> {
		return queries.map(query => {
			if ('text' in query) {
				throw new UserError('E_USAGE', `Expected a Prometheus server for the query ${query.text}, got saved answers`);
			}

			return this.#read(query, this.#saved.grid);
		});
	}

	given(name: string): readonly GridSeries[] | undefined {
		const {given, grid} = this.#saved;
		return given.get(name)?.map(series => ({labels: series.labels, values: newestAt(series, grid, grid.stepSeconds)}));
	}

	notes(): readonly string[] {
		return this.#saved.notes;
	}

	#selected({metric, matches}: MetricSelector): TimedSeries[] {
		return (this.#byName.get(metric) ?? []).filter(({labels}) => meetsAll(labels, matches));
	}

	/** Evaluates a query; no more is held at one time than its result and one group of series that count once. */
	#read(query: SeriesQuery, grid: Grid): GridSeries[] {
		const {once, by, combine} = query;
		const groups = new Map<string, GridSeries>();
		for (const same of partsBy(this.#selected(query), ({labels}) =>
			once === undefined ? undefined : keyOf(labels, once),
		)) {
			const values = same.map(series => valuesOf(series, query, grid)).reduce((a, b) => combined(a, b, Math.max));
			const {labels} = same[0]!;
			const key = keyOf(labels, by);
			const group = groups.get(key);
			groups.set(key, {
				labels:
					group?.labels ??
					Object.fromEntries(by.flatMap(name => (labels[name] === undefined ? [] : [[name, labels[name]]]))),
				values: group === undefined ? values : combined(group.values, values, combine === 'sum' ? sum : Math.max),
			});
		}

		return [...groups.values()].filter(series => series.values.some(value => !Number.isNaN(value)));
	}
}

const sum = (a: number, b: number) => a + b;

/** Parts of a list that have one key; an item without a key is a part of its own. */
function partsBy<Item>(items: readonly Item[], keyFor: (item: Item) => string | undefined): Item[][] {
	const parts = new Map<unknown, Item[]>();
	for (const item of items) {
		const key = keyFor(item) ?? item;
		parts.set(key, [...(parts.get(key) ?? []), item]);
	}

	return [...parts.values()];
}

function keyOf(labels: MetricLabels, names: readonly string[]): string {
	return JSON.stringify(names.map(name => labels[name] ?? ''));
}

/** Values combined step by step; one that is missing counts for nothing. */
function combined(a: Float64Array, b: Float64Array, combine: (a: number, b: number) => number): Float64Array {
	return a.map((value, step) => {
		const other = b[step]!;
		return Number.isNaN(value) ? other : Number.isNaN(other) ? value : combine(value, other);
	});
}

/** Time for which Prometheus takes the newest sample of a series for its current one [s]. */
const lookback = 300;

/**
 * A saved answer has a sample at each of its steps, however seldom the metric was scraped: the samples with a value other than
 * the one before.
 */
function changesOf({labels, times, values}: TimedSeries): TimedSeries {
	const isNew = (_: number, index: number) => index === 0 || values[index] !== values[index - 1];
	return {labels, times: times.filter(isNew), values: values.filter(isNew)};
}

/** Samples of a counter without the repetitions of the last scrape before a gap, which would look like a rate of 0. */
function withoutRepetitions(series: TimedSeries): TimedSeries {
	const {labels, times, values} = series;
	const longest = 1.5 * (usualDistance([series]) ?? Number.POSITIVE_INFINITY);
	const dropped = new Set<number>();
	for (let index = 1; index < times.length; index++) {
		if (times[index]! - times[index - 1]! > longest) {
			for (let last = index - 1; last > 0 && isRepetition(last, index - 1); last--) {
				dropped.add(last);
			}
		}
	}

	function isRepetition(at: number, end: number): boolean {
		return values[at] === values[at - 1] && times[end]! - times[at]! < lookback;
	}

	const isKept = (_: number, index: number) => !dropped.has(index);
	return dropped.size === 0 ? series : {labels, times: times.filter(isKept), values: values.filter(isKept)};
}

/** Distance that most neighbouring samples have [s]; undefined where there are no two. */
export function usualDistance(series: readonly TimedSeries[]): number | undefined {
	const counts = new Map<number, number>();
	for (const {times} of series) {
		for (let index = 1; index < times.length; index++) {
			const distance = Math.round((times[index]! - times[index - 1]!) * 1000) / 1000;
			counts.set(distance, (counts.get(distance) ?? 0) + 1);
		}
	}

	const most = Math.max(0, ...counts.values());
	return [...counts].find(([, count]) => count === most)?.[0];
}

function valuesOf(series: TimedSeries, {form, window = 0}: SeriesQuery, grid: Grid): Float64Array {
	if (form === 'rate') {
		return ratesAt(withoutRepetitions(series), grid, window);
	}

	// A saved answer has a sample at each of its steps for as long as Prometheus takes the newest one for current.
	const age = form === 'last' ? window : Math.max(usualDistance([series]) ?? 0, grid.stepSeconds);
	return newestAt(series, grid, age);
}

/** Newest sample at each step that is younger than `age` [s]. */
function newestAt({times, values}: TimedSeries, {start, stepSeconds, steps}: Grid, age: number): Float64Array {
	const result = new Float64Array(steps).fill(Number.NaN);
	let next = 0;
	for (let step = 0; step < steps; step++) {
		const at = start + step * stepSeconds;
		while (next < times.length && times[next]! <= at) {
			next++;
		}

		if (next > 0 && times[next - 1]! > at - age) {
			result[step] = values[next - 1]!;
		}
	}

	return result;
}

function ratesAt({times, values}: TimedSeries, {start, stepSeconds, steps}: Grid, window: number): Float64Array {
	const result = new Float64Array(steps).fill(Number.NaN);
	let [from, until] = [0, 0];
	for (let step = 0; step < steps; step++) {
		const end = start + step * stepSeconds + window / 2;
		while (until < times.length && times[until]! <= end) {
			until++;
		}

		while (from < until && times[from]! <= end - window) {
			from++;
		}

		if (until - from >= 2) {
			const points = Array.from({length: until - from}, (_, index) => ({
				at: times[from + index]! * 1000,
				value: values[from + index]!,
			})).filter(({value}) => !Number.isNaN(value));
			const milliseconds = {start: (end - window) * 1000, end: end * 1000};
			result[step] = points.length < 2 ? Number.NaN : (windowFunction('rate', points, milliseconds) ?? Number.NaN);
		}
	}

	return result;
}

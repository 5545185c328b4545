import type {CustomMetrics} from '../../experiment/custom-metrics/custom-metrics.ts';
import {evaluateQuery} from '../../promql/evaluate.ts';
import {longestWindow, selectorsOf} from '../../promql/expression.ts';
import {QueryFault} from '../../promql/query-fault.ts';
import {type Element, nameLabel, type QueryValue, type Sample, type Series} from '../../promql/series.ts';
import type {Exported} from './exporters.ts';

/** Series that grows. */
type GrowingSeries = Series & {readonly samples: Sample[]};

/** Series of one target, by name and bucket. */
export type Target = {readonly pod: string | undefined; readonly series: Map<string, GrowingSeries>};

/**
 * Database of Prometheus: the samples of the series that the experiment's queries read, no older than their longest
 * window.
 */
export class PrometheusDatabase {
	readonly #metrics: CustomMetrics['metrics'];
	/** [ms] */
	readonly #lookback: number;
	/** Age up to which samples are kept [ms]. */
	readonly #kept: number;
	readonly #series = new Map<string, Set<GrowingSeries>>();
	/** Time of the last sample of each metric [ms]. */
	readonly #lastSeen = new Map<string, number>();

	constructor({metrics, prometheus: {lookback}}: CustomMetrics) {
		const windows = Object.values(metrics).map(({expression}) => longestWindow(expression));
		this.#metrics = metrics;
		this.#lookback = lookback * 1000;
		this.#kept = Math.max(this.#lookback, ...windows);
	}

	/** Adds the answer of a target to a scrape; a series that is no longer in it ends. */
	append(target: Target, at: number, exported: readonly Exported[]): void {
		const ended = new Set(target.series.keys());
		for (const {name, le, value} of exported) {
			const key = le === undefined ? name : `${name} ${le}`;
			ended.delete(key);
			this.#push(this.#seriesOf(target, key, {name, le}), {at, value});
			this.#lastSeen.set(name, at);
		}

		for (const key of ended) {
			this.#push(target.series.get(key)!, {at, value: undefined});
		}
	}

	/** Forgets a target that is gone and whose samples nobody asks for any more. */
	forget({series}: Target): void {
		for (const one of series.values()) {
			this.#series.get(one.labels.get(nameLabel)!)?.delete(one);
		}
	}

	/** Time of the last sample of a metric [ms]; undefined before the first. */
	lastSeen(name: string): number | undefined {
		return this.#lastSeen.get(name);
	}

	/** Names of the series that the query of a metric reads. */
	seriesNames(metric: string): string[] {
		return selectorsOf(this.#metrics[metric]!.expression).map(({name}) => name);
	}

	/**
	 * Answer to the query of a metric now; a scalar is an element without labels, a query that fails has none.
	 *
	 * @param now - [ms]
	 */
	query(metric: string, now: number): readonly Element[] {
		try {
			const value: QueryValue = evaluateQuery(this.#metrics[metric]!.expression, {
				now,
				lookback: this.#lookback,
				seriesOf: name => [...(this.#series.get(name) ?? [])],
			});
			return typeof value === 'number' ? [{labels: new Map(), value}] : value;
		} catch (error) {
			if (error instanceof QueryFault) {
				return [];
			}

			throw error;
		}
	}

	#seriesOf(target: Target, key: string, {name, le}: {name: string; le: string | undefined}): GrowingSeries {
		const known = target.series.get(key);
		if (known !== undefined) {
			return known;
		}

		const labels = new Map([[nameLabel, name]]);
		if (target.pod !== undefined) {
			labels.set('pod', target.pod);
		}

		if (le !== undefined) {
			labels.set('le', le);
		}

		const series: GrowingSeries = {labels, samples: []};
		target.series.set(key, series);
		const all = this.#series.get(name) ?? new Set();
		this.#series.set(name, all.add(series));
		return series;
	}

	#push({samples}: GrowingSeries, sample: Sample): void {
		const last = samples.at(-1);
		if (last?.at === sample.at) {
			samples.pop();
		} else if (last !== undefined && last.value === undefined && sample.value === undefined) {
			return;
		}

		samples.push(sample);
		while (samples[0]!.at <= sample.at - this.#kept) {
			samples.shift();
		}
	}
}

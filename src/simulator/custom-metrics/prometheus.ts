import type {CustomMetrics} from '../../experiment/custom-metrics/custom-metrics.ts';
import {evaluateQuery} from '../../promql/evaluate.ts';
import {longestWindow, selectorsOf} from '../../promql/expression.ts';
import {QueryFault} from '../../promql/query-fault.ts';
import {type Element, nameLabel, type QueryValue, type Sample, type Series} from '../../promql/series.ts';
import type {SeriesName} from './exporters.ts';

/** Series that grows. */
type GrowingSeries = Series & {readonly samples: Sample[]};

/** Target of scrapes, with its series in the order of their names. */
export type Target = {
	readonly pod: string | undefined;
	readonly names: readonly SeriesName[];
	readonly series: (GrowingSeries | undefined)[];
};

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
	readonly #series = new Map<string, GrowingSeries[]>();
	/** Time of the last sample of each metric [ms]. */
	readonly #lastSeen = new Map<string, number>();

	constructor({metrics, prometheus: {lookback}}: CustomMetrics) {
		const windows = Object.values(metrics).map(({expression}) => longestWindow(expression));
		this.#metrics = metrics;
		this.#lookback = lookback * 1000;
		this.#kept = Math.max(this.#lookback, ...windows);
	}

	/**
	 * Adds the answer of a target to a scrape; a series that is no longer in it ends.
	 *
	 * @param values - in the order of the target's names, NaN for one that is not exported; undefined where it does not answer
	 */
	append(target: Target, at: number, values: Float64Array | undefined): void {
		for (let index = 0; index < target.names.length; index++) {
			const value = values?.[index] ?? Number.NaN;
			const known = target.series[index];
			if (Number.isNaN(value)) {
				if (known !== undefined) {
					this.#push(known, {at, value: undefined});
				}
			} else {
				this.#push(known ?? this.#begin(target, index), {at, value});
				this.#lastSeen.set(target.names[index]!.name, at);
			}
		}
	}

	/** Forgets a target that is gone and whose samples nobody asks for any more. */
	forget({names, series}: Target): void {
		const own = new Set(series);
		for (const {name} of names) {
			this.#series.set(name, this.#series.get(name)?.filter(one => !own.has(one)) ?? []);
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
				seriesOf: name => this.#series.get(name) ?? [],
			});
			return typeof value === 'number' ? [{labels: new Map(), value}] : value;
		} catch (error) {
			if (error instanceof QueryFault) {
				return [];
			}

			throw error;
		}
	}

	#begin(target: Target, index: number): GrowingSeries {
		const {name, le} = target.names[index]!;
		const labels = new Map([[nameLabel, name]]);
		if (target.pod !== undefined) {
			labels.set('pod', target.pod);
		}

		if (le !== undefined) {
			labels.set('le', le);
		}

		const series: GrowingSeries = {labels, samples: []};
		target.series[index] = series;
		const all = this.#series.get(name) ?? [];
		this.#series.set(name, all);
		all.push(series);
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

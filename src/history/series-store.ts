import type {LabelMatch, MetricSelector, SeriesQuery, WrittenQuery} from './series-query.ts';

/** Times of equal distance. */
export type Grid = {
	/** Unix time of the first step [s]. */
	readonly start: number;
	readonly stepSeconds: number;
	readonly steps: number;
};

export type MetricLabels = Readonly<Record<string, string>>;

/** Values at the times of a grid; NaN where there is none. */
export type GridSeries = {readonly labels: MetricLabels; readonly values: Float64Array};

/** Store of time series that is asked for a history: a server, or saved answers. */
export type SeriesStore = {
	/** Place in words, without credentials. */
	readonly place: string;
	/** Names of metrics among those asked for that have samples within the span. */
	readonly names: (wanted: readonly string[]) => Promise<ReadonlySet<string>>;
	/** Names of the labels that series of a metric have. */
	readonly labelNames: (selector: MetricSelector) => Promise<ReadonlySet<string>>;
	/** Labels of the series of a selector within the span. */
	readonly labelSets: (selector: MetricSelector) => Promise<readonly MetricLabels[]>;
	/** Distance of the samples of a selector [s]; undefined where it cannot be seen. */
	readonly sampleInterval: (selector: MetricSelector) => Promise<number | undefined>;
	/** Values of queries at the steps, in the order of the queries. */
	readonly read: (queries: readonly (SeriesQuery | WrittenQuery)[]) => Promise<readonly (readonly GridSeries[])[]>;
	/** Values of a query at the end of the span. */
	readonly newest: (query: SeriesQuery) => Promise<readonly {readonly labels: MetricLabels; readonly value: number}[]>;
	/** Series that were saved under the name of a series of the history. */
	readonly given?: (name: string) => readonly GridSeries[] | undefined;
	/** Peculiarities of the place in sentences, once everything is read. */
	readonly notes: () => readonly string[];
};

/** Whether labels meet conditions; a label that is absent is empty. */
export function meetsAll(labels: MetricLabels, matches: readonly LabelMatch[]): boolean {
	return matches.every(({label, operator, value}) => {
		const actual = labels[label] ?? '';
		const isMet = operator.includes('~') ? new RegExp(`^(?:${value})$`, 's').test(actual) : actual === value;
		return isMet !== operator.startsWith('!');
	});
}

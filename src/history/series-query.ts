/** Condition on a label of a series; patterns are anchored at both ends. */
export type LabelMatch = {
	readonly label: string;
	readonly operator: '=' | '!=' | '=~' | '!~';
	readonly value: string;
};

/** Series of one metric. */
export type MetricSelector = {readonly metric: string; readonly matches: readonly LabelMatch[]};

/** Query of one metric in a form that is written as PromQL, and that saved samples are evaluated by. */
export type SeriesQuery = MetricSelector & {
	/**
	 * Value of each series at a time: its newest sample, the newest of a window before the time, or the rate of a counter over
	 * a window that has the time in its middle.
	 */
	readonly form: 'newest' | 'last' | 'rate';
	/** Length of the window [s]. */
	readonly window?: number;
	/** Labels of what may be scraped twice: of the series that are equal in them, the largest counts. */
	readonly once?: readonly string[];
	/** Labels that stay apart. */
	readonly by: readonly string[];
	readonly combine: 'sum' | 'max';
};

/** Query in the words of the user. */
export type WrittenQuery = {readonly text: string};

/** PromQL of a query. */
export function queryText(query: SeriesQuery | WrittenQuery): string {
	return 'text' in query
		? query.text
		: aggregatedText(query, query.form === 'rate' ? ` offset -${milliseconds((query.window ?? 0) / 2)}` : '');
}

/**
 * PromQL of a query for servers that know no negative offset, as Prometheus before 2.33: its values are asked for so much
 * later [s].
 */
export function laterQuery(query: SeriesQuery | WrittenQuery): {readonly text: string; readonly later: number} {
	return 'text' in query
		? {text: query.text, later: 0}
		: {text: aggregatedText(query, ''), later: query.form === 'rate' ? (query.window ?? 0) / 2 : 0};
}

function aggregatedText(query: SeriesQuery, offset: string): string {
	const selector = selectorText(query);
	const value = valueText(query.form, selector, `[${milliseconds(query.window ?? 0)}]${offset}`);
	const inner = query.once === undefined ? value : aggregated('max', query.once, value);
	return aggregated(query.combine, query.by, inner);
}

/** PromQL of a selector, such as `m{pod="a"}`. */
export function selectorText({metric, matches}: MetricSelector): string {
	const conditions = matches.map(({label, operator, value}) => `${label}${operator}${JSON.stringify(value)}`);
	return conditions.length === 0 ? metric : `${metric}{${conditions.join(',')}}`;
}

/** The window of a rate is moved by half its length: the rate at a time is that of the load around it, not before it. */
function valueText(form: SeriesQuery['form'], selector: string, window: string): string {
	switch (form) {
		case 'newest':
			return selector;
		case 'last':
			return `last_over_time(${selector}${window})`;
		case 'rate':
			return `rate(${selector}${window})`;
	}
}

function milliseconds(seconds: number): string {
	return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;
}

function aggregated(operator: string, by: readonly string[], of: string): string {
	return by.length === 0 ? `${operator}(${of})` : `${operator} by (${by.join(', ')}) (${of})`;
}

/** Text as a pattern that it alone matches. */
export function literalPattern(text: string): string {
	return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

import type {Grid, GridSeries, MetricLabels} from './series-store.ts';

/** Values at times, ascending [s]. */
export type TimedSeries = {
	readonly labels: MetricLabels;
	readonly times: Float64Array;
	readonly values: Float64Array;
};

/**
 * Puts values at the steps of a grid; undefined where a time is none of its steps.
 */
export function onGrid(
	{labels, times, values}: TimedSeries,
	{start, stepSeconds, steps}: Grid,
): GridSeries | undefined {
	const result = new Float64Array(steps).fill(Number.NaN);
	for (const [index, time] of times.entries()) {
		const step = Math.round((time - start) / stepSeconds);
		if (step < 0 || step >= steps || Math.abs(start + step * stepSeconds - time) > 0.0015) {
			return undefined;
		}

		result[step] = values[index]!;
	}

	return {labels, values: result};
}

type GridPart = {readonly grid: Grid; readonly series: readonly GridSeries[]};

/**
 * Joins parts of series, each on its part of a grid; what lies outside the grid is left out. Undefined where the series have
 * more values than `most`.
 */
export function joinedOn(
	grid: Grid,
	parts: Iterable<GridPart>,
	most = Number.POSITIVE_INFINITY,
): GridSeries[] | undefined {
	const joined = new Map<string, GridSeries>();
	for (const {grid: part, series} of parts) {
		const shift = Math.round((part.start - grid.start) / grid.stepSeconds);
		for (const {labels, values} of series) {
			const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
			if (!joined.has(key) && (joined.size + 1) * grid.steps > most) {
				return undefined;
			}

			const whole = joined.get(key) ?? {labels, values: new Float64Array(grid.steps).fill(Number.NaN)};
			joined.set(key, whole);
			const from = Math.max(0, -shift);
			const until = Math.min(values.length, grid.steps - shift);
			if (until > from) {
				whole.values.set(values.subarray(from, until), shift + from);
			}
		}
	}

	return [...joined.values()];
}

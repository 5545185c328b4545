import {UserError} from '../../errors.ts';
import type {TimedSeries} from '../../history/on-grid.ts';
import {SampleStore, usualDistance} from '../../history/sample-store.ts';
import type {Grid, SeriesStore} from '../../history/series-store.ts';
import {readExports} from '../../store/history/read-exports.ts';
import {type HistorySpan, mostSteps, stepOf, timeOf} from './history-span.ts';

/** Values that answers of other queries may have on the steps. */
const mostValues = 50_000_000;

/**
 * Reads saved answers as a store of time series, on their own steps where no step is given.
 *
 * @throws {UserError} E_FILE for a file, E_USAGE for a span that the answers do not have
 */
export async function savedStore(
	path: string,
	span: HistorySpan,
): Promise<{source: SeriesStore; grid: Grid; namespace: string | undefined}> {
	const {files, series, given, notes} = await readExports(path);
	const all = [...series, ...[...given.values()].flat()];
	const grid = gridOfSamples(all, path, span);
	const values = grid.steps * [...given.values()].flat().length;
	if (values > mostValues) {
		throw new UserError(
			'E_USAGE',
			`Expected the answers of ${path} to have at most ${mostValues} values, got ${values}`,
		);
	}

	const place = `the saved answers of ${path} (${files === 1 ? 'one file' : `${files} files`})`;
	return {source: new SampleStore({place, series, given, grid, notes}), grid, namespace: onlyNamespace(all)};
}

function gridOfSamples(series: readonly TimedSeries[], path: string, {since, until, step}: HistorySpan): Grid {
	const stepSeconds = step === undefined ? (usualDistance(series) ?? 0) : stepOf(step);
	if (!(stepSeconds > 0)) {
		throw new UserError('E_FILE', `${path}:1:1: Expected series of at least two samples, got fewer`);
	}

	const [first, last] = series.reduce(
		([least, most], {times}) =>
			times.length === 0 ? [least, most] : [Math.min(least, times[0]!), Math.max(most, times.at(-1)!)],
		[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
	);
	const end = until === undefined ? last : Math.min(last, timeOf(until, 'until', last));
	const begin = since === undefined ? first : Math.max(first, timeOf(since, 'since', end));
	// The steps are those of the answers: the first sample is on one.
	const start = first + Math.ceil((begin - first) / stepSeconds) * stepSeconds;
	const steps = Math.floor((end - start) / stepSeconds) + 1;
	if (!(steps >= 2 && steps <= mostSteps)) {
		const got = steps < 2 ? 'fewer' : steps;
		throw new UserError(
			'E_USAGE',
			`Expected the answers of ${path} to have 2 to ${mostSteps} steps within the span, got ${got}`,
		);
	}

	return {start, stepSeconds, steps};
}

/** Namespace that all series with one are of. */
function onlyNamespace(series: readonly TimedSeries[]): string | undefined {
	const names = new Set(series.flatMap(({labels}) => labels['exported_namespace'] ?? labels['namespace'] ?? []));
	return names.size === 1 ? [...names][0] : undefined;
}

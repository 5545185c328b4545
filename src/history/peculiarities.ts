import type {HistorySeries} from '../records/history.ts';
import type {Grid} from './series-store.ts';

/** Series whose gaps are worth a sentence. */
const watched: readonly HistorySeries[] = [
	'desiredReplicas',
	'currentReplicas',
	'readyReplicas',
	'cpu',
	'requestRate',
	'running',
];

/** Sentences on gaps, restarts and changed bounds. */
export function peculiaritiesOf(series: {readonly [Name in HistorySeries]?: Float64Array}, grid: Grid): string[] {
	return [
		...gapNotes(series, grid),
		...restartNotes(series.restartRate, grid),
		...(['minReplicas', 'maxReplicas'] as const).flatMap(name => changeNotes(name, series[name], grid)),
	];
}

/** Gaps of several series that begin and end together are one sentence. */
function gapNotes(series: {readonly [Name in HistorySeries]?: Float64Array}, grid: Grid): string[] {
	const namesByGaps = new Map<string, string[]>();
	for (const name of watched) {
		const values = series[name];
		if (values !== undefined) {
			const words = gapWords(values, grid);
			namesByGaps.set(words, [...(namesByGaps.get(words) ?? []), name]);
		}
	}

	return [...namesByGaps].filter(([words]) => words !== '').map(([words, names]) => `${names.join(', ')}: ${words}`);
}

function gapWords(values: Float64Array, grid: Grid): string {
	const first = values.findIndex(value => !Number.isNaN(value));
	if (first === -1) {
		return 'no value in the whole span.';
	}

	const last = values.findLastIndex(value => !Number.isNaN(value));
	let [gaps, missing, longest, longestAt] = [0, 0, 0, 0];
	for (let index = first, length = 0; index <= last; index++) {
		length = Number.isNaN(values[index]!) ? length + 1 : 0;
		gaps += length === 1 ? 1 : 0;
		missing += length > 0 ? 1 : 0;
		if (length > longest) {
			[longest, longestAt] = [length, index - length + 1];
		}
	}

	const edges = [
		...(first > 0 ? [`recorded from ${timeText(grid, first)}`] : []),
		...(last < values.length - 1 ? [`recorded until ${timeText(grid, last)}`] : []),
	];
	const inside =
		gaps === 0
			? []
			: [
					`${gaps} ${gaps === 1 ? 'gap' : 'gaps'} of ${minutes(missing * grid.stepSeconds)} in all, the longest of ${minutes(longest * grid.stepSeconds)} from ${timeText(grid, longestAt)}`,
				];
	const words = [...inside, ...edges].join('; ');
	return words === '' ? '' : `${words}.`;
}

function restartNotes(rate: Float64Array | undefined, {stepSeconds}: Grid): string[] {
	const restarts = Math.round(
		(rate ?? new Float64Array()).reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value * stepSeconds), 0),
	);
	return restarts === 0 ? [] : [`Containers were restarted ${restarts === 1 ? 'once' : `${restarts} times`}.`];
}

/** Changes that a note names; more of them are counted. */
const mostChanges = 5;

function changeNotes(name: string, values: Float64Array | undefined, grid: Grid): string[] {
	const changes: string[] = [];
	let before: number | undefined;
	let count = 0;
	for (const [index, value] of (values ?? new Float64Array()).entries()) {
		if (Number.isNaN(value)) {
			continue;
		}

		if (before !== undefined && value !== before) {
			count++;
			changes.push(...(count <= mostChanges ? [`from ${before} to ${value} at ${timeText(grid, index)}`] : []));
		}

		before = value;
	}

	const rest = count > mostChanges ? ` and ${count - mostChanges} more times` : '';
	return count === 0 ? [] : [`${name} was changed ${changes.join(', ')}${rest}.`];
}

/** Time of a step, such as `2026-11-20T10:00:00Z`. */
function timeText({start, stepSeconds}: Grid, index: number): string {
	return new Date((start + index * stepSeconds) * 1000).toISOString().replace(/\.000Z$/, 'Z');
}

function minutes(seconds: number): string {
	return seconds < 120
		? `${seconds} s`
		: seconds < 7200
			? `${Math.round(seconds / 60)} min`
			: `${(seconds / 3600).toFixed(1)} h`;
}

import {envelopeOf} from '../comparison/envelope.ts';
import type {Timeline} from '../records/replica-line.ts';
import type {LinePoint, LineSeries} from './line-chart.ts';

type Named = Pick<LineSeries, 'name' | 'colour'>;
type Window = {readonly from: number; readonly to: number};

/** Replications of one thing as the median with the band that holds nine in ten of them; a single one as it is. */
export function replicaBand(named: Named, lines: readonly Timeline[], window: Window): LineSeries {
	const [only] = lines;
	return lines.length === 1 && only !== undefined
		? {...named, points: stepPoints(only, window.to)}
		: {...named, points: bandPoints(envelopeOf(lines, [], window).band, window.to)};
}

/** @param band - `[seconds, low, middle, high]` at each change */
export function bandPoints(
	band: readonly (readonly [number, number, number, number])[],
	until: number,
): LineSeries['points'] {
	const points = band.map(([at, low, value, high]) => ({at, value, low, high}));
	const last = points.at(-1);
	return last === undefined ? [] : [...points, {...last, at: until}];
}

/** A line a run, all of one name. */
export function replicaRuns(named: Named, runs: ReadonlyMap<string, Timeline>, until: number): LineSeries[] {
	return [...runs].map(([run, line]) => ({...named, run, points: stepPoints(line, until)}));
}

/** A step function from its first change to `until`. */
export function stepPoints(line: Timeline, until: number): LinePoint[] {
	const within = line.filter(([at]) => at <= until);
	const last = within.at(-1);
	return [...within, ...(last === undefined || last[0] === until ? [] : [[until, last[1]] as const])].map(
		([at, value]) => ({at, value}),
	);
}

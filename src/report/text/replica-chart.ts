import type {Timeline} from '../../records/replica-line.ts';
import {formatDuration, formatNumber} from './format.ts';

type ReplicaChartOptions = {
	/** [s] */
	readonly duration: number;
	/** Columns that the plot takes, without its axis. */
	readonly width: number;
	/** Line that is drawn below the axis, over the same time. */
	readonly below?: string | undefined;
};

const mostLevels = 12;

/**
 * Draws replicas over time with block characters: a column is as high as the most replicas in its stretch of time.
 *
 * @param timeline - `[seconds, replicas]` at each change, in the order of time
 * @returns lines, the axis of time last
 */
export function replicaChart(timeline: Timeline, {duration, width, below}: ReplicaChartOptions): string[] {
	const heights = columnHeights(timeline, {duration, width});
	const top = Math.max(1, ...heights);
	const step = Math.ceil(top / mostLevels);
	const levels = Array.from({length: Math.ceil(top / step)}, (_, index) => (index + 1) * step).reverse();
	const margin = String(levels[0]).length;
	const rows = levels.map(level => {
		const bars = heights.map(height => (height > level - step ? '█' : ' ')).join('');
		return `${String(level).padStart(margin)} ┤${bars.trimEnd()}`;
	});
	const end = formatDuration(duration);
	const axis = `${' '.repeat(margin)} └${'─'.repeat(width)}`;
	return [
		...rows,
		axis,
		...(below === undefined ? [] : [`${' '.repeat(margin + 2)}${below}`]),
		`${' '.repeat(margin + 2)}0 s${end.padStart(width - '0 s'.length)}`,
	];
}

function columnHeights(timeline: Timeline, {duration, width}: Omit<ReplicaChartOptions, 'below'>): number[] {
	const heights = new Array<number>(width).fill(0);
	timeline.forEach(([from, replicas], index) => {
		const to = timeline[index + 1]?.[0] ?? duration;
		const first = Math.max(0, Math.floor((from / duration) * width));
		const last = Math.min(width, Math.max(first + 1, Math.ceil((to / duration) * width)));
		for (let column = first; column < last; column++) {
			heights[column] = Math.max(heights[column] ?? 0, replicas);
		}
	});
	return heights;
}

const mostSteps = 10;

/** `2 → 3 → 6 → 2`: the replicas of a timeline in turn; `–` where nobody recorded them. */
export function replicaSteps(timeline: Timeline): string {
	if (timeline.length === 0) {
		return '–';
	}

	const steps = timeline.map(([, replicas]) => formatNumber(replicas));
	const shown = steps.slice(0, mostSteps).join(' → ');
	return steps.length > mostSteps ? `${shown} … (${formatNumber(steps.length - 1)} changes)` : shown;
}

import type {Grid} from '../../history/series-store.ts';
import type {AnswerSeries} from '../../store/history/parse-answer.ts';

type Asking = {
	readonly grid: Grid;
	/** Whether the selector has too many series for their samples to be looked at. */
	readonly isLarge: boolean;
	readonly ask: (path: string, asked: Readonly<Record<string, string>>) => Promise<readonly AnswerSeries[]>;
};

/** Times within the span at which samples are looked for. */
const looks = 24;

/**
 * Finds how often a selector is scraped [s]: the distance of samples at the time that has most of them, or, from their number
 * in an hour, a whole number of seconds; undefined where there are fewer than two samples.
 */
export async function sampleIntervalOf(selector: string, {grid, isLarge, ask}: Asking): Promise<number | undefined> {
	const end = grid.start + (grid.steps - 1) * grid.stepSeconds;
	const step = Math.max(1, Math.floor((end - grid.start) / looks));
	const [counts] = await ask('query_range', {
		query: `max(count_over_time(${selector}[1h]))`,
		start: String(end - Math.floor((end - grid.start) / step) * step),
		end: String(end),
		step: String(step),
	});
	const most = counts?.values.reduce((largest, value) => Math.max(largest, value), 0) ?? 0;
	if (counts === undefined || most < 2) {
		return undefined;
	}

	const estimate = Math.max(1, Math.round(3600 / most));
	if (isLarge) {
		return estimate;
	}

	const at = counts.times[counts.values.lastIndexOf(most)]!;
	const raw = await ask('query', {query: `${selector}[5m]`, time: String(at)});
	const distances = raw
		.flatMap(({times}) => [...times].slice(1).map((time, index) => time - times[index]!))
		.sort((a, b) => a - b);
	const median = distances[Math.floor(distances.length / 2)];
	return median === undefined ? estimate : withoutJitter(median);
}

/** Scrapes are late by milliseconds: a distance near whole seconds is those. */
function withoutJitter(seconds: number): number {
	const whole = Math.round(seconds);
	return Math.abs(seconds - whole) <= 0.02 * seconds ? whole : Math.round(seconds * 1000) / 1000;
}

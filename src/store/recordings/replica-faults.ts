import {quantile} from 'simple-statistics';
import type {RecordedCounts} from '../../records/recorded-run.ts';

type Rows = {
	readonly seconds: Float64Array;
	readonly counts: Readonly<Partial<Record<RecordedCounts, Float64Array>>>;
	/** Lines in the middle of the table that repeat its head. */
	readonly heads: number;
	/** End that the table of runs gives [s]; NaN where it gives none. */
	readonly recorded: number;
};

/** Step back of the clock from which its rows belong to another sampler that began again, in usual intervals. */
const restartIntervals = 20;

/** Interval without a row that is a gap, in usual intervals. */
const gapIntervals = 2.5;

/**
 * Rows of a recording in the order of time, and its faults in words: rows without a time, samplers that began again or ran side by side,
 * gaps, more pods Ready than desired.
 *
 * @returns `order`: numbers of the rows that are read
 */
export function replicaFaults({seconds, counts, heads, recorded}: Rows): {order: number[]; faults: string[]} {
	const timed = [...seconds.keys()].filter(row => !Number.isNaN(seconds[row]!));
	const faults: string[] = [];
	const say = (count: number, one: string, many: string) => {
		if (count > 0) {
			faults.push(count === 1 ? one : `${count} ${many}`);
		}
	};
	say(seconds.length - timed.length, 'one row has no time and is left out', 'rows have no time and are left out');
	say(
		heads,
		'the sampler started again once and repeated its head',
		'times the sampler started again and repeated its head',
	);
	const usual = usualInterval(timed.map(row => seconds[row]!));
	const restart = timed.findIndex(
		(row, index) => index > 0 && seconds[row]! < seconds[timed[index - 1]!]! - restartIntervals * usual,
	);
	const kept = restart === -1 ? timed : timed.slice(0, restart);
	if (restart !== -1) {
		const at = seconds[timed[restart - 1]!]!;
		faults.push(
			`the sampler started again after ${at} s with a clock of its own: the ${timed.length - restart} rows after that are left out`,
		);
	}

	const backwards = kept.filter((row, index) => index > 0 && seconds[row]! < seconds[kept[index - 1]!]!).length;
	say(
		backwards,
		'one row is earlier than the row before: rows are sorted by time',
		'rows are earlier than the row before: rows are sorted by time',
	);
	const order = kept.toSorted((a, b) => seconds[a]! - seconds[b]!);
	faults.push(
		...gapFaults(
			order.map(row => seconds[row]!),
			usual,
			recorded,
		),
	);
	const {ready, desired} = counts;
	const over =
		ready === undefined || desired === undefined ? 0 : order.filter(row => ready[row]! > desired[row]!).length;
	say(over, 'in one row more pods are Ready than desired', 'rows have more pods Ready than desired');
	return {order, faults};
}

function usualInterval(times: readonly number[]): number {
	const steps = times
		.slice(1)
		.map((at, index) => at - times[index]!)
		.filter(step => step > 0);
	return steps.length === 0 ? 0 : quantile(steps, 0.5);
}

/** Gaps of a table that has rows at regular times; one that has rows at changes alone has none. */
function gapFaults(times: readonly number[], usual: number, recorded: number): string[] {
	const steps = times.slice(1).map((at, index) => ({from: times[index]!, seconds: at - times[index]!}));
	const isRegular = Number.isNaN(recorded) && times.length >= 10 && usual > 0;
	const gaps = isRegular ? steps.filter(({seconds}) => seconds > gapIntervals * usual) : [];
	const [first] = gaps;
	if (first === undefined) {
		return [];
	}

	const longest = gaps.reduce((most, gap) => (gap.seconds > most.seconds ? gap : most), first);
	const where = `${round(longest.seconds)} s from ${round(longest.from)} s on`;
	return [gaps.length === 1 ? `a gap of ${where}` : `${gaps.length} gaps, the longest of ${where}`];
}

function round(seconds: number): number {
	return Math.round(seconds * 10) / 10;
}

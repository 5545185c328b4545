import type {Parameter} from './parameter.ts';
import type {SettingEstimate} from './setting-estimate.ts';

/** Times of a recording that show when its autoscaler looked [s]. */
export type ChangeTimes = {
	/** Changes of the desired replicas. */
	readonly changes: readonly number[];
	/** Other rows of the recording, at which its recorder looked or saw something else change. */
	readonly others: readonly number[];
};

/** Period of an autoscaler's looks, its own work included [s]. */
export type SyncPeriod = {readonly seconds: number; readonly margin: number};

/** Concentration of the changes on one phase, from 0 to 1, below which they have no period, however many there are. */
const fewestConcentration = 0.75;

/** Changes times the square of their concentration that chance does not reach at any of the periods that are tried. */
const beyondChance = 13;

/** Share of the round, as a cosine, up to which other rows come together with the changes: the period is the recorder's. */
const recorderCosine = 0.9;

/** Changes of a recording, and other rows of all, that are needed. */
const fewest = {changes: 5, others: 3} as const;

/** Periods that are tried [s]. */
const [shortest, longest] = [2, 300];

/**
 * Longest period on whose multiples nearly all changes of the recordings come, each recording with a phase of its own.
 *
 * @returns undefined where there are too few changes, or they have none, or it is the recorder's
 * @see Fisher, Statistical Analysis of Circular Data (1993), 4.3: Rayleigh's test
 */
export function syncPeriodOf(recordings: readonly ChangeTimes[]): SyncPeriod | undefined {
	const used = recordings.filter(({changes}) => changes.length >= fewest.changes);
	const count = used.reduce((sum, {changes}) => sum + changes.length, 0);
	const threshold = Math.max(fewestConcentration, Math.sqrt(beyondChance / Math.max(1, count - used.length)));
	if (threshold > 1) {
		return undefined;
	}

	const span = Math.max(...used.map(({changes}) => changes.at(-1)! - changes[0]!));
	const concentration = (period: number) =>
		used.reduce((sum, {changes}) => sum + changes.length * clockMean(changes, period).length, 0) / count;
	for (let period = longest; period >= shortest; period -= stepAt(period, span)) {
		if (concentration(period) >= threshold) {
			const seconds = peakNear(period, stepAt(period, span), concentration);
			const margin = marginOf(seconds, {concentration: concentration(seconds), count, span});
			return isOfRecorder(used, seconds) ? undefined : {seconds, margin};
		}
	}

	return undefined;
}

/** Whether other rows come at the phase of the changes in half of the recordings, or too few are known. */
function isOfRecorder(recordings: readonly ChangeTimes[], period: number): boolean {
	const told = recordings.filter(({others}) => others.length > 0);
	const together = told.filter(({changes, others}) => {
		const {direction} = clockMean(changes, period);
		const cosines = others.map(at => Math.cos((2 * Math.PI * at) / period - direction));
		return cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length >= recorderCosine;
	});
	const count = told.reduce((sum, {others}) => sum + others.length, 0);
	return count < fewest.others || together.length >= told.length / 2;
}

/** Mean of the times' unit vectors on a clock with a period as its round. */
function clockMean(times: readonly number[], period: number): {readonly length: number; readonly direction: number} {
	let [x, y] = [0, 0];
	for (const at of times) {
		const angle = (2 * Math.PI * at) / period;
		x += Math.cos(angle);
		y += Math.sin(angle);
	}

	return {length: Math.hypot(x, y) / times.length, direction: Math.atan2(y, x)};
}

/** Step by which the phase moves by an eighth of the round over the recordings. */
function stepAt(period: number, span: number): number {
	return Math.min(period / 8, (period * period) / (8 * span));
}

function peakNear(from: number, step: number, of: (period: number) => number): number {
	let best = from;
	for (let offset = -40; offset <= 40; offset++) {
		const period = from + (offset * step) / 20;
		best = of(period) > of(best) ? period : best;
	}

	return best;
}

/** Half of the 95 % interval of the slope of times over numbers of periods, with the spread of the times on their round. */
function marginOf(
	period: number,
	{concentration, count, span}: {readonly concentration: number; readonly count: number; readonly span: number},
): number {
	const spread = (Math.sqrt(Math.max(1e-6, -2 * Math.log(Math.min(1, concentration)))) * period) / (2 * Math.PI);
	return (1.96 * spread * Math.sqrt(12 / count) * period) / span;
}

/** SettingEstimate of the sync period by the times of the changes; the start's value stays where it is the nearest whole second. */
export function periodEstimate(parameter: Parameter, {seconds, margin}: SyncPeriod): SettingEstimate {
	const {start} = parameter;
	const value = Math.abs(start - seconds) <= Math.max(0.5, margin) ? start : Math.round(seconds);
	const [low, high] = [Math.min(value, seconds - margin), Math.max(value, seconds + margin)];
	return {parameter, found: value, possible: [value], low, high, isIdentified: true, value};
}

import type {History} from '../../records/history.ts';

/** Trouble of a workload that its recorded load and use carry already. */
export const distressKinds = ['failed', 'throttled', 'saturated', 'waiting', 'at-maximum', 'restarted'] as const;

export type Distress = {
	readonly kind: (typeof distressKinds)[number];
	/** Share of the known steps with it. */
	readonly share: number;
	/** Longest time with it without a break, from the history's begin on [s]. */
	readonly longest: {readonly from: number; readonly to: number};
	/**
	 * Mean over the steps with it: requests that failed, of all that came, throttled periods of all, CPU of the pods' limit,
	 * requests that waited for each that ran, replicas at the maximum, restarts an hour.
	 */
	readonly amount: number;
};

const worthSaying: Readonly<Record<Distress['kind'], number>> = {
	failed: 0.01,
	throttled: 0.25,
	saturated: 0.9,
	waiting: 1,
	'at-maximum': 0,
	restarted: 0,
};

/**
 * Times in which the recorded load carries what the autoscaler failed to do: fewer requests were answered than came, or
 * pods could not do more.
 *
 * @param limit - CPU limit of a pod [cores]; undefined for none
 */
export function distressOf(history: History, limit: number | undefined): Distress[] {
	const {series} = history;
	const pods = series.readyReplicas ?? series.currentReplicas;
	const amounts: Readonly<Record<Distress['kind'], (step: number) => number>> = {
		failed: step => partOf(series.failureRate?.[step], series.requestRate?.[step]),
		throttled: step => series.throttled?.[step] ?? Number.NaN,
		saturated: step =>
			limit === undefined ? Number.NaN : partOf(series.cpu?.[step], limit * (pods?.[step] ?? Number.NaN)),
		waiting: step => partOf(series.waiting?.[step], series.running?.[step] ?? series.inFlight?.[step]),
		'at-maximum': step => {
			const [wish, most] = [series.desiredReplicas?.[step], series.maxReplicas?.[step]];
			return wish === undefined || most === undefined
				? Number.NaN
				: wish >= most && most > (series.minReplicas?.[step] ?? 0)
					? wish
					: 0;
		},
		restarted: step => (series.restartRate?.[step] ?? Number.NaN) * 3600,
	};
	return distressKinds.flatMap(kind => {
		const found = stepsWith(history, amounts[kind], worthSaying[kind]);
		return found === undefined ? [] : [{kind, ...found}];
	});
}

function partOf(part: number | undefined, whole: number | undefined): number {
	return part === undefined || whole === undefined || !(whole > 0) ? Number.NaN : part / whole;
}

function stepsWith(
	{steps, stepSeconds}: History,
	amountAt: (step: number) => number,
	above: number,
): Omit<Distress, 'kind'> | undefined {
	let [known, count, total, run] = [0, 0, 0, 0];
	let longest = {from: 0, to: 0};
	for (let step = 0; step < steps; step++) {
		const amount = amountAt(step);
		known += Number.isNaN(amount) ? 0 : 1;
		run = amount > above ? run + 1 : 0;
		if (run > 0) {
			count++;
			total += amount;
		}

		if (run > longest.to - longest.from) {
			longest = {from: step + 1 - run, to: step + 1};
		}
	}

	return count === 0
		? undefined
		: {
				share: count / known,
				amount: total / count,
				longest: {from: longest.from * stepSeconds, to: longest.to * stepSeconds},
			};
}

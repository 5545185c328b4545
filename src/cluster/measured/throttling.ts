import type {Container} from '../../experiment/experiment.ts';
import type {CpuEntry, JournalEntry} from '../observe/entry.ts';

/** Throttling of a container over all pods, while its pod was there. */
export type Throttling = {
	readonly container: string;
	/** Share of the scheduler's periods in which it ran out of its quota. */
	readonly throttledPeriods: number;
	/** Time that it waited for a new quota, of the time that was observed. */
	readonly throttledTime: number;
	/** Mean use [cores]. */
	readonly usage: number;
	/** Share of its quota that it used in the readings in which nearly every period was throttled; 1 when all is well. */
	readonly quotaWhenThrottled: number | null;
};

/** Nearly every period was throttled: the container wanted more than its limit all the time. */
const nearlyAll = 0.9;
/**
 * Period of the scheduler's quota [s], as the kubelet sets it; one in which a container wants no CPU is not counted.
 */
const period = 0.1;

/** Throttling by container of the pod, over the readings of all pods. */
export function throttlingOf(entries: readonly JournalEntry[], containers: readonly Container[]): Throttling[] {
	const steps = stepsOf(entries.filter(entry => entry.type === 'cpu'));
	return containers.flatMap(({name, limits}) => {
		const own = steps.filter(({container}) => container === name);
		const seconds = sum(own, step => step.seconds);
		if (seconds === 0) {
			return [];
		}

		const full = own.filter(({periods, throttled}) => periods > 0 && throttled / periods >= nearlyAll);
		const quota = (limits.cpu ?? Number.NaN) * sum(full, step => step.periods) * period;
		return [
			{
				container: name,
				throttledPeriods:
					sum(own, step => step.throttled) /
					Math.max(
						1,
						sum(own, step => step.periods),
					),
				throttledTime: sum(own, step => step.throttledSeconds) / seconds,
				usage: sum(own, step => step.usage) / seconds,
				quotaWhenThrottled: quota > 0 ? sum(full, step => step.usage) / quota : null,
			},
		];
	});
}

type Step = {
	readonly container: string;
	readonly seconds: number;
	readonly periods: number;
	readonly throttled: number;
	readonly throttledSeconds: number;
	readonly usage: number;
};

/** Steps of a container's counters between readings. */
function stepsOf(readings: readonly CpuEntry[]): Step[] {
	const last = new Map<string, CpuEntry>();
	return readings.flatMap(reading => {
		const before = last.get(reading.id);
		last.set(reading.id, reading);
		return before === undefined
			? []
			: [
					{
						container: reading.container,
						seconds: reading.at - before.at,
						periods: reading.periods - before.periods,
						throttled: reading.throttledPeriods - before.throttledPeriods,
						throttledSeconds: reading.throttledSeconds - before.throttledSeconds,
						usage: reading.usageSeconds - before.usageSeconds,
					},
				];
	});
}

function sum(steps: readonly Step[], read: (step: Step) => number): number {
	return steps.reduce((total, step) => total + read(step), 0);
}

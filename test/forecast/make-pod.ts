import type {PodUsage} from '../../src/records/pod-usage.ts';

export const gibibyte = 2 ** 30;

/** A pod of one core and one gibibyte that is there from 0 to an hour and idle, with changes. */
export function makePod(change: Partial<PodUsage> = {}): PodUsage {
	const {fromSeconds = 0, toSeconds = 3600} = change;
	return Object.freeze({
		pod: 'llm-1',
		fromSeconds,
		toSeconds,
		requestedCores: 1,
		requestedBytes: gibibyte,
		cpuSeconds: 0,
		memoryByteSeconds: 0,
		stages: {pending: 0, starting: 0, loading: 0, idle: toSeconds - fromSeconds, busy: 0, terminating: 0},
		...change,
	});
}

import type {Experiment} from '../../experiment/experiment.ts';
import type {RecordHead} from '../../records/record.ts';
import type {Conditions} from './conditions.ts';

/** Bounds beyond which a record is invalid [s, or a fraction]. */
const bounds = {
	lag: 0.1,
	pacingLag: 0.5,
	clockAhead: 0.05,
	clockBehind: 1,
	saturated: 0.1,
	backendThrottledTime: 0.1,
	quota: 0.8,
	gap: 2,
} as const;

/**
 * Whether a measurement may be used, and if not, why.
 *
 * An LLM's container that works is throttled by design, since its one thread wants more than its limit: that is
 * reported, but no fault. Faults are a container that is throttled without having had its quota, as then the node had
 * no time for it, and a backend that spends much of its time throttled, as then it and not the model limits the speed.
 */
export function validityOf(
	conditions: Conditions,
	{experiment, isWhole, engine = 'measured'}: Judged,
): RecordHead['validity'] {
	const saturated = saturationReasons(conditions);
	const isEmulated = engine === 'emulated';
	const reasons = [
		...(isWhole ? [] : [interrupted]),
		...(isEmulated ? pacingReasons(conditions) : generatorReasons(conditions)),
		...clockReasons(conditions),
		...throttlingReasons(conditions, experiment),
		...restartReasons(conditions, experiment),
		...(isEmulated ? [] : saturated), // the machine does not serve the requests
		...conditions.gaps
			.filter(({seconds}) => seconds > bounds.gap)
			.map(({what, seconds}) => `watch broken: ${what} were not seen for ${seconds.toFixed(1)} s`),
	];
	return {valid: reasons.length === 0, reasons, ...(isEmulated && saturated.length > 0 && {notes: saturated})};
}

type Judged = {
	readonly experiment: Experiment;
	/** Whether the schedule was sent to its end. */
	readonly isWhole: boolean;
	/** `measured` when left out. */
	readonly engine?: 'measured' | 'emulated';
};

const interrupted = 'interrupted: the schedule was not replayed to its end';

/** Whether a measurement, valid or not, was sent to its end. */
export function isWhole({reasons}: RecordHead['validity']): boolean {
	return !reasons.includes(interrupted);
}

function generatorReasons({generator: {planned, sent, lag, late}}: Conditions): string[] {
	const dropped = planned === null ? 0 : planned - sent;
	return [
		...(lag !== null && lag.p99 > bounds.lag
			? [`generator too slow: 99th percentile of its lag is ${lag.p99.toFixed(3)} s`]
			: []),
		...(late > 0 ? [`generator too slow: ${late} requests were sent over a second late`] : []),
		...(dropped > 0 ? [`requests dropped: ${dropped} of ${planned} were not sent`] : []),
	];
}

/** Reasons of an emulated replay, whose requests are simulated at their own times: only how far it was behind the clock counts. */
function pacingReasons({generator: {lag, late}}: Conditions): string[] {
	return [
		...(lag !== null && lag.p99 > bounds.pacingLag
			? [`emulation too slow: the 99th percentile of its delay behind the clock is ${lag.p99.toFixed(3)} s`]
			: []),
		...(late > 0 ? [`emulation too slow: ${late} requests were over a second behind the clock`] : []),
	];
}

function saturationReasons({nodes}: Conditions): string[] {
	return nodes
		.filter(({saturated}) => saturated > bounds.saturated)
		.map(({node, saturated}) => `node saturated: all cores of ${node} were busy ${percent(saturated)} of the time`);
}

function clockReasons({clockAhead}: Conditions): string[] {
	if (clockAhead === null) {
		return [];
	}

	// The quickest request took no less than this; less than nothing is a clock that differs.
	const isAhead = clockAhead > bounds.clockBehind;
	return clockAhead < -bounds.clockAhead || isAhead
		? [`clocks differ: the quickest request reached its pod ${clockAhead.toFixed(3)} s after it was sent`]
		: [];
}

function throttlingReasons({throttling}: Conditions, {deployment}: Experiment): string[] {
	return throttling.flatMap(({container, throttledTime, quotaWhenThrottled}) => [
		...(container !== deployment.llm.container && throttledTime > bounds.backendThrottledTime
			? [`throttled: ${container} waited for its CPU quota ${percent(throttledTime)} of the time`]
			: []),
		...(quotaWhenThrottled !== null && quotaWhenThrottled < bounds.quota
			? [`starved: ${container} got only ${percent(quotaWhenThrottled)} of its CPU quota when it wanted all`]
			: []),
	]);
}

function restartReasons({restarts}: Conditions, {faults}: Experiment): string[] {
	const expected = faults.reduce((sum, fault) => sum + (fault.kind === 'container-restart' ? fault.count : 0), 0);
	return restarts.length > expected
		? restarts.map(({pod, container, why}) => `restarted: ${container} of ${pod} (${why})`)
		: [];
}

function percent(share: number): string {
	return `${(share * 100).toFixed(0)} %`;
}

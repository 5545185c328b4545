import {isTimeout} from '../../records/timeout-cut.ts';
import {paretoFront} from '../../tune/figures.ts';
import type {TuningCandidate} from '../../tune/tuning.ts';
import type {TradeOff} from './trade-off-chart.ts';

type Named = Pick<TuningCandidate, 'name' | 'settings' | 'present' | 'default'>;

type Candidate = Named & Pick<TuningCandidate, 'costPerHour' | 'p95Seconds' | 'recommended' | 'heldOut' | 'p95InShare'>;

/**
 * Candidates of a tuning for a chart of cost against latency, with the front of just these two, and that of cost and
 * the p95 that as many runs keep as are to keep the bounds. Candidates that only
 * the search has evaluated are left out, unless there are no others. `timeoutSeconds` is that of the clients.
 */
export function tunedTradeOffs(candidates: readonly Candidate[], timeoutSeconds: number): TradeOff[] {
	const heldOut = candidates.filter(one => one.heldOut);
	const shown = heldOut.length === 0 ? candidates : heldOut;
	const isOn = paretoFront(
		shown.map(one => [one.costPerHour, one.p95Seconds].map(({mean}) => mean ?? Number.POSITIVE_INFINITY)),
	);
	const isOnInShare = paretoFront(
		shown.map(({costPerHour, p95InShare}) =>
			[costPerHour.mean, p95InShare].map(figure => figure ?? Number.POSITIVE_INFINITY),
		),
	);
	return shown.map((one, index) => ({
		name: one.recommended && !one.present ? 'recommended' : candidateName(one),
		costPerHour: one.costPerHour,
		p95Seconds: one.p95Seconds,
		onFront: isOn[index]!,
		...(one.p95InShare !== undefined && {inShare: {p95Seconds: one.p95InShare, onFront: isOnInShare[index]!}}),
		present: one.present,
		recommended: one.recommended,
		isCutOff: isTimeout(one.p95Seconds.mean, timeoutSeconds),
	}));
}

/** `2–6 pods, CPU 70 %`, or what everybody calls it. */
export function candidateName({name, settings, present, default: isDefault}: Named): string {
	if (present || isDefault) {
		return present ? 'present' : 'Kubernetes’ defaults';
	}

	const {minReplicas, maxReplicas, 'cpu.averageUtilization': cpu} = settings;
	const pods = minReplicas === maxReplicas ? minReplicas : `${minReplicas}–${maxReplicas}`;
	return minReplicas === undefined || maxReplicas === undefined
		? name
		: `${pods} pods${cpu === undefined || cpu === 'none' ? '' : `, CPU ${cpu} %`}`;
}

import type {HpaSpec} from '../../autoscaler/hpa-spec.ts';
import type {Timeline} from '../../records/replica-line.ts';

/** Span in which the offered load is counted [s]. */
const loadSpan = 30;

/** CPU that the requests of a run ask for: cores over time, a value for each span from time 0 on. */
export type OfferedCores = Float64Array;

/** CPU that requests ask for, counted in the span in which each arrives. */
export function offeredCores(
	at: ArrayLike<number>,
	coreSecondsOf: (request: number) => number,
	untilSeconds: number,
): OfferedCores {
	const cores = new Float64Array(Math.ceil(untilSeconds / loadSpan));
	for (let request = 0; request < at.length; request++) {
		const span = Math.floor(at[request]! / loadSpan);
		if (span >= 0 && span < cores.length) {
			cores[span]! += coreSecondsOf(request) / loadSpan;
		}
	}

	return cores;
}

/**
 * Line of an autoscaler that knows the load of each span at its beginning and has pods at once: ⌈offered load / target⌉
 * within the autoscaler's bounds.
 *
 * @param podCores - CPU of a pod at the autoscaler's target [cores]
 */
export function offeredReplicas(
	cores: OfferedCores,
	podCores: number,
	{minReplicas, maxReplicas}: Pick<HpaSpec, 'minReplicas' | 'maxReplicas'>,
): Timeline {
	return Array.from(cores, (load, span) => {
		const needed = Math.ceil(load / podCores - 1e-9);
		return [span * loadSpan, Math.min(maxReplicas, Math.max(minReplicas, needed))] as const;
	});
}

import type {z} from 'zod';
import {type HpaManifestOrSpec, hpaSpecOf} from '../../autoscaler/hpa-manifest.ts';
import type {HpaSpec} from '../../autoscaler/hpa-spec.ts';
import {kedaHpaSpecOf} from '../../autoscaler/keda/keda-hpa.ts';
import {type KedaSpec, mayIdleAtZero} from '../../autoscaler/keda/keda-spec.ts';
import {kedaRemarks, kedaSpecOf} from '../../autoscaler/keda/scaled-object.ts';
import type {ScaledObject} from '../../autoscaler/keda/scaled-object-schema.ts';
import type {AtZero} from '../serving/at-zero-schema.ts';
import type {Waiting} from '../serving/waiting-schema.ts';

/** Autoscaler of an experiment, resolved. */
export type ResolvedAutoscaler = {
	readonly autoscaler: HpaSpec | 'none';
	readonly keda?: KedaSpec;
	/** Settings that do nothing, or not what they seem to, a sentence each. */
	readonly remarks: readonly string[];
};

/** The HPA of an experiment, and KEDA in front of it where a ScaledObject makes it. */
export function autoscalerOf(
	given: 'none' | z.output<typeof HpaManifestOrSpec> | z.output<typeof ScaledObject>,
): ResolvedAutoscaler {
	if (given === 'none') {
		return {autoscaler: 'none', remarks: []};
	}

	return 'kind' in given && given.kind === 'ScaledObject'
		? {autoscaler: kedaHpaSpecOf(given), keda: kedaSpecOf(given), remarks: kedaRemarks(given)}
		: {autoscaler: hpaSpecOf(given), remarks: []};
}

type Buffered = {readonly atZero?: AtZero | 'refused' | undefined; readonly waiting?: Waiting | undefined};

/** Buffer at zero pods: the experiment's, or the interceptor's where the HTTP add-on scales. */
export function bufferOf({atZero, waiting}: Buffered, keda: KedaSpec | undefined): AtZero | undefined {
	const hasInterceptor = keda?.triggers.some(({source}) => source.kind === 'interceptor') === true;
	const own = atZero ?? (hasInterceptor && !isAtProxy(waiting) ? {} : undefined);
	return own === 'refused' ? undefined : own;
}

/** Assumptions that decide the result where pods may go to zero and the experiment does not say them, a sentence each. */
export function zeroAssumptions({atZero, waiting}: Buffered, keda: KedaSpec | undefined): string[] {
	if (keda === undefined || !mayIdleAtZero(keda) || atZero !== undefined || isAtProxy(waiting)) {
		return [];
	}

	return bufferOf({}, keda) === undefined
		? [
				'Requests that come while there is no pod are refused (503), since the experiment does not say what happens to them. With an activator in front of the pods say deployment: {atZero: held}.',
			]
		: [
				'Requests that come while there is no pod are held by the interceptor of KEDA’s HTTP add-on until a pod takes them or their client gives up. Another buffer or time-out goes into deployment.atZero.',
			];
}

function isAtProxy(waiting: Waiting | undefined): boolean {
	return waiting?.at === 'proxy';
}

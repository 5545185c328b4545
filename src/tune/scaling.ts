import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import type {Container} from '../experiment/experiment.ts';
import {canonicalJson} from '../experiment/experiment-hash.ts';
import type {HpaSpec, ScalingRules} from '../kubernetes/hpa-spec.ts';

/** What tuning changes of an experiment. */
export type Scaling = {readonly autoscaler: HpaSpec; readonly containers: readonly Container[]};

/** The same for every two that act alike. */
export function scalingId(scaling: Scaling): string {
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(scaling)))).slice(0, 12);
}

/** The scaling without differences that make none: which of a single policy is selected. */
export function plainScaling({autoscaler, containers}: Scaling): Scaling {
	const {behavior} = autoscaler;
	const plain = (rules: ScalingRules): ScalingRules =>
		rules.policies.length === 1 && rules.selectPolicy === 'Min' ? {...rules, selectPolicy: 'Max'} : rules;
	return {
		autoscaler: {
			...autoscaler,
			...(behavior && {behavior: {scaleUp: plain(behavior.scaleUp), scaleDown: plain(behavior.scaleDown)}}),
		},
		containers,
	};
}

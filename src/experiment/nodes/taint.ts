import * as z from 'zod';
import {choice, Text} from '../leaves.ts';
import {LabelValue} from './requirement.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** Taint of a node. */
export type Taint = {readonly key: string; readonly value?: string; readonly effect: (typeof effects)[number]};

/** Toleration of a pod. */
export type Toleration = {
	/** Left out: any key. */
	readonly key?: string;
	readonly operator: 'Exists' | 'Equal';
	readonly value?: string;
	/** Left out: any effect. */
	readonly effect?: Taint['effect'];
};

export const TaintSchema = z.strictObject({
	key: Text.describe('Key of the taint'),
	value: LabelValue.describe('Its value').exactOptional(),
	effect: choice(...effects).describe('What happens to pods that do not tolerate it'),
});

export const TolerationSchema = z.strictObject({
	key: Text.describe('Key of the taint; any when left out').exactOptional(),
	operator: choice('Exists', 'Equal').default('Equal').describe('Whether the value counts'),
	value: LabelValue.describe('Value of the taint').exactOptional(),
	effect: choice(...effects)
		.describe('Effect of the taint; any when left out')
		.exactOptional(),
	tolerationSeconds: z.number({error: 'a number of seconds'}).describe('Read and not simulated').exactOptional(),
});

/**
 * Whether a pod may be placed on a node with these taints.
 *
 * @see kubernetes v1.34 staging/src/k8s.io/component-helpers/scheduling/corev1/helpers.go, FindMatchingUntoleratedTaint;
 * staging/src/k8s.io/api/core/v1/toleration.go, ToleratesTaint
 */
export function toleratesAll(taints: readonly Taint[], tolerations: readonly Toleration[]): boolean {
	return taints.every(
		taint => taint.effect === 'PreferNoSchedule' || tolerations.some(toleration => tolerates(toleration, taint)),
	);
}

function tolerates({key, operator, value = '', effect}: Toleration, taint: Taint): boolean {
	return (
		(effect === undefined || effect === taint.effect) &&
		(key === undefined || key === taint.key) &&
		(operator === 'Exists' || value === (taint.value ?? ''))
	);
}

import type {HpaStatus} from '../autoscaler/live-answer.ts';
import type {ReconcileInput} from '../autoscaler/reconcile.ts';
import {resultOf} from './status-decision.ts';

/**
 * The input with the values of Object and External metrics that a status shows. A value changes with each question, so that
 * none of the served ones need be the controller's; its own stands in the status, an average rounded up to a thousandth.
 *
 * @returns undefined where the status shows no such metric
 */
export function withStatusValues(input: ReconcileInput, status: HpaStatus): ReconcileInput | undefined {
	const values = {Object: {...input.objectMetrics}, External: {...input.externalMetrics}};
	let isChanged = false;
	for (const shown of status.currentMetrics ?? []) {
		const {type, name, averageValueMilli, valueMilli} = resultOf(shown) ?? {type: '', name: ''};
		const value =
			valueMilli ?? (averageValueMilli === undefined ? undefined : averageValueMilli * input.statusReplicas);
		if ((type === 'Object' || type === 'External') && value !== undefined) {
			values[type][name] = value;
			isChanged = true;
		}
	}

	return isChanged ? {...input, objectMetrics: values.Object, externalMetrics: values.External} : undefined;
}

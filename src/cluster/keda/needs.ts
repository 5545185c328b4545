import {knownSeries} from '../../experiment/custom-metrics/known-series.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {scalesToZero} from '../../experiment/keda/scales-to-zero.ts';
import type {Arm} from '../../records/record.ts';

/** Whether KEDA scales the pods of an arm. */
export function needsKeda({keda}: Pick<Experiment, 'keda'>, arm: Arm): boolean {
	return keda !== undefined && arm === 'dynamic';
}

/** Whether a trigger asks Prometheus. */
export function needsPrometheus(experiment: Experiment, arm: Arm): boolean {
	return needsKeda(experiment, arm) && experiment.customMetrics !== undefined;
}

/** Whether a gateway stands in front of the pods: it holds requests at zero pods, or a trigger asks for its metrics. */
export function needsGateway(experiment: Experiment, arm: Arm): boolean {
	const {deployment, customMetrics} = experiment;
	const isAsked = Object.values(customMetrics?.series ?? {}).some(({exporter}) => exporter === 'gateway');
	const holds = deployment.atZero !== undefined && scalesToZero(experiment);
	return needsKeda(experiment, arm) && (isAsked || holds);
}

/** Fault of an experiment that no cluster can replay: the key, its rule, and what stands there. */
export type Unreplayable = {readonly what: string; readonly rule: string; readonly got: string};

/** First part of a ScaledObject, or of what it needs, that a replay cannot do. */
export function unreplayableKeda(experiment: Experiment): Unreplayable | undefined {
	const {keda, customMetrics, workload} = experiment;
	const foreign = keda?.triggers.findIndex(({source}) => source.kind !== 'prometheus' && source.kind !== 'resource');
	if (keda !== undefined && foreign !== undefined && foreign !== -1) {
		const what = `autoscaler.spec.triggers[${foreign}].type`;
		return {what, rule: 'prometheus, cpu or memory', got: keda.triggers[foreign]!.type};
	}

	const strange = Object.keys(customMetrics?.series ?? {}).find(name => !isExported(name));
	if (keda !== undefined && strange !== undefined) {
		const rule = `of ${[...knownSeries.keys()].filter(isExported).join(', ')}`;
		return {what: 'the metrics that the triggers ask for', rule, got: strange};
	}

	return needsGateway(experiment, 'dynamic') && workload.connections === 'keep-alive'
		? {what: 'workload.connections', rule: 'per-request, as the gateway opens one for each request,', got: 'keep-alive'}
		: undefined;
}

/** Whether the pods or the gateway of a replay export a metric of that name. */
function isExported(name: string): boolean {
	return /^replicast_(?:backend|gateway)_/.test(name) && knownSeries.has(name);
}

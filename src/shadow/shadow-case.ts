import {hpaObjectSpec} from '../autoscaler/hpa-manifest.ts';
import {formatQuantityMilli} from '../autoscaler/quantity.ts';
import type {PodMetricsView, PodView, ReconcileInput} from '../autoscaler/reconcile.ts';
import type {Shadowed} from './shadowed.ts';

type Amounts = Readonly<Record<string, number>>;

/** A decision as a case of `replicast decide`, which answers it in the same way; `expected` is the controller's decision. */
export function shadowCase({at, input, state, desiredReplicas}: Shadowed): object {
	const {now, spec, controller, specReplicas, statusReplicas, isScaledToZero} = input;
	const {kubernetes, toleranceUp, toleranceDown, ...flags} = controller;
	const {cpuInitializationPeriod, initialReadinessDelay, downscaleStabilization} = flags;
	return {
		id: at,
		...(desiredReplicas !== undefined && {expected: desiredReplicas}),
		now,
		kubernetes,
		controller: {toleranceUp, toleranceDown, cpuInitializationPeriod, initialReadinessDelay, downscaleStabilization},
		hpa: hpaObjectSpec(spec),
		scale: {specReplicas, statusReplicas, ...(isScaledToZero !== undefined && {scaledToZero: isScaledToZero})},
		pods: input.pods.map(podOf),
		...metricsOf(input),
		history: state,
	};
}

function metricsOf({podMetrics, objectMetrics = {}, externalMetrics = {}}: ReconcileInput): object {
	return {
		podMetrics: podMetrics?.map(podMetricsOf) ?? null,
		...(Object.keys(objectMetrics).length > 0 && {objectMetrics: quantities(objectMetrics)}),
		...(Object.keys(externalMetrics).length > 0 && {externalMetrics: quantities(externalMetrics)}),
	};
}

function podOf({containers, requests, ...pod}: PodView): object {
	const described = (isSidecar: boolean) =>
		containers
			.filter(container => (container.isSidecar ?? false) === isSidecar)
			.map(({name, requests: own}) => ({name, requests: quantities(own)}));
	const sidecars = described(true).map(sidecar => ({...sidecar, restartPolicy: 'Always'}));
	return {
		...pod,
		containers: described(false),
		...(sidecars.length > 0 && {initContainers: sidecars}),
		...(requests !== undefined && {requests: quantities(requests)}),
	};
}

function podMetricsOf({name, timestamp, window, containers, metrics}: PodMetricsView): object {
	return {
		name,
		timestamp,
		window,
		containers: containers.map(container => ({name: container.name, usage: quantities(container.usage)})),
		...(metrics !== undefined && {metrics: quantities(metrics)}),
	};
}

function quantities(amounts: Amounts): Record<string, string> {
	return Object.fromEntries(Object.entries(amounts).map(([name, milli]) => [name, formatQuantityMilli(milli)]));
}

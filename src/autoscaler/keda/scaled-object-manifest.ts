import {type HpaIdentity, hpaObjectSpec} from '../hpa-manifest.ts';
import type {HpaSpec, MetricTarget} from '../hpa-spec.ts';
import type {KedaSpec, KedaTrigger} from './keda-spec.ts';

type Autoscaled = {
	readonly keda: KedaSpec;
	/** HPA that KEDA makes of it, whose behavior the manifest gives. */
	readonly autoscaler: HpaSpec;
	/** Address of Prometheus for the triggers that ask it, as `http://prometheus.monitoring:9090`. */
	readonly prometheus: string;
	/** Name of the HPA; KEDA's own when left out. */
	readonly hpaName?: string;
};

/**
 * ScaledObject as `kubectl apply` takes it.
 *
 * @see KEDA v2.20 apis/keda/v1alpha1/scaledobject_types.go
 */
export function scaledObjectManifest(
	{keda, autoscaler, prometheus, hpaName}: Autoscaled,
	{metadata, scaleTargetRef}: HpaIdentity,
) {
	const {idleReplicaCount, fallback, modifiers, restoresOriginal} = keda;
	const {behavior} = hpaObjectSpec(autoscaler);
	const hpa = {...(hpaName !== undefined && {name: hpaName}), ...(behavior !== undefined && {behavior})};
	const annotations = {...metadata.annotations, ...pausingAnnotations(keda)};
	const advanced = {
		...(restoresOriginal && {restoreToOriginalReplicaCount: true}),
		...(Object.keys(hpa).length > 0 && {horizontalPodAutoscalerConfig: hpa}),
		...(modifiers && {scalingModifiers: modifiersObject(modifiers)}),
	};
	return {
		apiVersion: 'keda.sh/v1alpha1',
		kind: 'ScaledObject',
		metadata: {...metadata, ...(Object.keys(annotations).length > 0 && {annotations})},
		spec: {
			scaleTargetRef,
			pollingInterval: keda.pollingInterval,
			cooldownPeriod: keda.cooldownPeriod,
			initialCooldownPeriod: keda.initialCooldownPeriod,
			...(idleReplicaCount !== undefined && {idleReplicaCount}),
			minReplicaCount: keda.minReplicaCount,
			maxReplicaCount: keda.maxReplicaCount,
			...(fallback && {fallback}),
			...(Object.keys(advanced).length > 0 && {advanced}),
			triggers: keda.triggers.map(trigger => triggerObject(trigger, prometheus)),
		},
	};
}

function modifiersObject({formula, target, activationTarget, metricType}: NonNullable<KedaSpec['modifiers']>) {
	return {formula, target: String(target), activationTarget: String(activationTarget), metricType};
}

function pausingAnnotations({paused, pausesScaleIn, pausesScaleOut, forcesActivation}: KedaSpec) {
	const named: Readonly<Record<string, string | undefined>> = {
		paused: paused !== undefined && paused.replicas === undefined ? 'true' : undefined,
		'paused-replicas': paused?.replicas === undefined ? undefined : String(paused.replicas),
		'paused-scale-in': pausesScaleIn && 'true',
		'paused-scale-out': pausesScaleOut && 'true',
		'force-activation': forcesActivation && 'true',
	};
	return Object.fromEntries(
		Object.entries(named).flatMap(([name, value]) =>
			value === undefined ? [] : [[`autoscaling.keda.sh/${name}`, value]],
		),
	);
}

function triggerObject(trigger: KedaTrigger, prometheus: string) {
	const {type, name, target, usesCachedMetrics} = trigger;
	return {
		type,
		...(name !== undefined && {name}),
		metricType: target.type,
		...(usesCachedMetrics && {useCachedMetrics: true}),
		metadata: metadataOf(trigger, prometheus),
	};
}

/** @throws {TypeError} for a trigger whose metadata the spec does not keep */
function metadataOf({type, source, target, activation}: KedaTrigger, prometheus: string): Record<string, string> {
	switch (source.kind) {
		case 'resource':
			return {value: valueText(target), ...(source.container !== undefined && {containerName: source.container})};
		case 'prometheus':
			return {
				serverAddress: prometheus,
				query: source.query,
				threshold: valueText(target),
				...(activation !== 0 && {activationThreshold: String(activation)}),
				...(!source.ignoresNullValues && {ignoreNullValues: 'false'}),
			};
		case 'cron': {
			const {timezone, start, end, desiredReplicas} = source;
			return {timezone, start, end, desiredReplicas: String(desiredReplicas)};
		}

		default:
			throw new TypeError(`Expected a trigger of cpu, memory, cron or prometheus, got ${type}`);
	}
}

/** A target as the metadata of a trigger have it. */
function valueText(target: MetricTarget): string {
	switch (target.type) {
		case 'Utilization':
			return String(target.averageUtilization);
		case 'AverageValue':
			return plain(target.averageValueMilli);
		case 'Value':
			return plain(target.valueMilli);
	}
}

/** A number without a suffix, as a scaler parses it. */
function plain(milli: number): string {
	return String(milli / 1000);
}

import {hpaSpecOf} from '../../src/autoscaler/hpa-manifest.ts';
import type {HpaStatus} from '../../src/autoscaler/live-answer.ts';
import {formatQuantityMilli} from '../../src/autoscaler/quantity.ts';
import {
	type AutoscalerState,
	commit,
	type Decision,
	defaultControllerConfig,
	type PodMetricsView,
	type PodView,
	type ReconcileInput,
	reconcile,
	seedState,
} from '../../src/autoscaler/reconcile.ts';
import type {Sighting} from '../../src/shadow/sighting.ts';

export const controller = defaultControllerConfig;

/** An HPA on 50 % of the CPU request with a window of a minute on the way down. */
export const quickHpa = {
	minReplicas: 1,
	maxReplicas: 10,
	metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}}],
	behavior: {scaleDown: {stabilizationWindowSeconds: 60}},
};

const began = 1_764_000_000;
const request = 100;

export type Told = {
	/** CPU of all pods together at a time since the begin, in milli-cores. */
	readonly load: (seconds: number) => number;
	/** Length [s]. */
	readonly lasts: number;
	/** Delay from a change to its sighting [s]. */
	readonly late?: (seconds: number) => number;
	/** Metrics API is down from and to, since the begin [s]. */
	readonly outage?: readonly [from: number, to: number];
	/** Changes what the controller decides, for a controller that differs. */
	readonly change?: (decision: Decision, seconds: number) => Decision;
	readonly hpa?: object;
	/** Work of a reconcile [s]. */
	readonly work?: number;
};

/**
 * Sightings that a controller leaves which decides by the same calculator, with the delays, the silence and the failures of
 * a real one: a scrape every 15 s, a status that is written where it changed.
 *
 * @returns sightings in the order of their times; `decided`: number of its reconciles
 */
export function sightingsOf({load, lasts, late = () => 0.05, outage, change, hpa = quickHpa, work = 0.04}: Told) {
	const spec = hpaSpecOf(hpa);
	const sightings: Sighting[] = [];
	const state: AutoscalerState = seedState(2, began - 1000);
	let replicas = 2;
	let pods = podsOf(replicas);
	let served: PodMetricsView[] | null = [];
	let status: HpaStatus = {currentReplicas: replicas, desiredReplicas: replicas};
	const see = (sighting: Sighting) => sightings.push(sighting);
	see({type: 'pods', at: began, pods});
	see({type: 'scale', at: began, specReplicas: replicas, statusReplicas: replicas});
	see({type: 'hpa', at: began, spec, status});
	let scrape = began + 2;
	let decided = 0;
	for (let sync = began + 6.3; sync < began + lasts; sync += 15 + work) {
		for (; scrape <= sync; scrape += 15) {
			const isDown = outage !== undefined && scrape - began >= outage[0] && scrape - began < outage[1];
			served = isDown ? null : pods.map(({name}) => sampleOf(name, scrape, load(scrape - began) / pods.length));
			const at = scrape + late(scrape - began);
			see({type: 'metrics', since: scrape - 0.3, at, metrics: {podMetrics: served}, refusals: isDown ? ['down'] : []});
		}

		const input: ReconcileInput = {
			now: sync,
			spec,
			controller,
			specReplicas: replicas,
			statusReplicas: replicas,
			pods,
			podMetrics: served,
		};
		const own = reconcile(input, state);
		const decision = change?.(own, sync - began) ?? own;
		commit(state, input, decision);
		decided++;
		const next = statusOf(status, {decision, replicas, sync});
		if (JSON.stringify(next) !== JSON.stringify(status)) {
			status = next;
			see({type: 'hpa', at: sync + work + late(sync - began), spec, status, written: Math.floor(sync + work)});
		}

		if (decision.desiredReplicas !== replicas) {
			replicas = decision.desiredReplicas;
			pods = podsOf(replicas);
			const at = sync + work + late(sync - began);
			see({type: 'scale', at, specReplicas: replicas, statusReplicas: replicas});
			see({type: 'pods', at: at + 0.01, pods});
		}
	}

	return {began, decided, sightings: sightings.toSorted((a, b) => a.at - b.at)};
}

function podsOf(count: number): PodView[] {
	return Array.from({length: count}, (_, index) => ({
		name: `pod-${index}`,
		phase: 'Running',
		startTime: began - 5000,
		ready: {status: true, lastTransitionTime: began - 4990},
		containers: [{name: 'app', requests: {cpu: request}}],
	}));
}

function sampleOf(name: string, timestamp: number, cpu: number): PodMetricsView {
	return {name, timestamp, window: 15, containers: [{name: 'app', usage: {cpu: Math.ceil(cpu)}}]};
}

type Reconciled = {readonly decision: Decision; readonly replicas: number; readonly sync: number};

function statusOf(before: HpaStatus, {decision, replicas, sync}: Reconciled): HpaStatus {
	const {desiredReplicas, metrics, reasons, error} = decision;
	const hasScaled = desiredReplicas !== replicas;
	const able = hasScaled ? 'SucceededRescale' : (reasons[1] ?? 'SucceededGetScale');
	const scaled = hasScaled ? new Date(Math.floor(sync) * 1000).toISOString() : before.lastScaleTime;
	return {
		...(scaled !== undefined && {lastScaleTime: scaled}),
		currentReplicas: replicas,
		desiredReplicas: error === undefined ? desiredReplicas : (before.desiredReplicas ?? 0),
		currentMetrics: metrics.map(({name, utilization, averageValueMilli}) =>
			utilization === undefined || averageValueMilli === undefined
				? {type: ''}
				: {
						type: 'Resource',
						resource: {
							name,
							current: {averageUtilization: utilization, averageValue: formatQuantityMilli(averageValueMilli)},
						},
					},
		),
		conditions: [
			{type: 'AbleToScale', status: 'True', reason: able},
			error === undefined
				? {type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound'}
				: {type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric'},
			{
				type: 'ScalingLimited',
				status: reasons[2] === 'DesiredWithinRange' ? 'False' : 'True',
				reason: reasons[2] ?? '',
			},
		],
	};
}

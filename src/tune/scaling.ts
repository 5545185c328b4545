import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import type {HpaSpec, ScalingRules} from '../autoscaler/hpa-spec.ts';
import type {KedaSpec} from '../autoscaler/keda/keda-spec.ts';
import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import type {Container, Experiment} from '../experiment/experiment.ts';
import {canonicalJson} from '../experiment/experiment-hash.ts';
import type {NodeAutoscaler} from '../experiment/nodes/node-autoscaler.ts';
import {mostByOthers, podRequests} from '../experiment/pod-requests.ts';

/** Parts of an experiment that tuning changes. */
export type Scaling = {
	readonly autoscaler: HpaSpec;
	/** ScaledObject that makes that HPA; left out where none does. */
	readonly keda?: KedaSpec;
	readonly containers: readonly Container[];
	/** Autoscaler of nodes; left out where the experiment has none. */
	readonly nodes?: NodeAutoscaler;
};

/** Id of a scaling, equal for every two that act alike. */
export function scalingId(scaling: Scaling): string {
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(scaling)))).slice(0, 12);
}

/** The scaling without differences that make none: which of a single policy is selected. */
export function plainScaling({autoscaler, keda, containers, nodes}: Scaling): Scaling {
	const {behavior} = autoscaler;
	const plain = (rules: ScalingRules): ScalingRules =>
		rules.policies.length === 1 && rules.selectPolicy === 'Min' ? {...rules, selectPolicy: 'Max'} : rules;
	return {
		autoscaler: {
			...autoscaler,
			...(behavior && {behavior: {scaleUp: plain(behavior.scaleUp), scaleDown: plain(behavior.scaleDown)}}),
		},
		...(keda !== undefined && {keda}),
		containers,
		...(nodes !== undefined && {nodes}),
	};
}

/** Part of a request that rounding may be off by. */
const slack = 1e-9;

/**
 * Pods of an experiment that its nodes have room for.
 *
 * @returns Infinity where nothing is said of nodes
 */
export function roomOnNodes({deployment}: Experiment): number {
	const {nodes} = deployment;
	if (nodes === undefined) {
		return Number.POSITIVE_INFINITY;
	}

	const requests = podRequests(deployment);
	const onOne = (['cpu', 'memory'] as const).map(resource =>
		requests[resource] === 0 ? Number.POSITIVE_INFINITY : Math.floor(nodes[resource] / requests[resource] + slack),
	);
	return nodes.count * Math.min(...onOne, mostByOthers(requests, nodes));
}

type Versions = {readonly controller: ControllerConfig; readonly version: string};

/** Digest of everything that the figures of a run follow from but its candidate and its replication, as hex. */
export function runKey(experiment: Experiment, {controller, version}: Versions): string {
	const {seed, duration, warmup, workload, deployment, metrics, customMetrics, prices, energy, slo, faults} =
		experiment;
	const {containers: _, ...pods} = deployment;
	const syncPeriod = metrics === 'ideal' ? experiment.controller?.syncPeriod : undefined; // else it is in the model
	const simulated = {
		...{seed, duration, warmup, workload, pods, metrics, prices, energy, slo, faults, controller, version},
		...(syncPeriod !== undefined && {syncPeriod}),
		...(customMetrics !== undefined && {customMetrics}),
	};
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(simulated))));
}

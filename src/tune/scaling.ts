import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import type {HpaSpec, ScalingRules} from '../autoscaler/hpa-spec.ts';
import type {KedaSpec} from '../autoscaler/keda/keda-spec.ts';
import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import type {Container, Deployment, Experiment} from '../experiment/experiment.ts';
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
	/** How many requests a pod takes, where it differs from the experiment's own. */
	readonly serving?: ServingLimits;
};

/** Requests that a pod takes at a time; each part is left out where it is the experiment's own. */
export type ServingLimits = {
	/** Parallel slots of an LLM's server (OLLAMA_NUM_PARALLEL). */
	readonly parallel?: number;
	/** Requests that a proxy gives a pod at a time. */
	readonly connections?: number;
	/** Requests that a server which is no LLM works on at a time. */
	readonly concurrency?: number;
	/** Requests in the batch of an engine (--max-num-seqs). */
	readonly maxNumSeqs?: number;
	/** Tokens in a step of an engine (--max-num-batched-tokens). */
	readonly maxNumBatchedTokens?: number;
};

/** Id of a scaling, equal for every two that act alike. */
export function scalingId(scaling: Scaling): string {
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(scaling)))).slice(0, 12);
}

/** The scaling without differences that make none: which of a single policy is selected. */
export function plainScaling({autoscaler, keda, containers, nodes, serving}: Scaling): Scaling {
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
		...(serving !== undefined && {serving}),
	};
}

/** The deployment with a scaling's numbers of requests that a pod takes. */
export function servingWith(
	deployment: Deployment,
	{parallel, connections, concurrency, ...batch}: ServingLimits = {},
): Deployment {
	const {llm, service, waiting} = deployment;
	const slots = parallel ?? concurrency;
	return {
		...deployment,
		...(slots !== undefined && {llm: {...llm, parallel: slots}}),
		...(concurrency !== undefined && service.kind === 'server' && {service: {...service, concurrency}}),
		...(service.kind === 'engine' && {service: {...service, engine: {...service.engine, ...batch}}}),
		...(connections !== undefined &&
			waiting !== undefined &&
			waiting.at !== 'pod' && {waiting: {...waiting, connections}}),
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

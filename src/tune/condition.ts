import type {MetricSpec} from '../autoscaler/hpa-spec.ts';
import type {Deployment, Experiment} from '../experiment/experiment.ts';
import {hasRoomForModel} from '../experiment/model-container.ts';
import {podRequests} from '../experiment/pod-requests.ts';
import {engineFault} from '../experiment/serving/engine-model.ts';
import {cpuLimitOf, defaultThreads} from '../experiment/threads.ts';
import {flawOfKeda} from './keda/keda-knobs.ts';
import {type Knob, parseValue, type Value} from './knob.ts';
import {type Scaling, servingWith} from './scaling.ts';

const comparisons = {
	'<=': (a, b) => a <= b,
	'>=': (a, b) => a >= b,
	'<': (a, b) => a < b,
	'>': (a, b) => a > b,
	'==': (a, b) => a === b,
	'!=': (a, b) => a !== b,
} as const satisfies Readonly<Record<string, (a: Value, b: Value) => boolean>>;

const form = /^\s*(.+?)\s*(<=|>=|==|!=|<|>)\s*(.+?)\s*$/;
const product = /^(\d+(?:\.\d+)?)\s*\*\s*(.+)$/;

/** A rule between settings, such as `minReplicas <= maxReplicas` or `2 * ollama.requests.cpu >= ollama.limits.cpu`. */
export type Condition = {readonly text: string; readonly holds: (scaling: Scaling) => boolean};

type Side = (scaling: Scaling) => Value;

/**
 * Parses a condition. Where a side is a word such as `none`, only `==` and `!=` can fail.
 *
 * @param knobs - knobs that it may name
 * @returns undefined when it is none
 */
export function parseCondition(text: string, knobs: ReadonlyMap<string, Knob>): Condition | undefined {
	const [, left = '', operator = '', right = ''] = form.exec(text) ?? [];
	const compare = comparisons[operator as keyof typeof comparisons] as ((a: Value, b: Value) => boolean) | undefined;
	const [knob, other] = [knobIn(left, knobs), knobIn(right, knobs)];
	if (compare === undefined || (knob === undefined && other === undefined)) {
		return undefined;
	}

	const first = sideOf(left, knob, other);
	const second = sideOf(right, other, knob);
	if (first === undefined || second === undefined) {
		return undefined;
	}

	const isEquality = operator === '==' || operator === '!=';
	return {
		text,
		holds(scaling) {
			const [a, b] = [first(scaling), second(scaling)];
			const isComparable = typeof a === 'number' && typeof b === 'number';
			return isEquality || isComparable ? compare(a, b) : true;
		},
	};
}

function knobIn(text: string, knobs: ReadonlyMap<string, Knob>): Knob | undefined {
	return knobs.get(product.exec(text)?.[2] ?? text);
}

function sideOf(text: string, knob: Knob | undefined, other: Knob | undefined): Side | undefined {
	if (knob !== undefined) {
		const factor = Number(product.exec(text)?.[1] ?? 1);
		return scaling => {
			const value = knob.read(scaling);
			return typeof value === 'number' ? factor * value : value;
		};
	}

	const value =
		other && parseValue({...other, min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY}, literal(text));
	return value === undefined ? undefined : () => value;
}

function literal(text: string): string | number {
	return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/**
 * Reason why a scaling is not worth a simulation: Kubernetes would refuse it, its controller could not act, or no pod
 * would run.
 *
 * @returns undefined when nothing is wrong
 */
export function flawOf(
	{autoscaler, keda, containers, nodes, serving}: Scaling,
	{deployment}: Experiment,
): string | undefined {
	const {minReplicas, maxReplicas, metrics, behavior} = autoscaler;
	const ofKeda = keda && flawOfKeda(keda);
	if (ofKeda !== undefined) {
		return ofKeda;
	}

	if (nodes?.pools.length === 0) {
		return 'no pool has nodes of that instance type';
	}

	if (minReplicas > maxReplicas) {
		return 'minReplicas is above maxReplicas';
	}

	if (metrics.length === 0) {
		return 'no metric has a target';
	}

	const without = metrics.find(metric => !hasRequests(metric, containers));
	if (without !== undefined) {
		return `${without.name} has a target but not every container requests some`;
	}

	for (const direction of ['scaleUp', 'scaleDown'] as const) {
		const rules = behavior?.[direction];
		if (rules !== undefined && rules.policies.length === 0) {
			return `${direction} has no policy`;
		}
	}

	const served = servingWith(deployment, serving);
	const fault = served.service.kind === 'engine' ? engineFault(served.service.engine) : undefined;
	return fault === undefined ? flawOfContainers(containers, served) : `${fault.path.at(-1)} is not ${fault.rule}`;
}

function hasRequests(metric: MetricSpec, containers: Scaling['containers']): boolean {
	if (metric.target.type !== 'Utilization' || (metric.name !== 'cpu' && metric.name !== 'memory')) {
		return true;
	}

	const resource = metric.name;
	const counted =
		metric.type === 'ContainerResource' ? containers.filter(({name}) => name === metric.container) : containers;
	return counted.every(({requests}) => requests[resource] !== undefined);
}

function flawOfContainers(containers: Scaling['containers'], deployment: Deployment): string | undefined {
	const {nodes, llm, service} = deployment;
	const requested = podRequests({...deployment, containers});
	for (const resource of ['cpu', 'memory'] as const) {
		const above = containers.find(({requests, limits}) => (requests[resource] ?? 0) > (limits[resource] ?? unbounded));
		if (above !== undefined) {
			return `${above.name} requests more ${resource} than its limit`;
		}

		if (nodes !== undefined && requested[resource] > nodes[resource] * (1 + 1e-9)) {
			return `a pod requests more ${resource} than a node has`;
		}
	}

	const host = {limit: cpuLimitOf(llm.container, containers), nodeCpu: nodes?.cpu, isTimed: service.kind === 'time'};
	if (llm.threadsFrom !== undefined && defaultThreads(host) === undefined) {
		return 'the number of threads of the model is unknown without a CPU limit';
	}

	return hasRoomForModel({...deployment, containers}) ? undefined : `${llm.container} needs more memory than its limit`;
}

const unbounded = Number.POSITIVE_INFINITY;

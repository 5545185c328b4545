import {isNeverOvercommitted, isOtherResource} from '../autoscaler/resource-list.ts';
import {ServiceModelFile, serviceModelOf} from './cluster-models.ts';
import {ContainersSchema, InitContainersSchema} from './container-schema.ts';
import {customMetricRules} from './custom-metrics/custom-metrics-rules.ts';
import {LlmSchema} from './deployment-schema.ts';
import {durationText} from './duration.ts';
import type {Container, TraceArrivals} from './experiment.ts';
import {kedaRules} from './keda/keda-rules.ts';
import {Cpu, Duration, Memory, Name, PositiveDuration, Quantity} from './leaves.ts';
import {type BrokenRule, loadRules, type Parts} from './load-rules.ts';
import {llmMemory, type ModelContainer, modelContainer} from './model-container.ts';
import {nodeAutoscalerRules} from './nodes/node-rules.ts';
import {isWholeGpu, mostOfInits} from './pod-requests.ts';
import {PriceBookFile} from './price-book.ts';
import {engineRules} from './serving/engine-rules.ts';
import type {RateCurves} from './serving/rate-curves.ts';
import {workRules} from './serving/work-rules.ts';

/**
 * The rules between parts of an experiment that the schemas cannot see, each judged wherever its own parts are sound.
 *
 * @param trace - the arrivals that the workload's trace holds
 * @param curves - the points of tables of rates that arrivals name
 */
export function brokenRules(parts: Parts, trace?: TraceArrivals, curves?: RateCurves): BrokenRule[] {
	return [
		...faultRules(parts),
		...llmRules(parts),
		...nodeRules(parts),
		...nodeAutoscalerRules(parts, requestsOfPod(parts)),
		...memoryRules(parts),
		...loadRules(parts, curves),
		...customMetricRules(parts),
		...kedaRules(parts),
		...workRules(parts, trace),
		...engineRules(parts, trace),
	];
}

const containersPath = ['deployment', 'containers'];

function* faultRules({read, keysAt, lengthAt}: Parts): Generator<BrokenRule> {
	const duration = read(['duration'], PositiveDuration);
	for (let index = 0; index < lengthAt(['faults']); index++) {
		const at = read(['faults', index, 'at'], Duration);
		if (at !== undefined && duration !== undefined && at >= duration) {
			yield {path: ['faults', index, 'at'], rule: `before the end, ${durationText(duration)}`};
		}

		yield* containerRule(['faults', index, 'container'], {read, keysAt});
	}
}

function* llmRules(parts: Parts): Generator<BrokenRule> {
	const path = ['deployment', 'llm', 'container'];
	yield* containerRule(path, parts);
	const container = llmContainer(parts);
	if (container !== undefined && 'candidates' in container) {
		const names = container.candidates.join(', ');
		yield {path, rule: `given, as more than one container could run the model (${names})`};
	}

	yield* threadRule(parts);
}

/** A runner without a CPU limit has the threads of its host, which the result hangs on. */
function* threadRule(parts: Parts): Generator<BrokenRule> {
	const llm = parts.read(['deployment', 'llm'], LlmSchema);
	const found = llmContainer(parts);
	if (llm === undefined || llm.threads !== undefined || found === undefined || 'candidates' in found) {
		return;
	}

	const container = containersOf(parts)?.find(({name}) => name === found.name);
	const service = parts.keysAt(['deployment', 'service']);
	const isGiven = service.includes('distribution') || service.includes('concurrency') || service.includes('engine');
	const isKnown = container === undefined || isGiven || parts.keysAt(['deployment', 'nodes']).includes('cpu');
	if (!isKnown && container.limits.cpu === undefined) {
		const rule = `given, or deployment.nodes.cpu: container ${found.name} has no CPU limit, so the model runs on the threads of its node`;
		yield {path: ['deployment', 'llm', 'threads'], rule};
	}
}

/** Container that runs the model, if the parts that identify it are sound. */
function llmContainer(parts: Parts): ModelContainer | undefined {
	const containers = containersOf(parts);
	const llm = parts.read(['deployment', 'llm'], LlmSchema);
	return llm?.container === undefined ? containers && llm && modelContainer(containers) : {name: llm.container};
}

function containersOf({read}: Parts): Container[] | undefined {
	const containers = read(containersPath, ContainersSchema);
	return containers && Object.entries(containers).map(([name, container]) => ({name, ...container}));
}

function* containerRule(
	path: readonly (string | number)[],
	{read, keysAt}: Pick<Parts, 'read' | 'keysAt'>,
): Generator<BrokenRule> {
	const names = keysAt(containersPath);
	const container = read(path, Name);
	if (container !== undefined && names.length > 0 && !names.includes(container)) {
		yield {path, rule: `a container of the pod (${names.join(', ')})`};
	}
}

function* nodeRules(parts: Parts): Generator<BrokenRule> {
	yield* roomRules(parts, ['deployment', 'nodes']);
	const prices = parts.read(['prices'], PriceBookFile);
	if (prices?.billing === 'nodes') {
		yield* roomRules(parts, ['prices', 'allocatable']);
		const gpus = otherRequests(parts)
			.filter((name, index, names) => isWholeGpu(name) && names.indexOf(name) === index)
			.reduce((sum, name) => sum + requestOfPod(parts, name), 0);
		if (gpus > (prices.allocatable.gpu ?? 0)) {
			yield {path: ['prices', 'allocatable', 'gpu'], rule: `at least the requests of one pod, ${gpus} GPUs`};
		}
	}
}

/** A node has room for one pod. */
function* roomRules(parts: Parts, node: readonly string[]): Generator<BrokenRule> {
	const {read, keysAt} = parts;
	const units: Readonly<Record<string, string>> = {cpu: ' cores', memory: ' bytes'};
	const others = otherRequests(parts).filter(name => node[0] !== 'prices' || !isWholeGpu(name));
	for (const resource of new Set(['cpu', 'memory', ...others])) {
		const isCoefficient = keysAt([...node, resource]).includes('value');
		const path = [...node, resource, ...(isCoefficient ? ['value'] : [])];
		const isCounted = isNeverOvercommitted(resource) && keysAt(node).length > 0;
		const room = read(path, amountOf(resource)) ?? (isCounted && !keysAt(node).includes(resource) ? 0 : undefined);
		const request = requestOfPod(parts, resource);
		if (room !== undefined && request > room * (1 + 1e-9)) {
			const amount = `${Number(request.toPrecision(12))}${units[resource] ?? ''}`;
			yield {path, rule: `at least the requests of one pod, ${amount}`};
		}
	}
}

function amountOf(resource: string) {
	return resource === 'cpu' ? Cpu : resource === 'memory' ? Memory : Quantity;
}

/** Resources beside CPU and memory that a container has a request or a limit of. */
function otherRequests({keysAt}: Parts): string[] {
	return keysAt(containersPath)
		.flatMap(name => ['requests', 'limits'].flatMap(part => keysAt([...containersPath, name, part])))
		.filter(isOtherResource);
}

/** Requests of a pod, over the sound containers. */
function requestsOfPod(parts: Parts): Record<string, number> {
	const names = new Set(['cpu', 'memory', ...otherRequests(parts)]);
	return Object.fromEntries([...names].map(name => [name, requestOfPod(parts, name)]));
}

/** Request of a pod for a resource, over the sound containers. */
function requestOfPod({read, keysAt}: Parts, resource: string): number {
	const Amount = amountOf(resource);
	const inits = Object.values(read(['deployment', 'initContainers'], InitContainersSchema) ?? {});
	const sidecars = inits.filter(({restartPolicy}) => restartPolicy === 'Always');
	const beside = sidecars.reduce((sum, {requests}) => sum + (requests[resource] ?? 0), 0);
	const own = keysAt(containersPath)
		.map(name => {
			const part = (key: string) => read([...containersPath, name, key, resource], Amount);
			return part('requests') ?? part('limits') ?? 0;
		})
		.reduce((sum, amount) => sum + amount, 0);
	return Math.max(own + beside, mostOfInits(inits)[resource] ?? 0);
}

function* memoryRules(parts: Parts): Generator<BrokenRule> {
	const {read} = parts;
	const containers = containersOf(parts);
	const llm = read(['deployment', 'llm'], LlmSchema);
	const file = read(['deployment', 'service'], ServiceModelFile);
	const service = file && serviceModelOf(file);
	if (containers === undefined || llm === undefined || service?.kind !== 'work') {
		return;
	}

	const found = llmContainer(parts);
	if (found === undefined || 'candidates' in found) {
		return;
	}

	const needs = new Map([[found.name, llmMemory(service.memory, llm)]]);
	const others = containers.map(({name}) => name).filter(name => name !== found.name);
	if (others.length === 1) {
		needs.set(others[0]!, service.memory.backend);
	}

	for (const [name, bytes] of needs) {
		const limit = containers.find(container => container.name === name)?.limits.memory;
		if (limit !== undefined && bytes > limit) {
			const rule = `at least what ${service.name} needs when idle, ${Math.ceil(bytes / 2 ** 20)}Mi`;
			yield {path: ['deployment', 'containers', name, 'limits', 'memory'], rule};
		}
	}
}

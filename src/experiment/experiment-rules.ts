import * as z from 'zod';
import {ContainersSchema, LlmSchema} from './deployment-schema.ts';
import {TimeDistribution} from './distribution-schema.ts';
import {formatDuration} from './duration.ts';
import type {Distribution, MemoryModel, RatePoint} from './experiment.ts';
import type {Verdict} from './judged.ts';
import {Cpu, Duration, Memory, Name, PositiveDuration} from './leaves.ts';
import {PriceBookFile} from './price-book.ts';
import {defaultLlmContainer} from './resolve-experiment.ts';
import {ServiceModelFile, serviceModelOf} from './service-model.ts';
import {RenewalArrivalsSchema} from './workload-schema.ts';

/** An experiment file as the rules see it. */
export type Parts = {
	/** What stands at a path, read by a schema; `undefined` when it is not there or wrong in itself. */
	readonly read: <S extends z.ZodType>(path: readonly (string | number)[], schema: S) => z.output<S> | undefined;
	/** Keys of the map at a path. */
	readonly keysAt: (path: readonly string[]) => readonly string[];
	/** Number of items of the list at a path. */
	readonly lengthAt: (path: readonly string[]) => number;
};

type BrokenRule = Verdict & {readonly got?: string};

/** Most requests that a replication may have. */
const mostRequests = 100_000_000;

/** The rules between parts of an experiment that the schemas cannot see, each judged wherever its own parts are sound. */
export function brokenRules(parts: Parts): BrokenRule[] {
	return [
		...faultRules(parts),
		...llmRules(parts),
		...nodeRules(parts),
		...memoryRules(parts),
		...arrivalRules(parts),
		...userRules(parts),
		...metricRules(parts),
	];
}

const containersPath = ['deployment', 'containers'];

function* faultRules({read, keysAt, lengthAt}: Parts): Generator<BrokenRule> {
	const duration = read(['duration'], PositiveDuration);
	for (let index = 0; index < lengthAt(['faults']); index++) {
		const at = read(['faults', index, 'at'], Duration);
		if (at !== undefined && duration !== undefined && at >= duration) {
			yield {path: ['faults', index, 'at'], rule: `before the end, ${formatDuration(duration)}`};
		}

		yield* containerRule(['faults', index, 'container'], {read, keysAt});
	}
}

function* llmRules(parts: Parts): Generator<BrokenRule> {
	yield* containerRule(['deployment', 'llm', 'container'], parts);
	yield* threadRule(parts);
}

/** A runner without a CPU limit has the threads of its host, which the result hangs on. */
function* threadRule({read, keysAt}: Parts): Generator<BrokenRule> {
	const containers = read(containersPath, ContainersSchema);
	const llm = read(['deployment', 'llm'], LlmSchema);
	if (containers === undefined || llm === undefined || llm.threads !== undefined) {
		return;
	}

	const name = llm.container ?? defaultLlmContainer(Object.keys(containers));
	const isKnown = containers[name] === undefined || keysAt(['deployment', 'nodes']).includes('cpu');
	if (!isKnown && containers[name]?.limits.cpu === undefined) {
		const rule = `given, or deployment.nodes.cpu: container ${name} has no CPU limit, so the model runs on the threads of its node`;
		yield {path: ['deployment', 'llm', 'threads'], rule};
	}
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
	if (parts.read(['prices'], PriceBookFile)?.billing === 'nodes') {
		yield* roomRules(parts, ['prices', 'allocatable']);
	}
}

/** A node has room for one pod. */
function* roomRules({read, keysAt}: Parts, node: readonly string[]): Generator<BrokenRule> {
	for (const [resource, unit, Amount] of [
		['cpu', 'cores', Cpu],
		['memory', 'bytes', Memory],
	] as const) {
		const isCoefficient = keysAt([...node, resource]).includes('value');
		const path = [...node, resource, ...(isCoefficient ? ['value'] : [])];
		const room = read(path, Amount);
		const request = keysAt(containersPath)
			.map(name => read([...containersPath, name, 'requests', resource], Amount) ?? 0)
			.reduce((sum, amount) => sum + amount, 0);
		if (room !== undefined && request > room * (1 + 1e-9)) {
			yield {path, rule: `at least the requests of one pod, ${Number(request.toPrecision(12))} ${unit}`};
		}
	}
}

function* memoryRules({read}: Parts): Generator<BrokenRule> {
	const containers = read(['deployment', 'containers'], ContainersSchema);
	const llm = read(['deployment', 'llm'], LlmSchema);
	const file = read(['deployment', 'service'], ServiceModelFile);
	const service = file && serviceModelOf(file);
	if (containers === undefined || llm === undefined || service?.kind !== 'work') {
		return;
	}

	const names = Object.keys(containers);
	const llmName = llm.container ?? defaultLlmContainer(names);
	const needs = new Map([[llmName, llmMemory(service.memory, llm)]]);
	const others = names.filter(name => name !== llmName);
	if (others.length === 1) {
		needs.set(others[0]!, service.memory.backend);
	}

	for (const [name, bytes] of needs) {
		const limit = containers[name]?.limits.memory;
		if (limit !== undefined && bytes > limit) {
			const rule = `at least what ${service.name} needs when idle, ${Math.ceil(bytes / 2 ** 20)}Mi`;
			yield {path: ['deployment', 'containers', name, 'limits', 'memory'], rule};
		}
	}
}

/** What the model's container holds when it is idle, the model loaded [bytes]. */
export function llmMemory(
	{server, weights, perContextToken}: MemoryModel,
	{contextLength, parallel}: {readonly contextLength: number; readonly parallel: number},
): number {
	return server + weights + perContextToken * contextLength * parallel;
}

function* arrivalRules({read, lengthAt}: Parts): Generator<BrokenRule> {
	const duration = read(['duration'], PositiveDuration);
	const paths = [
		['workload', 'arrivals'],
		...Array.from({length: lengthAt(['workload', 'tenants'])}, (_, index) => [
			'workload',
			'tenants',
			index,
			'arrivals',
		]),
	];
	for (const path of paths) {
		const arrivals = read(path, RenewalArrivalsSchema);
		if (duration !== undefined && arrivals !== undefined) {
			const expected = expectedArrivals(arrivals, duration);
			if (expected > mostRequests) {
				const got = `about ${expected.toPrecision(2)}`;
				yield {path: [...path, 'rate'], rule: `a curve of at most ${mostRequests} requests a run`, got};
			}
		}
	}
}

function expectedArrivals(
	{rate, interpolation}: {readonly rate: readonly RatePoint[]; readonly interpolation: 'step' | 'linear'},
	duration: number,
): number {
	return rate.reduce((sum, {at, perSecond}, index) => {
		const next = rate[index + 1] ?? {at: duration, perSecond};
		const seconds = Math.max(0, Math.min(next.at, duration) - at);
		return sum + seconds * (interpolation === 'step' ? perSecond : (perSecond + next.perSecond) / 2);
	}, 0);
}

/** Users who neither think nor wait for an answer would send without end in one instant. */
function* userRules({read, keysAt}: Parts): Generator<BrokenRule> {
	if (read(['workload', 'loop'], z.literal('closed')) === undefined) {
		return;
	}

	const users = ['workload', 'users'];
	const isGiven = keysAt(users).includes('thinkTime');
	const thinkTime = isGiven ? read([...users, 'thinkTime'], TimeDistribution) : zero;
	const time = read(['deployment', 'service'], TimeDistribution);
	const model = read(['deployment', 'service'], ServiceModelFile);
	const {perRequest, perPromptToken, perOutputToken} = model?.work ?? {
		perRequest: 1,
		perPromptToken: 1,
		perOutputToken: 1,
	};
	const isFree = time === undefined ? perRequest + perPromptToken + perOutputToken === 0 : isZero(time);
	if (isFree && thinkTime !== undefined && isZero(thinkTime)) {
		yield {path: [...users, 'thinkTime'], rule: 'longer than 0s where requests take no time'};
	}
}

const zero: Distribution = {distribution: 'constant', value: 0};

function isZero(distribution: Distribution): boolean {
	const {min = 0, max} = distribution;
	return (
		max === 0 ||
		(min === 0 &&
			((distribution.distribution === 'constant' && distribution.value === 0) ||
				(distribution.distribution === 'empirical' && distribution.values.every(value => value === 0))))
	);
}

/** A simulation, and a cluster with metrics-server alone, have the resource metrics only. */
function* metricRules({read, lengthAt}: Parts): Generator<BrokenRule> {
	for (const metrics of [
		['autoscaler', 'metrics'],
		['autoscaler', 'spec', 'metrics'],
	]) {
		for (let index = 0; index < lengthAt(metrics); index++) {
			const path = [...metrics, index, 'type'];
			if (read(path, z.enum(['Pods', 'Object', 'External'])) !== undefined) {
				yield {path, rule: 'Resource or ContainerResource, for an experiment has no source of other metrics'};
			}
		}
	}
}

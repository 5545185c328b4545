import type * as z from 'zod';
import {ContainersSchema, LlmSchema, NodesSchema} from './deployment-schema.ts';
import {formatDuration} from './duration.ts';
import type {MemoryModel, RatePoint} from './experiment.ts';
import {FaultSchema} from './fault-schema.ts';
import type {Verdict} from './judged.ts';
import {PositiveDuration} from './leaves.ts';
import {defaultLlmContainer} from './resolve-experiment.ts';
import {ServiceModelFile, serviceModelOf} from './service-model.ts';
import {RenewalArrivalsSchema} from './workload-schema.ts';

/** What stands at a path, read by a schema; `undefined` when it is not there or wrong in itself. */
export type ReadPart = <S extends z.ZodType>(path: readonly (string | number)[], schema: S) => z.output<S> | undefined;

type BrokenRule = Verdict & {readonly got?: string};

/** Most requests that a replication may have. */
const mostRequests = 100_000_000;

/**
 * The rules between parts of an experiment that the schemas cannot see, each judged wherever its own parts are sound.
 *
 * @param read - reads the file's parts
 * @param lengthAt - number of items of the list at a path
 */
export function brokenRules(read: ReadPart, lengthAt: (path: readonly string[]) => number): BrokenRule[] {
	return [
		...faultRules(read, lengthAt(['faults'])),
		...containerRules(read),
		...nodeRules(read),
		...memoryRules(read),
		...arrivalRules(read, lengthAt(['workload', 'tenants'])),
	];
}

function* faultRules(read: ReadPart, count: number): Generator<BrokenRule> {
	const duration = read(['duration'], PositiveDuration);
	const containers = read(['deployment', 'containers'], ContainersSchema);
	for (let index = 0; index < count; index++) {
		const fault = read(['faults', index], FaultSchema);
		if (fault !== undefined && duration !== undefined && fault.at >= duration) {
			yield {path: ['faults', index, 'at'], rule: `before the end, ${formatDuration(duration)}`};
		}

		const container = fault?.kind === 'container-restart' ? fault.container : undefined;
		if (container !== undefined && containers !== undefined && !Object.hasOwn(containers, container)) {
			yield {path: ['faults', index, 'container'], rule: nameRule(containers)};
		}
	}
}

function nameRule(containers: object): string {
	return `a container of the pod (${Object.keys(containers).join(', ')})`;
}

function* containerRules(read: ReadPart): Generator<BrokenRule> {
	const containers = read(['deployment', 'containers'], ContainersSchema);
	const container = read(['deployment', 'llm'], LlmSchema)?.container;
	if (containers !== undefined && container !== undefined && !Object.hasOwn(containers, container)) {
		yield {path: ['deployment', 'llm', 'container'], rule: nameRule(containers)};
	}
}

function* nodeRules(read: ReadPart): Generator<BrokenRule> {
	const containers = read(['deployment', 'containers'], ContainersSchema);
	const nodes = read(['deployment', 'nodes'], NodesSchema.exactOptional());
	if (containers === undefined || nodes === undefined) {
		return;
	}

	for (const [resource, unit] of [
		['cpu', 'cores'],
		['memory', 'bytes'],
	] as const) {
		const request = Object.values(containers).reduce((sum, {requests}) => sum + (requests[resource] ?? 0), 0);
		if (request > nodes[resource] * (1 + 1e-9)) {
			const rule = `at least the requests of one pod, ${Number(request.toPrecision(12))} ${unit}`;
			yield {path: ['deployment', 'nodes', resource], rule};
		}
	}
}

function* memoryRules(read: ReadPart): Generator<BrokenRule> {
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

function llmMemory(
	{server, weights, perContextToken}: MemoryModel,
	{contextLength, parallel}: {readonly contextLength: number; readonly parallel: number},
): number {
	return server + weights + perContextToken * contextLength * parallel;
}

function* arrivalRules(read: ReadPart, tenants: number): Generator<BrokenRule> {
	const duration = read(['duration'], PositiveDuration);
	const paths = [
		['workload', 'arrivals'],
		...Array.from({length: tenants}, (_, index) => ['workload', 'tenants', index, 'arrivals']),
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

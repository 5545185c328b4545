import * as z from 'zod';
import {LlmSchema} from '../deployment-schema.ts';
import {TokenDistribution} from '../distribution-schema.ts';
import type {TraceArrivals} from '../experiment.ts';
import type {BrokenRule, Parts} from '../load-rules.ts';
import {EngineModelFile, type EngineSettings, EngineSettingsSchema, engineFault} from './engine-model.ts';

const place = ['deployment', 'engine'];

/**
 * Rules between an engine, its settings and what requests bring along.
 *
 * @param trace - arrivals that were read from a trace
 */
export function* engineRules(parts: Parts, trace: TraceArrivals | undefined): Generator<BrokenRule> {
	const {read, keysAt, lengthAt} = parts;
	const given = read(place, EngineSettingsSchema);
	if (read(['deployment', 'service', 'kind'], z.literal('EngineModel')) === undefined) {
		if (given !== undefined && keysAt(['deployment', 'service']).length > 0) {
			yield {path: place, rule: 'left out, as deployment.service is no EngineModel'};
		}

		for (let tenant = 0; tenant < lengthAt(['workload', 'tenants']); tenant++) {
			const path = ['workload', 'tenants', tenant, 'priority'];
			if (read(path, z.number()) !== undefined && keysAt(['deployment', 'service']).length > 0) {
				yield {path, rule: 'left out, as deployment.service is no EngineModel, which alone goes by priority'};
			}
		}

		return;
	}

	for (const key of keysAt(['deployment', 'llm']).filter(key =>
		['parallel', 'threads', 'contextLength'].includes(key),
	)) {
		const instead = {parallel: 'maxNumSeqs', threads: 'a batch', contextLength: 'maxModelLen'}[key];
		yield {
			path: ['deployment', 'llm', key],
			rule: `left out, as deployment.service is an EngineModel, which has ${instead}`,
		};
	}

	const file = read(['deployment', 'service'], EngineModelFile);
	if (file === undefined) {
		return;
	}

	const engine: EngineSettings = {...file.engine, ...given};
	const fault = engineFault(engine, place);
	if (fault !== undefined) {
		yield {path: fault.path, rule: fault.rule, got: String(fault.got)};
	}

	yield* lengthRules(parts, engine, trace);
	yield* prefixRules(parts, trace);
}

/** A trace that says what its prompts begin with says all of it. */
function* prefixRules({read}: Parts, trace: TraceArrivals | undefined): Generator<BrokenRule> {
	if (trace?.prefixes === undefined) {
		return;
	}

	const reason = 'as the trace says which tokens its prompts begin with';
	if ((read(['deployment', 'llm'], LlmSchema)?.history ?? 0) > 0) {
		yield {path: ['deployment', 'llm', 'history'], rule: `left out, ${reason}, earlier turns among them`};
	}

	const path = ['workload', 'requests', 'sharedPromptTokens'];
	if ((read(path, z.number()) ?? 0) > 0) {
		yield {path, rule: `left out, ${reason}`};
	}
}

/** Prompts fit into the context, with a token of an answer. */
function* lengthRules(
	{read}: Parts,
	{maxModelLen}: EngineSettings,
	trace: TraceArrivals | undefined,
): Generator<BrokenRule> {
	const rule = (what: string) => `${what} shorter than the engine's context, maxModelLen ${maxModelLen} tokens`;
	const path = ['workload', 'requests', 'promptTokens'];
	const prompt = read(path, TokenDistribution);
	const turns = read(['deployment', 'llm'], LlmSchema)?.history ?? 0;
	if (trace !== undefined) {
		const longest = trace.promptTokens.reduce((most, tokens) => Math.max(most, tokens), 0);
		if (longest >= maxModelLen) {
			const got = `one of ${longest} tokens`;
			yield {path: ['workload', 'arrivals', 'file'], rule: rule('the path of a trace with prompts'), got};
		}
	} else if (prompt?.distribution === 'constant' && prompt.value >= maxModelLen) {
		yield {path, rule: rule(turns > 0 ? 'prompts' : 'a prompt'), got: `${prompt.value} tokens`};
	}
}

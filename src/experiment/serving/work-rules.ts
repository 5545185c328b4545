import * as z from 'zod';
import type {TraceArrivals} from '../experiment.ts';
import type {BrokenRule, Parts} from '../load-rules.ts';
import {workKinds} from './work-kind.ts';

const requestsPath = ['workload', 'requests'];
const anyWork = workKinds.join(' or ');

/**
 * Rules between what requests bring along and what serves them.
 *
 * @param trace - arrivals that were read from a trace
 */
export function* workRules(parts: Parts, trace: TraceArrivals | undefined): Generator<BrokenRule> {
	const {read, keysAt} = parts;
	const isServer = read(['deployment', 'service', 'kind'], z.literal('ServerModel')) !== undefined;
	const isTrace = read(['workload', 'arrivals', 'process'], z.literal('trace')) !== undefined;
	const keys = keysAt(requestsPath);
	const kinds = workKinds.filter(kind => keys.includes(kind));
	const tokens = ['promptTokens', 'outputTokens'].filter(key => keys.includes(key));
	const [kind] = kinds;
	if (kind !== undefined && kinds.length + tokens.length > 1) {
		yield {path: [...requestsPath, kind], rule: `alone: requests have tokens, ${anyWork}, one of them`};
	} else if (kind !== undefined && isTrace) {
		yield {path: [...requestsPath, kind], rule: 'left out, as the requests are those of a trace'};
	} else if (isTrace) {
		yield* traceRules(isServer, trace);
	} else if (isServer && kind === undefined) {
		const path = tokens.length > 0 ? [...requestsPath, tokens[0]!] : ['workload'];
		const rule =
			tokens.length > 0
				? `${anyWork}, as`
				: `given the work of a request with requests.${workKinds.join(' or requests.')}, as`;
		yield {path, rule: `${rule} deployment.service is a ServerModel, which knows no tokens`};
	} else if (!isServer && kind !== undefined && keysAt(['deployment', 'service']).length > 0) {
		yield {path: ['deployment', 'service'], rule: serverRule(kind)};
	}

	if (isServer) {
		yield* serverRules(parts);
	}
}

function serverRule(kind: string): string {
	return `the path of a ServerModel, such as models/web-single-thread.yaml, as requests bring ${kind}`;
}

function* traceRules(isServer: boolean, trace: TraceArrivals | undefined): Generator<BrokenRule> {
	if (trace?.work !== undefined && !isServer) {
		yield {path: ['deployment', 'service'], rule: serverRule(trace.work.kind)};
	} else if (trace !== undefined && trace.work === undefined && isServer) {
		const rule = `the path of a trace with ${anyWork}, as deployment.service is a ServerModel, which knows no tokens`;
		yield {path: ['workload', 'arrivals', 'file'], rule};
	}
}

/** An LLM's settings say nothing of a server; its concurrency and its threads are in its model. */
function* serverRules({keysAt}: Parts): Generator<BrokenRule> {
	for (const key of keysAt(['deployment', 'llm'])) {
		if (key !== 'container') {
			yield {
				path: ['deployment', 'llm', key],
				rule: 'left out, as deployment.service is a ServerModel, which has a concurrency and threads of its own',
			};
		}
	}
}

import {mapNode, nodeAt, type SourceNode, scalar, textAt} from '../yaml/source-tree.ts';
import {commandFlags, itemsAt} from './command-line.ts';

/** Settings that a manifest gives the server of a model. */
type Serving = {
	/** Slots, threads and context of a server that has some. */
	readonly llm?: SourceNode;
	/** Settings of an engine that batches. */
	readonly engine?: SourceNode;
	/** Arguments of a known server whose values only the cluster knows. */
	readonly unread: readonly string[];
};

const variables: Readonly<Record<string, string>> = {
	OLLAMA_NUM_PARALLEL: 'parallel',
	OLLAMA_KEEP_ALIVE: 'keepAlive',
	OLLAMA_MAX_QUEUE: 'maxQueue',
	OLLAMA_CONTEXT_LENGTH: 'contextLength',
};

/** Flags of llama.cpp and vLLM. */
const flags: Readonly<Record<string, string>> = {
	'--parallel': 'parallel',
	'-np': 'parallel',
	'--threads': 'threads',
	'-t': 'threads',
	'--max-num-seqs': 'parallel',
	'--max-model-len': 'contextLength',
};

/** Settings of an engine by the flags of vLLM and SGLang. */
const engineFlags: Readonly<Record<string, string>> = {
	'--max-num-seqs': 'maxNumSeqs',
	'--max-running-requests': 'maxNumSeqs',
	'--max-num-batched-tokens': 'maxNumBatchedTokens',
	'--chunked-prefill-size': 'maxNumBatchedTokens',
	'--max-model-len': 'maxModelLen',
	'--context-length': 'maxModelLen',
};

/** Switches of an engine by the flags of vLLM and SGLang, and whether each turns its setting on. */
const switches: Readonly<Record<string, readonly [string, boolean]>> = {
	'--enable-prefix-caching': ['prefixCaching', true],
	'--no-enable-prefix-caching': ['prefixCaching', false],
	'--disable-radix-cache': ['prefixCaching', false],
	'--enable-chunked-prefill': ['chunkedPrefill', true],
	'--no-enable-chunked-prefill': ['chunkedPrefill', false],
	'--async-scheduling': ['asyncScheduling', true],
	'--no-async-scheduling': ['asyncScheduling', false],
};

/** Serving settings of the model, from the environment of Ollama and the arguments of other servers. */
export function servingArguments(containers: readonly SourceNode[], source: SourceNode['source']): Serving {
	const llm: Record<string, SourceNode> = {};
	const engine: Record<string, SourceNode> = {};
	const unread: string[] = [];
	for (const container of containers) {
		Object.assign(llm, ofEnvironment(container, llm));
		for (const {flag, value} of commandFlags(container)) {
			const isUnread = value?.kind === 'scalar' && /^(?:\$|auto$|-1$)/.test(String(value.value));
			if (isUnread && (flag in flags || flag in engineFlags)) {
				unread.push(`${flag} ${String(value.value)}`);
			} else {
				Object.assign(llm, ofFlag(flags, flag, value));
				Object.assign(engine, ofFlag(engineFlags, flag, value), ofSwitch(flag, value, container));
			}
		}
	}

	return {
		...(Object.keys(llm).length > 0 && {llm: mapNode(source, llm)}),
		...(Object.keys(engine).length > 0 && {engine: mapNode(source, wholePrompts(engine))}),
		unread,
	};
}

function ofEnvironment(container: SourceNode, before: Readonly<Record<string, SourceNode>>) {
	const found: Record<string, SourceNode> = {};
	const isOllama = /(?:^|\/)ollama(?:[:@]|$)/.test(textAt(container, 'image') ?? '');
	if (isOllama && before['keepAlive'] === undefined) {
		found['keepAlive'] = scalar('5m', container.source); // Ollama's own default
	}

	for (const variable of itemsAt(container, 'env')) {
		const key = variables[textAt(variable, 'name') ?? ''];
		const value = nodeAt(variable, ['value']);
		if (key !== undefined && value?.kind === 'scalar' && value.value !== '') {
			found[key] = scalar(key === 'keepAlive' ? keepAlive(String(value.value)) : numberIn(value.value), value.source);
		}
	}

	return found;
}

function ofFlag(known: Readonly<Record<string, string>>, flag: string, value: SourceNode | undefined) {
	const key = known[flag];
	return key === undefined || value?.kind !== 'scalar' ? {} : {[key]: scalar(numberIn(value.value), value.source)};
}

function ofSwitch(flag: string, value: SourceNode | undefined, container: SourceNode) {
	if (flag === '--scheduling-policy') {
		return value === undefined ? {} : {policy: value};
	}

	const [key, on] = switches[flag] ?? [];
	const isOff = value?.kind === 'scalar' && /^false$/i.test(String(value.value));
	return key === undefined ? {} : {[key]: scalar(isOff ? on !== true : on, (value ?? container).source)};
}

/**
 * Without chunks a step takes a whole prompt, as many tokens as the context has, unless it has a bound of its own.
 *
 * @see vllm v0.19 vllm/engine/arg_utils.py, _set_default_max_num_seqs_and_batched_tokens_args
 */
function wholePrompts(engine: Record<string, SourceNode>): Record<string, SourceNode> {
	const {chunkedPrefill, maxNumBatchedTokens, maxModelLen} = engine;
	const isWhole = chunkedPrefill?.kind === 'scalar' && chunkedPrefill.value === false;
	return isWhole && maxNumBatchedTokens === undefined && maxModelLen !== undefined
		? {...engine, maxNumBatchedTokens: maxModelLen}
		: engine;
}

const factors: Readonly<Record<string, number>> = {k: 1000, m: 1e6, K: 1024, M: 1024 ** 2};

/**
 * A whole number, also as vLLM's arguments write it, such as 32k or 32K.
 *
 * @see vllm v0.19 vllm/engine/arg_utils.py, human_readable_int
 */
function numberIn(value: unknown): unknown {
	const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,6})?)([kKmM])?$/.exec(typeof value === 'string' ? value : '') ?? [];
	const number = digits === undefined ? Number.NaN : Number(digits) * (unit === undefined ? 1 : factors[unit]!);
	return Number.isInteger(number) ? number : value;
}

/** Ollama takes a duration, or seconds, and forever where they are negative. */
function keepAlive(text: string): string {
	return text.startsWith('-') ? 'forever' : /^\d+$/.test(text) ? `${text}s` : text;
}

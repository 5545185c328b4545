import {readFileSync} from 'node:fs';
import test from 'ava';
import {faultsOf, sound} from './scratch.ts';

const engine = readFileSync('models/engines/llama-3.1-8b-rtx-4090.yaml', 'utf8');

/** Faults of the sound experiment with an engine for its service, both changed. */
const refused = test.macro({
	async exec(t, [from, to]: readonly [string, string], [was, is]: readonly [string, string], expected: RegExp) {
		const experiment = sound
			.replace(/\n {2}service:.*\n/, '\n  service: engine.yaml\n')
			.replace(/\n {2}llm:.*\n/, '\n')
			.replace(from, to);
		t.true(engine.includes(was));
		const faults = await faultsOf(t, {'file.yaml': experiment, 'engine.yaml': engine.replace(was, is)});
		t.is(faults.length, 1, faults.join('\n'));
		t.regex(faults[0]!, expected);
	},
	title: (_, __, ___, expected: RegExp) => `refused: ${expected.source}`,
});

const same = ['name: sound', 'name: sound'] as const;
const asItIs = ['kvBlocks: 2588', 'kvBlocks: 2588'] as const;

test(
	refused,
	same,
	['kvBlocks: 2588', 'kvBlocks: 2000'],
	/kvBlocks to be at least 2048, so that the KV cache holds one request of maxModelLen, 32768 tokens, got 2000$/,
);
test(
	refused,
	same,
	['maxNumBatchedTokens: 2048', 'maxNumBatchedTokens: 128'],
	/maxNumBatchedTokens to be at least maxNumSeqs, 256, .*got 128$/,
);
test(
	refused,
	same,
	['maxNumSeqs: 256\n  maxNumBatchedTokens: 2048', 'maxNumSeqs: 8\n  maxNumBatchedTokens: 12'],
	/maxNumBatchedTokens to be at least a block of 16 tokens, got 12$/,
);
test(
	refused,
	['  service:', '  engine: {chunkedPrefill: false}\n  service:'],
	asItIs,
	/deployment\.engine\.maxNumBatchedTokens to be at least maxModelLen, 32768, .*got 2048$/,
);
test(
	refused,
	['  service:', '  llm: {parallel: 4}\n  service:'],
	asItIs,
	/deployment\.llm\.parallel to be left out, as deployment\.service is an EngineModel, which has maxNumSeqs/,
);

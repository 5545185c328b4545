import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {parse} from 'yaml';
import {UserError} from '../../src/errors.ts';
import {type FaultLine, faultTexts, type SourceNode} from '../../src/store/yaml/source-tree.ts';
import {treeOfValue} from '../../src/store/yaml/tree-builder.ts';
import {mutatedText, mutatedValue} from './hostile.ts';
import {rewriteFile} from './rewrite-file.ts';

export const inputs = 10_000;
/** Inputs of a reader that usually gets fewer; `npm run test:load` gives it as many as the others. */
export const inputsOr = (usual: number) => Number(process.env['FUZZ_INPUTS'] ?? usual);
export const seed = 20_261_124;
const slowest = 2000;

const folder = mkdtempSync(join(tmpdir(), 'replicast-fuzz-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

/** A file's reader, and the same for a tree: values get past the parser, and it takes most of the time. */
export type Reader = {
	readonly file: (path: string) => Promise<void>;
	readonly tree: (tree: SourceNode) => Promise<void> | void;
};

/** Where the inputs stand. */
export const place = {file: join(folder, 'file.yaml'), line: 1, column: 1};

/** Gives a reader texts and trees made of one that is sound. */
export async function readsAll(t: ExecutionContext, text: string, reader: Reader, count = inputs): Promise<void> {
	let refused = 0;
	const given = fc.oneof(
		{weight: 1, arbitrary: mutatedText(text)},
		{weight: 1, arbitrary: mutatedValue(parse(text)).map(value => JSON.stringify(value) ?? '')},
		{weight: 14, arbitrary: mutatedValue(parse(text)).map(value => treeOfValue(value, place))},
	);
	await fc.assert(
		fc.asyncProperty(given, async input => {
			const start = performance.now();
			try {
				if (typeof input === 'string') {
					rewriteFile(place.file, input);
					await reader.file(place.file);
				} else {
					await reader.tree(input);
				}
			} catch (error) {
				refused++;
				if (!(error instanceof UserError)) {
					throw error;
				}

				for (const line of error.message.split('\n')) {
					if (!/^\/.*:\d+:\d+: Expected .+/.test(line) || line.length > 3000) {
						throw new Error(`Expected a fault line, got ${line}`);
					}
				}
			}

			const taken = performance.now() - start;
			if (taken > slowest) {
				throw new Error(`Expected to be done in ${slowest} ms, took ${taken}`);
			}
		}),
		{numRuns: count, seed},
	);
	t.true(refused > count / 4, `${refused} refused`);
	t.true(refused < count, 'some are taken');
	const largest = 1024 * process.resourceUsage().maxRSS;
	t.true(largest < 2 ** 30, `${largest} bytes`);
	t.is(({} as {polluted?: unknown}).polluted, undefined);
}

export function refuse(faults: readonly FaultLine[]): never {
	throw new UserError('E_CONFIG', faultTexts(faults));
}

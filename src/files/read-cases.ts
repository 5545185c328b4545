import {createReadStream} from 'node:fs';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {UserError} from '../errors.ts';
import {DecideCase} from '../kubernetes/decide-case.ts';
import {checkTree, faultLines} from './describe-issues.ts';
import {asFileFault} from './file-faults.ts';
import {lineBatches} from './line-batches.ts';
import {parseYaml} from './parse-yaml.ts';
import {readText, UnreadableError} from './read-text.ts';
import {type FaultLine, printFaults, type SourceNode} from './source-tree.ts';
import {treeOfValue} from './tree-of-value.ts';

/** A case that was read, or what is wrong with it: lines for standard error, each with its position. */
export type ReadCase = {readonly given: DecideCase} | {readonly faults: string};

export const standardInput = '-';

/** In JSON [bytes]. */
const largestFile = 64 * 2 ** 20;
/** In YAML, whose parser takes a hundred times as much memory [characters]. */
const largestYaml = 4 * 2 ** 20;

/**
 * One case in YAML or JSON.
 *
 * @param path - a file, or `-` for standard input
 * @throws {UserError} E_FILE when the file cannot be read
 */
export async function readCase(path: string): Promise<ReadCase> {
	const content = await contentOf(path);
	const value = parsedJson(content);
	const parsed = DecideCase.safeParse(value);
	if (parsed.success) {
		return {given: parsed.data};
	}

	const checked =
		value === undefined || content.length <= largestYaml
			? check(content, path)
			: checkCaseTree(treeOfValue(value, {file: path}));
	return 'faults' in checked ? {faults: printFaults(checked.faults)} : checked;
}

/**
 * Cases in JSON, one a line; empty lines are passed over.
 *
 * @param path - as for {@link readCase}
 */
export async function* readCaseLines(path: string): AsyncGenerator<ReadCase> {
	const stream: AsyncIterable<Uint8Array> = path === standardInput ? process.stdin : createReadStream(path);
	let number = 0;
	try {
		for await (const lines of lineBatches(stream)) {
			for (const line of lines) {
				number++;
				if (line === undefined) {
					yield {faults: `${path}:${number}:1: Expected a case in JSON, got too long a line`};
				} else if (line.trim() !== '') {
					yield readLine(line, path, number);
				}
			}
		}
	} catch (error) {
		throw asFileFault(path, error);
	}
}

/**
 * A case that a program made.
 *
 * @param value - what JSON or YAML could say
 * @throws {UserError} E_CONFIG with one line for each fault
 */
export function checkCase(value: unknown): DecideCase {
	const checked = checkCaseTree(treeOfValue(value, {file: 'case'}));
	if ('faults' in checked) {
		throw new UserError('E_CONFIG', printFaults(checked.faults));
	}

	return checked.given;
}

function readLine(line: string, path: string, number: number): ReadCase {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch (error) {
		const [words] = (error as Error).message.split('\n', 1);
		return {faults: `${path}:${number}:1: Expected a case in JSON, got ${words}`};
	}

	const parsed = DecideCase.safeParse(value);
	if (parsed.success) {
		return {given: parsed.data};
	}

	// Once more, slowly, to find where the mistakes stand; one line tells the first.
	const checked = check(line, path);
	const [first, ...more] = 'faults' in checked ? printFaults(moved(checked.faults, number)).split('\n') : [];
	return {
		faults: `${first ?? `${path}:${number}:1: Expected a case`}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
	};
}

function check(content: string, path: string): {given: DecideCase} | {faults: readonly FaultLine[]} {
	if (content.length > largestYaml) {
		const message = `Expected a case in YAML of at most ${largestYaml} characters, got ${content.length}`;
		return {faults: [{source: {file: path, line: 1, column: 1}, message}]};
	}

	const {tree, faults} = parseYaml(content, path);
	return tree === undefined || faults.length > 0 ? {faults} : checkCaseTree(tree);
}

function checkCaseTree(tree: SourceNode): {given: DecideCase} | {faults: readonly FaultLine[]} {
	const checked = checkTree(DecideCase, tree);
	return 'faults' in checked ? {faults: faultLines(tree, checked.faults)} : {given: checked.value};
}

/** @returns undefined for what is no JSON */
function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function moved(faults: readonly FaultLine[], line: number): FaultLine[] {
	return faults.map(({source, message}) => ({source: {...source, line}, message}));
}

async function contentOf(path: string): Promise<string> {
	try {
		return path === standardInput ? await text(process.stdin) : await readText(path, largestFile);
	} catch (error) {
		if (error instanceof UnreadableError) {
			throw new UserError('E_FILE', `Expected to read ${path}, got ${error.message}`, {cause: error});
		}

		throw error;
	}
}

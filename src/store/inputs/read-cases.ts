import {open} from 'node:fs/promises';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {DecideCase, KedaCase} from '../../autoscaler/decide-case.ts';
import {UserError} from '../../errors.ts';
import {asFileFault} from '../disk/file-faults.ts';
import {readNamedText, readOrRefuse} from '../disk/read-text.ts';
import {objectsIn} from '../manifests/parse-manifests.ts';
import {lineBatches} from '../traces/read-trace.ts';
import {checkTree, faultLines} from '../yaml/describe-issues.ts';
import {otherForm} from '../yaml/file-form.ts';
import {type ParsedDocuments, parseDocuments} from '../yaml/parse-yaml.ts';
import {type FaultLine, faultTexts, nodeAt, printFaults, type SourceNode} from '../yaml/source-tree.ts';
import {treeOfValue} from '../yaml/tree-builder.ts';
import {caseOfObjects, type PreparedCase, prepareCase} from './case-of-objects.ts';
import {isBesideScaledObject} from './keda-objects.ts';

/** A case that was read, and what was taken for granted on the way. */
type GivenCase = {readonly given: DecideCase | KedaCase; readonly notes: readonly string[]};

/** A case that was read, or what is wrong with it: lines for standard error, each with its position. */
export type ReadCase = GivenCase | {readonly faults: string};

export const standardInput = '-';

/** Longer objects in JSON are not parsed a second time for the places of their values [characters]. */
const longestObjects = 2 ** 18;
/** In JSON [bytes]. */
const largestFile = 64 * 2 ** 20;
/** In YAML, whose parser takes a hundred times as much memory [characters]. */
const largestYaml = 4 * 2 ** 20;

/**
 * Reads one case in YAML or JSON: in the form of a case; or objects as kubectl saves them, in any number of files,
 * documents and lists.
 *
 * @param paths - files, or `-` for standard input
 * @throws {UserError} E_FILE when a file cannot be read
 */
export async function readCase(...paths: readonly string[]): Promise<ReadCase> {
	const trees: SourceNode[] = [];
	const faults: FaultLine[] = [];
	for (const path of paths) {
		const content = await contentOf(path);
		const value = parsedJson(content);
		const given = paths.length === 1 ? simpleCase(value) : undefined;
		if (given !== undefined) {
			return {given, notes: []};
		}

		const isLong = content.length > (isObject(value) ? longestObjects : largestYaml);
		const parsed =
			value !== undefined && isLong ? {trees: [treeOfValue(value, {file: path})], faults: []} : parse(content, path);
		trees.push(...parsed.trees);
		faults.push(...parsed.faults);
	}

	const checked = faults.length > 0 ? {faults} : checkTrees(trees, paths[0] ?? '');
	return 'faults' in checked ? {faults: printFaults(checked.faults)} : checked;
}

/**
 * Cases in JSON, one a line; empty lines are passed over.
 *
 * @param path - as for {@link readCase}
 */
export async function* readCaseLines(path: string): AsyncGenerator<ReadCase> {
	let number = 0;
	try {
		const stream: AsyncIterable<Uint8Array> =
			path === standardInput ? process.stdin : (await open(path, readOrRefuse)).createReadStream();
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
export function checkCase(value: unknown): GivenCase {
	const checked = checkTrees([treeOfValue(value, {file: 'case'})], 'case');
	if ('faults' in checked) {
		throw new UserError('E_CONFIG', faultTexts(checked.faults));
	}

	return checked;
}

function readLine(line: string, path: string, number: number): ReadCase {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch (error) {
		const [words] = (error as Error).message.split('\n', 1);
		return {faults: `${path}:${number}:1: Expected a case in JSON, got ${words}`};
	}

	const given = simpleCase(value);
	if (given !== undefined) {
		return {given, notes: []};
	}

	// Once more, slowly, to find the places of the faults; one line reports the first.
	const {trees, faults} = parse(line, path);
	const checked = faults.length > 0 ? {faults} : checkTrees(trees, path);
	if (!('faults' in checked)) {
		return checked;
	}

	const [first, ...more] = faultTexts(moved(checked.faults, number));
	return {
		faults: `${first ?? `${path}:${number}:1: Expected a case`}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
	};
}

function parse(content: string, path: string): ParsedDocuments {
	if (content.length > largestYaml) {
		const message = `Expected a case in YAML of at most ${largestYaml} characters, got ${content.length}`;
		return {trees: [], faults: [{source: {file: path, line: 1, column: 1}, message}]};
	}

	return parseDocuments(content, path, {reading: 'kubectl'});
}

type Checked = GivenCase | {readonly faults: readonly FaultLine[]};

/** The case that the documents of files are, or what is wrong with them. */
export function checkTrees(trees: readonly SourceNode[], file: string): Checked {
	const other = trees.length === 1 ? otherForm(trees[0], 'DecideCase') : undefined;
	if (other !== undefined) {
		return {faults: [other]};
	}

	const {objects, others} = objectsIn(trees);
	const [first, second] = others;
	if (objects.length > 0 && (first === undefined || isBesideScaledObject(objects, others))) {
		return checkPrepared(caseOfObjects(objects, file, first));
	}

	const stranger = second ?? objects[0]?.tree;
	if (first === undefined || stranger !== undefined) {
		const source = stranger?.source ?? {file, line: 1, column: 1};
		const got = first === undefined ? 'an empty file' : 'something beside a case';
		return {faults: [{source, message: `Expected one case, or objects of Kubernetes, got ${got}`}]};
	}

	return checkPrepared(prepareCase(first));
}

function checkPrepared({tree, notes, faults}: PreparedCase): Checked {
	if (faults.length > 0) {
		return {faults};
	}

	if (nodeAt(tree, ['scaledObject']) !== undefined) {
		const checked = checkTree(KedaCase, tree);
		return 'faults' in checked ? {faults: faultLines(tree, checked.faults)} : {given: checked.value, notes};
	}

	const checked = checkTree(DecideCase, tree);
	return 'faults' in checked ? {faults: faultLines(tree, checked.faults)} : {given: checked.value, notes};
}

/** A case that needs no second look: in the form of one, and not to be answered by its HPA's status. */
function simpleCase(value: unknown): DecideCase | undefined {
	const hpa = isObject(value) ? value['hpa'] : undefined;
	return isObject(hpa) && hpa['status'] != null ? undefined : DecideCase.safeParse(value).data;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
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
	return path === standardInput ? text(process.stdin) : readNamedText(path, largestFile);
}

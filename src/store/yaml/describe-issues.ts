import type * as z from 'zod';
import {type FaultLine, nodeAt, type Path, plainValue, type SourceNode, sourceAt} from './source-tree.ts';

type Issue = z.core.$ZodIssue;

/** Fault of one key. */
export type Fault = {
	readonly path: Path;
	/** Text that follows "Expected … to be". */
	readonly rule: string;
	/** Whether the key is at fault, not its value. */
	readonly part?: 'key';
	/** Value that was got, when it is not the value at the path. */
	readonly got?: string;
};

/** Lines of faults, one for each, in the order given; a path that several faults share keeps the first. */
export function faultLines(tree: SourceNode, faults: readonly Fault[]): FaultLine[] {
	return faults.map(({path, rule, part, got}) => {
		const node = nodeAt(tree, path);
		const value = got ?? (node === undefined ? 'nothing' : show(plainValue(node)));
		return {source: sourceAt(tree, path, part), message: `Expected ${nameOf(path)} to be ${rule}, got ${value}`};
	});
}

const separator = '\n';

/** Has zod name the keys that a map may have where it found another one. */
const nameKnownKeys: z.core.$ZodErrorMap = issue => {
	const shape = (issue.inst as {_zod?: {def?: {shape?: object}}} | undefined)?._zod?.def?.shape;
	return issue.code === 'unrecognized_keys' ? Object.keys(shape ?? {}).join(separator) : undefined;
};

/** Checks a tree by a schema: returns the value, or the faults, one a mistake. */
export function checkTree<S extends z.ZodType>(schema: S, tree: SourceNode): {value: z.output<S>} | {faults: Fault[]} {
	const {success, data, error} = schema.safeParse(plainValue(tree), {error: nameKnownKeys});
	return success ? {value: data} : {faults: faultsOf(error.issues, tree)};
}

function faultsOf(issues: readonly Issue[], tree: SourceNode): Fault[] {
	const faults = issues.flatMap(issue => faultsOfIssue(issue, [], tree));
	const suggested = new Set(
		faults.flatMap(({path, rule, part}) => (part === 'key' ? [keyOf(path.slice(0, -1), suggestionIn(rule))] : [])),
	);
	const seen = new Set<string>();
	return faults.filter(({path, rule}) => {
		const key = keyOf(path);
		const isMissing = rule === missing && suggested.has(key);
		const isKnown = seen.has(key);
		seen.add(key);
		return !isKnown && !isMissing;
	});
}

const missing = 'given';
const keyRule = /^a known key(?: \(perhaps (.*)\))?$/;

function suggestionIn(rule: string): string {
	return keyRule.exec(rule)?.[1] ?? '';
}

function keyOf(path: Path, last?: string): string {
	return JSON.stringify([...path, ...(last === undefined ? [] : [last])].map(String));
}

function faultsOfIssue(issue: Issue, parents: Path, tree: SourceNode): Fault[] {
	const path = [...parents, ...issue.path];
	const node = nodeAt(tree, path);
	switch (issue.code) {
		case 'unrecognized_keys':
			return issue.keys.map(key => unknownKey([...path, key], issue.message.split(separator)));
		case 'invalid_key':
			return [{path, rule: issue.issues[0]?.message ?? issue.message, part: 'key', got: show(String(path.at(-1)))}];
		case 'invalid_union':
			return faultsOfUnion(issue, path, tree);
		default:
			return node === undefined && issue.code !== 'custom' ? [{path, rule: missing}] : [{path, rule: ruleOf(issue)}];
	}
}

function unknownKey(path: Path, known: readonly string[]): Fault {
	const key = String(path.at(-1));
	const near = nearestName(key, known);
	return {
		path,
		part: 'key',
		rule: near === undefined ? 'a known key' : `a known key (perhaps ${near})`,
		got: show(key),
	};
}

/** Faults of the form that was most likely meant, in a choice of forms. */
function faultsOfUnion(issue: Extract<Issue, {code: 'invalid_union'}>, path: Path, tree: SourceNode): Fault[] {
	if (nodeAt(tree, path) === undefined && issue.path.length > 0 && !('discriminator' in issue)) {
		return [{path, rule: missing}];
	}

	if ('discriminator' in issue) {
		const options = (issue as {options?: readonly unknown[]}).options ?? [];
		const words = options.filter(option => option !== undefined && option !== null).join(', ');
		return [{path, rule: nodeAt(tree, path) === undefined ? missing : `one of ${words}`}];
	}

	const forms = issue.errors.filter(form => !form.some(isWholeValue));
	const best = forms.toSorted(
		(a, b) => evidenceFor(b, path, tree) - evidenceFor(a, path, tree) || a.length - b.length,
	)[0];
	return best === undefined ? [{path, rule: issue.message}] : best.flatMap(inner => faultsOfIssue(inner, path, tree));
}

/** Whether an issue says that the value is something else altogether. */
function isWholeValue({path, code}: Issue): boolean {
	return path.length === 0 && code !== 'unrecognized_keys' && code !== 'custom';
}

/** How many of a map's keys a form knows. */
function evidenceFor(form: readonly Issue[], path: Path, tree: SourceNode): number {
	const node = nodeAt(tree, path);
	const count = node?.kind === 'map' ? node.entries.size : 0;
	const wrongTag = form.find(issue => issue.path.length === 1 && 'discriminator' in issue);
	if (wrongTag !== undefined) {
		return nodeAt(tree, [...path, ...wrongTag.path]) === undefined ? 0 : 1;
	}

	const unknown = form.flatMap(issue =>
		issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
	);
	return count - unknown.length;
}

const nouns: Readonly<Record<string, string>> = {object: 'a map', record: 'a map', array: 'a list', string: 'text'};

function ruleOf(issue: Issue): string {
	const isBare = issue.code === 'invalid_type' && issue.message.startsWith('Invalid input');
	return isBare ? (nouns[issue.expected] ?? `a ${issue.expected}`) : issue.message;
}

/** `workload.tenants[0].name`; the whole file when the path is empty. */
export function nameOf(path: Path): string {
	const name = path.map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
	return name === '' ? 'the file' : name.replace(/^\./, '');
}

/** A value as a message shows it, on one line. */
function show(value: unknown): string {
	if (value === null || value === undefined) {
		return 'nothing';
	}

	if (typeof value === 'object') {
		return Array.isArray(value) ? 'a list' : 'a map';
	}

	const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The name that a misspelt one was probably meant to be; `undefined` when none is near. */
function nearestName(name: string, names: readonly string[]): string | undefined {
	const near = names
		.map(candidate => ({candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase())}))
		.filter(({candidate, distance}) => distance <= Math.max(name.length, candidate.length, 3) / 3)
		.sort((a, b) => a.distance - b.distance);
	return near[0]?.candidate;
}

/** Letters to insert, delete or replace to get from one text to the other. */
function editDistance(from: string, to: string): number {
	if (Math.abs(from.length - to.length) > 8) {
		return Number.POSITIVE_INFINITY;
	}

	let row = Array.from({length: to.length + 1}, (_, index) => index);
	for (const [index, letter] of [...from].entries()) {
		const next = [index + 1];
		for (let column = 1; column <= to.length; column++) {
			const replaced = row[column - 1]! + (letter === to[column - 1] ? 0 : 1);
			next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
		}

		row = next;
	}

	return row[to.length]!;
}

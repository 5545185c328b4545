import {type Document, LineCounter, parseDocument} from 'yaml';
import type {FaultLine, Source, SourceNode} from './source-tree.ts';
import {deepest, TooMuchError, TreeBuilder} from './tree-builder.ts';

/** A file's tree, as far as its syntax holds, and what is wrong with the syntax. */
export type ParsedYaml = {readonly tree?: SourceNode; readonly faults: readonly FaultLine[]};

/**
 * The tree of a YAML text with the position of every key and value, aliases followed.
 *
 * @param text - one document
 * @param file - name of the file in fault lines
 * @param options - `quotes`: whether faults may quote the text; not where a path may lead to a file that is nobody's
 *   business
 */
export function parseYaml(text: string, file: string, {quotes = true} = {}): ParsedYaml {
	const lineCounter = new LineCounter();
	const start = {file, line: 1, column: 1};
	const positionAt = (offset: number): Source => {
		const {line, col} = lineCounter.linePos(offset);
		return {file, line: Math.max(1, line), column: Math.max(1, col)};
	};
	const document = parse(text, lineCounter);
	if (document === undefined) {
		return {faults: [{source: start, message: tooDeep}]};
	}

	const [problem] = [...document.errors, ...document.warnings];
	if (problem !== undefined) {
		return {faults: [{source: positionAt(problem.pos[0]), message: messageOf(problem, quotes)}]};
	}

	if (document.contents === null) {
		return {faults: [{source: start, message: 'Expected a map, got an empty file'}]};
	}

	try {
		return build(new TreeBuilder(document, positionAt), document);
	} catch (error) {
		if (error instanceof RangeError) {
			return {faults: [{source: start, message: tooDeep}]}; // to walk through it takes a call for each level, too
		}

		throw error;
	}
}

const tooDeep = `Expected at most ${deepest} levels, got more`;

function parse(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
	try {
		const options = {lineCounter, prettyErrors: false, strict: true, uniqueKeys: false, logLevel: 'error'} as const;
		return parseDocument(text, options);
	} catch (error) {
		// The parser calls itself for each level.
		if (error instanceof RangeError) {
			return undefined;
		}

		throw error;
	}
}

/** Of faults that the parser never tells by quoting the text. */
const plainCodes = [
	'ALIAS_PROPS',
	'BAD_INDENT',
	'BLOCK_AS_IMPLICIT_KEY',
	'BLOCK_IN_FLOW',
	'KEY_OVER_1024_CHARS',
	'MISSING_CHAR',
	'MULTILINE_IMPLICIT_KEY',
	'TAB_AS_INDENT',
];

function messageOf({code, message}: {readonly code: string; readonly message: string}, quotes: boolean): string {
	if (code === 'MULTIPLE_DOCS') {
		return 'Expected one document, got a second one';
	}

	if (message.includes('call stack')) {
		return tooDeep;
	}

	if (!quotes && !plainCodes.includes(code)) {
		return 'Expected valid YAML';
	}

	// The parser's words, on one line and without a full stop.
	const sentence = message.replaceAll(/\s+/g, ' ').trim().replace(/[.:]$/, '');
	return `Expected valid YAML: ${sentence}`;
}

function build(builder: TreeBuilder, document: Document.Parsed): ParsedYaml {
	try {
		return {tree: builder.build(document.contents!), faults: builder.faults};
	} catch (error) {
		if (error instanceof TooMuchError) {
			return {faults: [...builder.faults, error.fault]};
		}

		throw error;
	}
}

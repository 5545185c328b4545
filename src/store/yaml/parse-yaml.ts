import {Composer, type Document, LineCounter, Parser} from 'yaml';
import {templatePlace, templateWords} from '../manifests/template-place.ts';
import type {FaultLine, Source, SourceNode} from './source-tree.ts';
import {deepest, TooMuchError, TreeBuilder, type TreeRules} from './tree-builder.ts';

/** A file's tree, as far as its syntax holds, and what is wrong with the syntax. */
export type ParsedYaml = {readonly tree?: SourceNode; readonly faults: readonly FaultLine[]};

/** The trees of a file's documents, empty ones left out, and what is wrong with the syntax. */
export type ParsedDocuments = {readonly trees: readonly SourceNode[]; readonly faults: readonly FaultLine[]};

export type ParseOptions = {
	/** Whether faults may quote the text; not where a path may lead to a file that is nobody's business. */
	readonly quotes?: boolean;
	/** `kubectl` for manifests. */
	readonly reading?: TreeRules['reading'];
};

/** A file with more documents is refused. */
const mostDocuments = 10_000;

/**
 * The tree of a YAML text with the position of every key and value, aliases followed.
 *
 * @param text - one document; empty ones around it are passed over
 * @param file - name of the file in fault lines
 */
export function parseYaml(text: string, file: string, options: ParseOptions = {}): ParsedYaml {
	const {trees, faults} = parseDocuments(text, file, options);
	const [tree, second] = trees;
	const found =
		second === undefined ? faults : [{source: second.source, message: 'Expected one document, got a second one'}];
	if (tree === undefined && found.length === 0) {
		return {faults: [{source: {file, line: 1, column: 1}, message: 'Expected a map, got an empty file'}]};
	}

	return {...(tree !== undefined && second === undefined && {tree}), faults: found};
}

/** Parses a text of any number of documents. */
export function parseDocuments(
	text: string,
	file: string,
	{quotes = true, reading = 'core'}: ParseOptions = {},
): ParsedDocuments {
	const lineCounter = new LineCounter();
	const positionAt = (offset: number): Source => {
		const {line, col} = lineCounter.linePos(offset);
		return {file, line: Math.max(1, line), column: Math.max(1, col)};
	};
	const trees: SourceNode[] = [];
	const faults: FaultLine[] = [];
	let count = 0;
	const rules: TreeRules = {positionAt, reading, count: {nodes: 0}};
	try {
		for (const document of documentsOf(text, lineCounter)) {
			const built = treeOf(document, rules, quotes);
			faults.push(...built.faults);
			if (built.tree !== undefined) {
				trees.push(built.tree);
			}

			count++;
			if (count > mostDocuments) {
				const message = `Expected at most ${mostDocuments} documents, got more`;
				faults.push({source: positionAt(document.range[0]), message});
				break;
			}
		}
	} catch (error) {
		// The parser, and the walk through its result, call themselves for each level.
		if (!(error instanceof RangeError)) {
			throw error;
		}

		faults.push({source: positionAt(0), message: tooDeep});
	}

	const template = faults.length > 0 ? templatePlace(text) : undefined;
	return {trees, faults: template === undefined ? faults : [{source: {file, ...template}, message: templateWords}]};
}

const tooDeep = `Expected at most ${deepest} levels, got more`;

/** Parses documents one by one, so that a text of very many is not parsed to its end. */
function* documentsOf(text: string, lineCounter: LineCounter): Generator<Document.Parsed> {
	const options = {prettyErrors: false, strict: true, uniqueKeys: false, logLevel: 'error'} as const;
	const composer = new Composer(options);
	yield* composer.compose(
		new Parser(lineCounter.addNewLine).parse(text),
		false,
		text.length,
	) as Iterable<Document.Parsed>;
}

function treeOf(document: Document.Parsed, rules: TreeRules, quotes: boolean): ParsedYaml {
	const [problem] = [...document.errors, ...document.warnings];
	if (problem !== undefined) {
		return {faults: [{source: rules.positionAt(problem.pos[0]), message: messageOf(problem, quotes)}]};
	}

	return document.contents === null ? {faults: []} : build(new TreeBuilder(document, rules), document);
}

/** Codes of faults whose messages never quote the text. */
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
		const tree = builder.build(document.contents!);
		const isEmpty = tree.kind === 'scalar' && tree.value === null;
		return {...(!isEmpty && {tree}), faults: builder.faults};
	} catch (error) {
		if (error instanceof TooMuchError) {
			return {faults: [...builder.faults, error.fault]};
		}

		throw error;
	}
}

import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import type * as z from 'zod';
import {UserError} from '../../errors.ts';
import type {ModelProvenance} from '../../experiment/coefficient.ts';
import type {PinnedFile, PriceBook} from '../../experiment/experiment.ts';
import {PriceBookFile, priceBookOf} from '../../experiment/price-book.ts';
import {packageRoot} from '../disk/package.ts';
import {readNamedText} from '../disk/read-text.ts';
import {checkTree, faultLines} from '../yaml/describe-issues.ts';
import {type FileForm, otherForm} from '../yaml/file-form.ts';
import {parseYaml} from '../yaml/parse-yaml.ts';
import {type FaultLine, faultTexts, nodeAt, plainValue, type SourceNode} from '../yaml/source-tree.ts';
import {asKind, references} from './inline-references.ts';
import {pinFile} from './pin-files.ts';
import {largestYaml} from './referenced-files.ts';

/**
 * Reads a YAML file and checks it by a schema.
 *
 * @param kind - expected kind: a file of OpenCost's prices is accepted for a `PriceBook`
 * @throws {UserError} with one line for each fault, `FILE:LINE:COLUMN: message`: E_FILE when the file cannot be read,
 *   E_CONFIG for its contents
 */
export async function readModel<S extends z.ZodType>(path: string, schema: S, kind = ''): Promise<z.output<S>> {
	const tree = await readSourceTree(path, {kind, ...(kind === 'PriceBook' && {form: kind})});
	const checked = checkTree(schema, tree);
	if ('faults' in checked) {
		throw configError(faultLines(tree, checked.faults));
	}

	return checked.value;
}

/**
 * The tree of a YAML file; its syntax is sound.
 *
 * @param options - `kind`: as for {@link readModel}; `form`: one that the file has to be of, if it is of a known one
 */
export async function readSourceTree(
	path: string,
	{kind = '', form}: {readonly kind?: string; readonly form?: FileForm} = {},
): Promise<SourceNode> {
	const {tree, faults} = asKind(parseYaml(await readNamedText(path, largestYaml), path), kind);
	if (tree === undefined || faults.length > 0) {
		throw configError(faults);
	}

	const other = form === undefined ? undefined : otherForm(tree, form);
	if (other !== undefined) {
		throw configError([other]);
	}

	return tree;
}

/** Kind that a model file says it is of. */
export async function readModelKind(path: string): Promise<string> {
	const kind = nodeAt(await readSourceTree(path), ['kind']);
	return kind === undefined ? '' : String(plainValue(kind));
}

export function configError(faults: readonly FaultLine[]): UserError {
	return new UserError('E_CONFIG', faultTexts(faults));
}

type FoundModel = {
	/** Name of the file within its folder. */
	readonly file: string;
	readonly document: Readonly<Record<string, unknown>>;
};

/**
 * The model file of a kind and name: in `folder` if it is there, else among those of the package.
 *
 * @throws {UserError} E_FILE when there is none
 */
export async function findModel(kind: string, name: string, folder: string): Promise<FoundModel> {
	for (const place of [folder, join(packageRoot(), 'models')]) {
		for (const file of existsSync(place) ? readdirSync(place).sort() : []) {
			const document = file.endsWith('.yaml') ? await readDocument(join(place, file)) : undefined;
			if (document?.['kind'] === kind && document['name'] === name) {
				return {file, document};
			}
		}
	}

	throw new UserError('E_FILE', `Expected a ${kind} named ${name} in ${folder} or among the shipped models, got none`);
}

/** A YAML file as plain values; undefined when it is no map. */
export async function readDocument(path: string): Promise<Record<string, unknown> | undefined> {
	const tree = await readSourceTree(path);
	return tree.kind === 'map' ? (plainValue(tree) as Record<string, unknown>) : undefined;
}

/**
 * Origins of the models and the price book of an experiment.
 *
 * @param tree - of an experiment file without faults, references inlined
 */
export function modelProvenanceOf(tree: SourceNode): ModelProvenance[] {
	return references.flatMap(({path}) => {
		const node = nodeAt(tree, path);
		const model = node?.kind === 'map' ? provenanceOf(node) : undefined;
		return model === undefined ? [] : [model];
	});
}

/** @returns nothing for a map that is no file of a kind, such as a distribution in a model's place */
function provenanceOf(node: SourceNode): ModelProvenance | undefined {
	const text = (key: string) => {
		const entry = nodeAt(node, [key]);
		return entry?.kind === 'scalar' && typeof entry.value === 'string' ? entry.value : null;
	};
	const [kind, name] = [text('kind'), text('name')];
	const list = nodeAt(node, ['records']);
	const records = list === undefined ? [] : plainValue(list);
	return kind === null || name === null
		? undefined
		: {
				kind,
				name,
				status: text('status'),
				date: text('date'),
				records: Array.isArray(records) ? records.map(String) : [],
			};
}

/** Price books, and the files that they were read from, in one order. */
type ReadPriceBooks = {readonly books: readonly PriceBook[]; readonly bookFiles: readonly PinnedFile[]};

/** Paths of the price books that come with the package. */
export function listShippedPriceBooks(): readonly string[] {
	const folder = join(packageRoot(), 'models');
	return readdirSync(folder)
		.filter(name => /^prices-.*\.yaml$/.test(name))
		.sort()
		.map(name => join(folder, name));
}

/**
 * The price books that files hold, and the files by their contents.
 *
 * @throws {UserError} with one line for each fault, `FILE:LINE:COLUMN: message`, or when two have one name
 */
export async function readPriceBooks(paths: readonly string[]): Promise<ReadPriceBooks> {
	const books: PriceBook[] = [];
	const bookFiles: PinnedFile[] = [];
	for (const path of paths) {
		const book = priceBookOf(await readModel(path, PriceBookFile, 'PriceBook'));
		if (books.some(({name}) => name === book.name)) {
			throw new UserError(
				'E_CONFIG',
				`${path}:1:1: Expected price books of different names, got two named ${book.name}`,
			);
		}

		books.push(book);
		bookFiles.push(await pinFile(path, {kind: 'PriceBook', name: book.name}));
	}

	return {books, bookFiles};
}

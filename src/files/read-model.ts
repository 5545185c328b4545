import type * as z from 'zod';
import {UserError} from '../errors.ts';
import {checkTree, faultLines} from './describe-issues.ts';
import {asKind, largestYaml} from './inline-references.ts';
import {parseYaml} from './parse-yaml.ts';
import {readText, UnreadableError} from './read-text.ts';
import {type FaultLine, printFaults, type SourceNode} from './source-tree.ts';

/**
 * What a YAML file holds, checked by a schema.
 *
 * @param kind - what is wanted: for a `PriceBook` a file of OpenCost's prices will do
 * @throws {UserError} with one line for each fault, `FILE:LINE:COLUMN: message`: E_FILE when the file cannot be read,
 *   E_CONFIG for what stands in it
 */
export async function readModel<S extends z.ZodType>(path: string, schema: S, kind = ''): Promise<z.output<S>> {
	const tree = await readSourceTree(path, kind);
	const checked = checkTree(schema, tree);
	if ('faults' in checked) {
		throw configError(faultLines(tree, checked.faults));
	}

	return checked.value;
}

/** The tree of a YAML file; its syntax is sound. */
export async function readSourceTree(path: string, kind = ''): Promise<SourceNode> {
	const {tree, faults} = asKind(parseYaml(await textOf(path), path), kind);
	if (tree === undefined || faults.length > 0) {
		throw configError(faults);
	}

	return tree;
}

export function configError(faults: readonly FaultLine[]): UserError {
	return new UserError('E_CONFIG', printFaults(faults));
}

async function textOf(path: string): Promise<string> {
	try {
		return await readText(path, largestYaml);
	} catch (error) {
		if (error instanceof UnreadableError) {
			const source = {file: path, line: 1, column: 1};
			const message = `Expected a readable file, got ${error.message}`;
			throw new UserError('E_FILE', printFaults([{source, message}]), {cause: error});
		}

		throw error;
	}
}

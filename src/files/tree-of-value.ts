import {UserError} from '../errors.ts';
import {type Entry, printFaults, type Source, type SourceNode, scalar} from './source-tree.ts';
import {deepest} from './tree-builder.ts';

/**
 * The tree of a value that a program made, all of it standing at one place.
 *
 * @param value - maps, lists and scalars; keys that hold undefined are left out
 * @throws {UserError} E_CONFIG when it has more levels than a file may have, as one that holds itself
 */
export function treeOfValue(value: unknown, source: Source): SourceNode {
	return nodeOf(value, source, 0);
}

function nodeOf(value: unknown, source: Source, level: number): SourceNode {
	if (level > deepest) {
		const message = `Expected at most ${deepest} levels, got more`;
		throw new UserError('E_CONFIG', printFaults([{source, message}]));
	}

	if (Array.isArray(value)) {
		return {kind: 'list', source, items: value.map(item => nodeOf(item, source, level + 1))};
	}

	if (typeof value !== 'object' || value === null) {
		return scalar(value, source);
	}

	const entries = Object.entries(value)
		.filter(([, item]) => item !== undefined)
		.map(([key, item]): [string, Entry] => [key, {keySource: source, node: nodeOf(item, source, level + 1)}]);
	return {kind: 'map', source, entries: new Map(entries)};
}

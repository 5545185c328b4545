import {type Fault, faultLines} from '../yaml/describe-issues.ts';
import {type FaultLine, nodeAt, type SourceNode} from '../yaml/source-tree.ts';

/** Most overlays of an experiment file: each makes an experiment that is checked by itself. */
export const mostProfiles = 100;

/** The overlays of an experiment file by name. */
export function overlaysOf(tree: SourceNode): ReadonlyMap<string, SourceNode> {
	const profiles = nodeAt(tree, ['profiles']);
	const entries = profiles?.kind === 'map' ? [...profiles.entries] : [];
	return new Map(entries.filter(([, {node}]) => node.kind === 'map').map(([name, {node}]) => [name, node]));
}

/** Faults of the map of profiles itself, and of the choice of one. */
export function profileFaults(tree: SourceNode, profile: string | undefined): FaultLine[] {
	const profiles = nodeAt(tree, ['profiles']);
	const entries = profiles?.kind === 'map' ? [...profiles.entries] : [];
	const faults: Fault[] = entries.flatMap(([name, {node}]) =>
		node.kind === 'map' ? [] : [{path: ['profiles', name], rule: 'a map'}],
	);
	if (entries.length > mostProfiles) {
		faults.push({path: ['profiles'], rule: `a map of at most ${mostProfiles} profiles`, got: `${entries.length}`});
	}

	if (profiles !== undefined && profiles.kind !== 'map') {
		faults.push({path: ['profiles'], rule: 'a map of profiles'});
	}

	const lines = faultLines(tree, faults);
	const names = entries.map(([name]) => name);
	if (profile !== undefined && !names.includes(profile)) {
		const known = names.length === 0 ? 'left out, as the file has no profiles' : `one of ${names.join(', ')}`;
		const source = {...tree.source, line: 1, column: 1};
		lines.push({source, message: `Expected --profile to be ${known}, got ${profile}`});
	}

	return lines;
}

/** Faults of an overlay that are in the overlay itself and were not reported before. */
export function faultsWithin(
	overlay: SourceNode,
	faults: readonly FaultLine[],
	reported: readonly FaultLine[],
): readonly FaultLine[] {
	const [first, last] = linesOf(overlay);
	const known = new Set(reported.map(({message}) => message));
	return faults.filter(({source: {file, line = 0}, message}) => {
		const isInside = file === overlay.source.file && line >= first && line <= last;
		return isInside && !known.has(message);
	});
}

/** First and last line of what stands in a tree. */
function linesOf(node: SourceNode): readonly [number, number] {
	const own = node.source.line ?? 0;
	const entries = node.kind === 'map' ? [...node.entries.values()] : [];
	const children = node.kind === 'list' ? node.items : entries.map(entry => entry.node);
	const spans = children.map(child => linesOf(child));
	const firsts = [...entries.map(({keySource}) => keySource.line ?? own), ...spans.map(([first]) => first)];
	return [Math.min(own, ...firsts), Math.max(own, ...spans.map(([, last]) => last))];
}

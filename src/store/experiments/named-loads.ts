import type {RatePoint} from '../../experiment/experiment.ts';
import type {RateCurves} from '../../experiment/serving/rate-curves.ts';
import {UnreadableError} from '../disk/read-text.ts';
import type {Fault} from '../yaml/describe-issues.ts';
import {type FaultLine, nodeAt, type Path, type SourceNode, scalar, withNode} from '../yaml/source-tree.ts';
import {type ReferencedFiles, resolvePath} from './referenced-files.ts';

/** Table of rates that arrivals of an experiment name. */
export type NamedLoad = {
	/** Keys that lead to its path in the experiment. */
	readonly at: Path;
	/** Path from the working directory. */
	readonly path: string;
	/** Digest of its bytes, in hex. */
	readonly sha256: string;
};

/** Tables of rates that an experiment names, and their points. */
type FoundLoads = {
	readonly loads: readonly NamedLoad[];
	readonly curves: RateCurves;
	/** At the keys that name them. */
	readonly faults: readonly Fault[];
	/** In the tables themselves. */
	readonly lines: readonly FaultLine[];
};

/** Reads the tables of rates that the arrivals of an experiment's tree name. */
export async function loadsIn(tree: SourceNode, files: ReferencedFiles): Promise<FoundLoads> {
	const loads: NamedLoad[] = [];
	const curves = new Map<string, readonly RatePoint[]>();
	const [faults, lines]: [Fault[], FaultLine[]] = [[], []];
	for (const at of loadPaths(tree)) {
		const node = nodeAt(tree, at)!;
		const file = String((node as Extract<SourceNode, {kind: 'scalar'}>).value);
		const path = resolvePath(file, node.source);
		try {
			const read = await files.rates(path);
			if ('fault' in read) {
				lines.push(read.fault);
			} else {
				loads.push({at, path, sha256: read.sha256});
				curves.set(at.slice(0, -1).join('.'), read.points);
			}
		} catch (error) {
			if (!(error instanceof UnreadableError)) {
				throw error;
			}

			faults.push({path: at, rule: 'the path of a table of rates', got: `${file} (${error.message})`});
		}
	}

	return {loads, curves, faults, lines};
}

/** Keys that lead to the paths of tables of rates in an experiment. */
function loadPaths(tree: SourceNode): Path[] {
	const tenants = nodeAt(tree, ['workload', 'tenants']);
	const owners: Path[] = [
		['workload', 'arrivals'],
		...(tenants?.kind === 'list' ? tenants.items.map((_, index) => ['workload', 'tenants', index, 'arrivals']) : []),
	];
	return owners
		.map(owner => [...owner, 'rate'])
		.filter(at => {
			const node = nodeAt(tree, at);
			return node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== '';
		});
}

/** The tree with the paths of tables from the working directory, since they leave the file in which they stood. */
export function withLoadPaths(tree: SourceNode, loads: readonly NamedLoad[]): SourceNode {
	return loads.reduce((changed, {at, path}) => withNode(changed, at, scalar(path, tree.source), tree.source), tree);
}

import type {RatePoint} from '../../experiment/experiment.ts';
import type {RecordedReplicas} from '../../experiment/recordings/recorded-replicas.ts';
import type {RateCurves} from '../../experiment/serving/rate-curves.ts';
import {UnreadableError} from '../disk/read-text.ts';
import type {Fault} from '../yaml/describe-issues.ts';
import {type FaultLine, nodeAt, type Path, type SourceNode, scalar, withNode} from '../yaml/source-tree.ts';
import type {ReadTable} from './number-table.ts';
import {type ReferencedFiles, resolvePath} from './referenced-files.ts';

/** Table that an experiment names. */
export type NamedTable = {
	/** Keys that lead to its path in the experiment. */
	readonly at: Path;
	/** Path from the working directory. */
	readonly path: string;
	/** Digest of its bytes, in hex. */
	readonly sha256: string;
};

/** Tables that an experiment names, and what they hold. */
type FoundTables = {
	readonly tables: readonly NamedTable[];
	readonly curves: RateCurves;
	readonly recorded?: RecordedReplicas;
	/** At the keys that name them. */
	readonly faults: readonly Fault[];
	/** In the tables themselves. */
	readonly lines: readonly FaultLine[];
};

/** Reads the tables of rates and of recorded replicas that an experiment's tree names. */
export async function tablesIn(tree: SourceNode, files: ReferencedFiles): Promise<FoundTables> {
	const found = {tables: [] as NamedTable[], faults: [] as Fault[], lines: [] as FaultLine[]};
	const curves = new Map<string, readonly RatePoint[]>();
	for (const at of loadPaths(tree)) {
		const rows = await rowsAt(tree, at, {found, noun: 'rates', read: async path => files.rates(path)});
		if (rows !== undefined) {
			curves.set(at.slice(0, -1).join('.'), rows);
		}
	}

	const recorded = isPath(tree, recordedPath)
		? await rowsAt(tree, recordedPath, {found, noun: 'replicas', read: async path => files.recorded(path)})
		: undefined;
	return {...found, curves, ...(recorded !== undefined && {recorded})};
}

const recordedPath: Path = ['recorded'];

type Reading<Row> = {
	readonly found: {readonly tables: NamedTable[]; readonly faults: Fault[]; readonly lines: FaultLine[]};
	readonly noun: string;
	readonly read: (path: string) => Promise<ReadTable<Row>>;
};

/** Rows of the table that a key names; undefined where it has a fault, which is added to the ones that were found. */
async function rowsAt<Row>(tree: SourceNode, at: Path, {found, noun, read}: Reading<Row>) {
	const node = nodeAt(tree, at)!;
	const file = String((node as Extract<SourceNode, {kind: 'scalar'}>).value);
	const path = resolvePath(file, node.source);
	try {
		const table = await read(path);
		if ('fault' in table) {
			found.lines.push(table.fault);
			return undefined;
		}

		found.tables.push({at, path, sha256: table.sha256});
		return table.rows;
	} catch (error) {
		if (!(error instanceof UnreadableError)) {
			throw error;
		}

		found.faults.push({path: at, rule: `the path of a table of ${noun}`, got: `${file} (${error.message})`});
		return undefined;
	}
}

/** Keys that lead to the paths of tables of rates in an experiment. */
function loadPaths(tree: SourceNode): Path[] {
	const tenants = nodeAt(tree, ['workload', 'tenants']);
	const owners: Path[] = [
		['workload', 'arrivals'],
		...(tenants?.kind === 'list' ? tenants.items.map((_, index) => ['workload', 'tenants', index, 'arrivals']) : []),
	];
	return owners.map(owner => [...owner, 'rate']).filter(at => isPath(tree, at));
}

function isPath(tree: SourceNode, at: Path): boolean {
	const node = nodeAt(tree, at);
	return node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== '';
}

/** The tree with the paths of tables from the working directory, since they leave the file in which they stood. */
export function withTablePaths(tree: SourceNode, tables: readonly NamedTable[]): SourceNode {
	return tables.reduce((changed, {at, path}) => withNode(changed, at, scalar(path, tree.source), tree.source), tree);
}

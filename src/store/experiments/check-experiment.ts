import type {Experiment, TraceArrivals} from '../../experiment/experiment.ts';
import {brokenRules} from '../../experiment/experiment-rules.ts';
import {ExperimentFile} from '../../experiment/experiment-schema.ts';
import type {Parts} from '../../experiment/load-rules.ts';
import {resolveExperiment} from '../../experiment/resolve-experiment.ts';
import type {RateCurves} from '../../experiment/serving/rate-curves.ts';
import {type MalformedLines, malformedWords, scaleTrace, type TraceColumns} from '../../experiment/transform-trace.ts';
import {TraceArrivalsSchema, type TraceTransform} from '../../experiment/workload-schema.ts';
import {UnreadableError} from '../disk/read-text.ts';
import {readTrace, readTracePart} from '../traces/read-trace.ts';
import {checkTree, type Fault, faultLines} from '../yaml/describe-issues.ts';
import {type FaultLine, nodeAt, type Path, plainValue, type SourceNode} from '../yaml/source-tree.ts';
import {inlineReferences} from './inline-references.ts';
import {type NamedTable, tablesIn} from './named-tables.ts';
import {ReferencedFiles, resolvePath} from './referenced-files.ts';

/** An experiment with its tree, references inlined, and the trace that it names; or its faults. */
type CheckedExperiment =
	| {readonly faults: readonly FaultLine[]}
	| {
			readonly experiment: Experiment;
			readonly tree: SourceNode;
			readonly trace?: NamedTrace;
			readonly tables: readonly NamedTable[];
	  };

type CheckOptions = {
	/** Name of the overlay, for the record. */
	readonly profile?: string | undefined;
	/** Files that were read already. */
	readonly files?: ReferencedFiles;
	/** Arrivals of the trace that the workload names, where they were read already. */
	readonly arrivals?: TraceArrivals | undefined;
};

/**
 * Resolves a tree to an experiment, or finds all its faults and those of the files that it names.
 *
 * @param tree - an experiment file's tree, overlay and options applied
 */
export async function checkExperiment(
	tree: SourceNode,
	{profile, files = new ReferencedFiles(), arrivals}: CheckOptions = {},
): Promise<CheckedExperiment> {
	const inlined = await inlineReferences(tree, {files});
	const trace: FoundArrivals = arrivals === undefined ? await arrivalsOf(inlined.tree) : {arrivals, faults: []};
	const {tables, curves, recorded, ...ofTables} = await tablesIn(inlined.tree, files);
	const checked = checkTree(ExperimentFile, inlined.tree);
	const faults = [
		...('faults' in checked ? checked.faults : []),
		...rulesBroken(inlined.tree, trace.arrivals, curves),
	].filter(({path}) => !inlined.broken.some(prefix => startsWith(path, prefix)));
	const atKeys = [...inlined.faults, ...faults, ...trace.faults, ...ofTables.faults];
	const all = [...inlined.lines, ...ofTables.lines, ...faultLines(inlined.tree, atKeys)];
	if (all.length > 0 || 'faults' in checked) {
		return {faults: all};
	}

	const named = {...(profile !== undefined && {profile}), ...(trace.arrivals && {trace: trace.arrivals})};
	const experiment = resolveExperiment(checked.value, {...named, curves, ...(recorded && {recorded})});
	return {experiment, tree: inlined.tree, tables, ...(trace.named && {trace: trace.named})};
}

function startsWith(path: Path, prefix: Path): boolean {
	return prefix.every((key, index) => path[index] === key);
}

function rulesBroken(tree: SourceNode, trace: TraceArrivals | undefined, curves: RateCurves): readonly Fault[] {
	const parts: Parts = {
		read: (path, schema) => {
			const node = nodeAt(tree, path);
			return schema.safeParse(node && plainValue(node)).data;
		},
		keysAt: path => {
			const node = nodeAt(tree, path);
			return node?.kind === 'map' ? [...node.entries.keys()] : [];
		},
		lengthAt: path => {
			const node = nodeAt(tree, path);
			return node?.kind === 'list' ? node.items.length : 0;
		},
	};
	return brokenRules(parts, trace, curves);
}

type FoundArrivals = {
	readonly named?: NamedTrace;
	readonly arrivals?: TraceArrivals;
	readonly faults: readonly Fault[];
};

/** Arrivals of a workload's trace; undefined when the workload has none, or its keys are wrong in themselves. */
async function arrivalsOf(tree: SourceNode): Promise<FoundArrivals> {
	const trace = traceArrivals(tree);
	if (trace === undefined) {
		return {faults: []};
	}

	try {
		return {named: trace, arrivals: await trace.arrivals(), faults: []};
	} catch (error) {
		if (error instanceof UnreadableError || error instanceof RangeError) {
			const path = ['workload', 'arrivals', 'file'];
			return {faults: [{path, rule: 'the path of a trace', got: `${trace.file} (${error.message})`}]};
		}

		throw error;
	}
}

/** A trace as its file has it, and how an experiment bends it. */
export type NamedTrace = {
	/** Path as the experiment spells it. */
	readonly file: string;
	/** Path from the working directory. */
	readonly path: string;
	/**
	 * Reads the whole trace, as its file has it.
	 *
	 * @throws {UnreadableError | RangeError} when the file cannot be read as a trace
	 */
	readonly read: () => Promise<TraceColumns>;
	/**
	 * Reads the arrivals that the experiment takes from it.
	 *
	 * @throws {UnreadableError | RangeError} when the file cannot be read as a trace, or nothing or too much is left
	 */
	readonly arrivals: () => Promise<TraceArrivals>;
	readonly transform: TraceTransform;
};

/** Trace that an experiment's tree names; undefined when it has none, or its keys are wrong in themselves. */
function traceArrivals(tree: SourceNode): NamedTrace | undefined {
	const node = nodeAt(tree, ['workload', 'arrivals']);
	const {data: given} = TraceArrivalsSchema.safeParse(node && plainValue(node));
	if (node === undefined || given === undefined) {
		return undefined;
	}

	const {file, format, unit, transform} = given;
	const path = resolvePath(file, nodeAt(node, ['file'])!.source);
	const read = async () => {
		const {columns, malformed} = await readTrace(path, {format, unit});
		refuseMalformed(malformed);
		return columns;
	};
	const arrivals = async () => {
		const {columns, malformed} = await readTracePart(path, {format, unit}, transform);
		refuseMalformed(malformed);
		return scaleTrace(columns, transform);
	};
	return {file, path, read, arrivals, transform};
}

function refuseMalformed(malformed: MalformedLines): void {
	if (malformed.count > 0) {
		throw new RangeError(malformedWords(malformed));
	}
}

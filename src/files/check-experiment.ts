import type {Experiment, TraceArrivals} from '../experiment/experiment.ts';
import {brokenRules} from '../experiment/experiment-rules.ts';
import {ExperimentFile} from '../experiment/experiment-schema.ts';
import {resolveExperiment} from '../experiment/resolve-experiment.ts';
import {checkTree, type Fault, faultLines} from './describe-issues.ts';
import {inlineReferences, ReferencedFiles} from './inline-references.ts';
import {UnreadableError} from './read-text.ts';
import {type FaultLine, nodeAt, type Path, plainValue, type SourceNode} from './source-tree.ts';
import {traceArrivals} from './trace-arrivals.ts';

export type Checked = {readonly faults: readonly FaultLine[]; readonly experiment?: Experiment};

/**
 * The experiment that a tree means, or everything that is wrong with it and with the files that it names.
 *
 * @param tree - an experiment file's tree, overlay and options applied
 * @param options - `profile`: name of the overlay, for the record; `files`: those that were read already
 */
export async function checkExperiment(
	tree: SourceNode,
	{profile, files = new ReferencedFiles()}: {profile?: string | undefined; files?: ReferencedFiles} = {},
): Promise<Checked> {
	const inlined = await inlineReferences(tree, {files});
	const trace = await arrivalsOf(inlined.tree);
	const checked = checkTree(ExperimentFile, inlined.tree);
	const faults = [...('faults' in checked ? checked.faults : []), ...rulesBroken(inlined.tree)].filter(
		({path}) => !inlined.broken.some(prefix => startsWith(path, prefix)),
	);
	const all = [...inlined.lines, ...faultLines(inlined.tree, [...inlined.faults, ...faults, ...trace.faults])];
	if (all.length > 0 || 'faults' in checked) {
		return {faults: all};
	}

	const surroundings = {...(profile !== undefined && {profile}), ...(trace.arrivals && {trace: trace.arrivals})};
	return {faults: [], experiment: resolveExperiment(checked.value, surroundings)};
}

function startsWith(path: Path, prefix: Path): boolean {
	return prefix.every((key, index) => path[index] === key);
}

function rulesBroken(tree: SourceNode): readonly Fault[] {
	return brokenRules({
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
	});
}

/** What a trace plays; nothing where the workload has none, or its keys are wrong in themselves. */
async function arrivalsOf(
	tree: SourceNode,
): Promise<{readonly arrivals?: TraceArrivals; readonly faults: readonly Fault[]}> {
	const trace = traceArrivals(tree);
	if (trace === undefined) {
		return {faults: []};
	}

	try {
		return {arrivals: await trace.arrivals(), faults: []};
	} catch (error) {
		if (error instanceof UnreadableError || error instanceof RangeError) {
			const path = ['workload', 'arrivals', 'file'];
			return {faults: [{path, rule: 'the path of a trace', got: `${trace.file} (${error.message})`}]};
		}

		throw error;
	}
}

import {join} from 'node:path';
import {UserError} from '../errors.ts';
import type {Experiment, TraceArrivals} from '../experiment/experiment.ts';
import {brokenRules} from '../experiment/experiment-rules.ts';
import {ExperimentFile} from '../experiment/experiment-schema.ts';
import {resolveExperiment} from '../experiment/resolve-experiment.ts';
import {TraceTransform} from '../experiment/workload-schema.ts';
import {checkTree, type Fault, faultLines, show} from './describe-issues.ts';
import {inlineReferences, largestYaml, resolvePath} from './inline-references.ts';
import {packageRoot} from './package-root.ts';
import {parseYaml} from './parse-yaml.ts';
import {readText, UnreadableError} from './read-text.ts';
import {largestTrace, traceArrivals} from './read-trace.ts';
import {applySetting} from './set-option.ts';
import {faultLine, nodeAt, overlaid, type Path, plainValue, type SourceNode, scalar, withNode} from './source-tree.ts';

export type ReadOptions = {
	/** `path=value` each, applied in order after the profile. */
	readonly set?: readonly string[];
	/** Name of the overlay to merge. */
	readonly profile?: string;
	readonly seed?: number;
	readonly replications?: number;
};

/**
 * The experiment that a file describes, every default filled in and every reference read.
 *
 * @param path - an experiment file; what it names is relative to it
 * @throws {UserError} E_CONFIG with one line for each fault, `FILE:LINE:COLUMN: message`
 */
export async function readExperiment(path: string, options: ReadOptions = {}): Promise<Experiment> {
	const {tree, faults: syntaxLines} = await readTree(path);
	if (tree === undefined || tree.kind !== 'map') {
		const line =
			tree &&
			faultLine({...tree.source, line: 1, column: 1}, `Expected the file to be a map, got ${show(plainValue(tree))}`);
		throw faulty([...syntaxLines, ...(line === undefined ? [] : [line])]);
	}

	const base = withNode(tree, ['profiles'], undefined, tree.source);
	const overlays = overlaysOf(tree);
	const overlay = options.profile === undefined ? undefined : overlays.get(options.profile);
	const lines = [...syntaxLines, ...profileLines(tree, path, options.profile)];
	const chosen = await prepare(overlay === undefined ? base : overlaid(base, overlay), options);
	const checked = await check(chosen.tree, options.profile);
	lines.push(...chosen.lines, ...checked.lines);
	for (const [name, other] of overlays) {
		if (name !== options.profile) {
			lines.push(...(await overlayLines(base, other, lines)));
		}
	}

	if (lines.length > 0 || checked.experiment === undefined) {
		throw faulty(lines);
	}

	return checked.experiment;
}

function faulty(lines: readonly string[]): UserError {
	return new UserError('E_CONFIG', [...new Set(lines)].join('\n'));
}

async function readTree(path: string) {
	try {
		return parseYaml(await readText(path, largestYaml), path);
	} catch (error) {
		if (error instanceof UnreadableError) {
			throw new UserError(
				'E_FILE',
				faultLine({file: path, line: 1, column: 1}, `Expected an experiment file, got ${error.message}`),
			);
		}

		throw error;
	}
}

function overlaysOf(tree: SourceNode): ReadonlyMap<string, SourceNode> {
	const profiles = nodeAt(tree, ['profiles']);
	const entries = profiles?.kind === 'map' ? [...profiles.entries] : [];
	return new Map(entries.filter(([, {node}]) => node.kind === 'map').map(([name, {node}]) => [name, node]));
}

/** What is wrong with the map of profiles itself, and with the choice of one. */
function profileLines(tree: SourceNode, path: string, profile: string | undefined): string[] {
	const profiles = nodeAt(tree, ['profiles']);
	const faults: Fault[] =
		profiles === undefined || profiles.kind === 'map'
			? [...(profiles?.entries ?? [])].flatMap(([name, {node}]) =>
					node.kind === 'map' ? [] : [{path: ['profiles', name], rule: 'a map'}],
				)
			: [{path: ['profiles'], rule: 'a map of profiles'}];
	const names = profiles?.kind === 'map' ? [...profiles.entries.keys()] : [];
	const lines = faultLines(tree, faults);
	if (profile !== undefined && !names.includes(profile)) {
		const known =
			names.length === 0 ? 'a profile, of which the file has none' : `one of its profiles (${names.join(', ')})`;
		lines.push(faultLine({file: path, line: 1, column: 1}, `Expected --profile to be ${known}, got ${profile}`));
	}

	return lines;
}

const shipped = {
	'deployment.startup': 'models/startup-kind.yaml',
	metrics: 'models/metrics-pipeline.yaml',
	prices: 'models/prices-poster.yaml',
	energy: 'models/energy-cloud.yaml',
};

/** The tree with the shipped models where none is named, and with the options of the command line. */
async function prepare(tree: SourceNode, {set = [], seed, replications}: ReadOptions) {
	let result = tree;
	for (const [key, file] of Object.entries(shipped)) {
		const path = key.split('.');
		const parent = nodeAt(result, path.slice(0, -1));
		if (parent?.kind === 'map' && nodeAt(result, path) === undefined) {
			result = withNode(result, path, scalar(join(packageRoot(), file), parent.source), parent.source);
		}
	}

	const lines: string[] = [];
	for (const text of set) {
		const setting = await applySetting(result, text);
		result = setting.tree;
		lines.push(...setting.lines);
	}

	for (const [key, value] of Object.entries({seed, replications})) {
		if (value !== undefined) {
			const source = {file: `--${key}`};
			result = withNode(withNode(result, [key], undefined, source), [key], scalar(value, source), source);
		}
	}

	return {tree: result, lines};
}

type Checked = {readonly lines: readonly string[]; readonly experiment?: Experiment};

async function check(prepared: SourceNode, profile: string | undefined): Promise<Checked> {
	const {tree, faults: referenceFaults, lines, broken} = await inlineReferences(prepared);
	const checked = checkTree(ExperimentFile, tree);
	const trace = await readTrace(tree);
	const faults = [
		...('faults' in checked ? checked.faults : []),
		...brokenRules(
			(path, schema) => {
				const node = nodeAt(tree, path);
				return schema.safeParse(node && plainValue(node)).data;
			},
			path => {
				const node = nodeAt(tree, path);
				return node?.kind === 'list' ? node.items.length : 0;
			},
		),
	].filter(({path}) => !broken.some(prefix => startsWith(path, prefix)));
	const all = [...lines, ...faultLines(tree, [...referenceFaults, ...faults, ...trace.faults])];
	if (all.length > 0 || 'faults' in checked) {
		return {lines: all};
	}

	const surroundings = {...(profile !== undefined && {profile}), ...(trace.arrivals && {trace: trace.arrivals})};
	return {lines: [], experiment: resolveExperiment(checked.value, surroundings)};
}

function startsWith(path: Path, prefix: Path): boolean {
	return prefix.every((key, index) => path[index] === key);
}

async function readTrace(
	tree: SourceNode,
): Promise<{readonly arrivals?: TraceArrivals; readonly faults: readonly Fault[]}> {
	const path = ['workload', 'arrivals', 'file'];
	const node = nodeAt(tree, path);
	const process = nodeAt(tree, ['workload', 'arrivals', 'process']);
	const transformNode = nodeAt(tree, ['workload', 'arrivals', 'transform']);
	const transform = TraceTransform.safeParse(transformNode === undefined ? {} : plainValue(transformNode));
	if (
		node?.kind !== 'scalar' ||
		typeof node.value !== 'string' ||
		process?.kind !== 'scalar' ||
		process.value !== 'trace' ||
		!transform.success
	) {
		return {faults: []};
	}

	try {
		const text = await readText(resolvePath(node.value, node.source), largestTrace);
		return {arrivals: traceArrivals(text, transform.data), faults: []};
	} catch (error) {
		if (error instanceof UnreadableError || error instanceof RangeError) {
			return {faults: [{path, rule: 'the path of a trace in CSV', got: `${node.value} (${error.message})`}]};
		}

		throw error;
	}
}

/** What is wrong with an overlay that was not picked: faults that stand in it and were not told before. */
async function overlayLines(base: SourceNode, overlay: SourceNode, told: readonly string[]): Promise<string[]> {
	const {tree} = await prepare(overlaid(base, overlay), {});
	const {lines} = await check(tree, undefined);
	const [first, last] = linesOf(overlay);
	const file = `${overlay.source.file}:`;
	return lines.filter(line => {
		const number = line.startsWith(file) ? Number(line.slice(file.length).split(':')[0]) : Number.NaN;
		return number >= first && number <= last && !told.includes(line);
	});
}

/** First and last line of what stands in a tree. */
function linesOf(node: SourceNode): readonly [number, number] {
	const own = node.source.line ?? 0;
	const children =
		node.kind === 'map' ? [...node.entries.values()].map(entry => entry.node) : node.kind === 'list' ? node.items : [];
	const keys = node.kind === 'map' ? [...node.entries.values()].map(({keySource}) => keySource.line ?? 0) : [];
	const spans = children.map(child => linesOf(child));
	return [
		Math.min(own, ...keys, ...spans.map(([first]) => first)),
		Math.max(own, ...keys, ...spans.map(([, last]) => last)),
	];
}

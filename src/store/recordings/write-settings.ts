import {inlineReferences} from '../experiments/inline-references.ts';
import {readSourceTree} from '../experiments/read-model.ts';
import {writeModel} from '../experiments/write-model.ts';
import {nodeAt, overlaid, type Path, plainValue, type SourceNode, withNode} from '../yaml/source-tree.ts';
import {treeOfValue} from '../yaml/tree-builder.ts';
import type {FoundSettings} from './read-settings.ts';

/** Settings as a fit found them. */
type FittedSettings = {
	/** Set that they are for. */
	readonly name: string;
	readonly start:
		| {readonly kind: 'settings'; readonly found: FoundSettings}
		| {readonly kind: 'experiment'; readonly path: string; readonly profile?: string};
	/** Day, or minute in UTC. */
	readonly date: string;
	readonly recordings: readonly {readonly name: string; readonly digest: string}[];
	readonly found: readonly {readonly fact: string; readonly experiment: Readonly<Record<string, unknown>>}[];
	readonly unknown: readonly string[];
	/** Replaces a file that a person wrote or changed. */
	readonly force: boolean;
};

/**
 * Writes the settings that a fit began with, with what it found laid over them and the names of the recordings that it
 * read. Files that they name stand in it with their contents, so that it may lie anywhere.
 *
 * @throws {UserError} E_FILE when a person wrote or changed the file, or the disk refuses
 */
export async function writeFittedSettings(path: string, fitted: FittedSettings): Promise<void> {
	const {start, date, recordings, found, unknown, force} = fitted;
	const tree =
		start.kind === 'settings'
			? await withInlined(start.found)
			: await settingsOf(start.path, fitted.name, start.profile);
	const document = plainValue(tree) as Readonly<Record<string, unknown>>;
	const before = (document['fitted'] ?? {}) as {on?: string[]; found?: unknown[]; digests?: object};
	const on = [...new Set([...(before.on ?? []), ...recordings.map(({name}) => name)])];
	const digests = {...before.digests, ...Object.fromEntries(recordings.map(({name, digest}) => [name, digest]))};
	const fittedPart = {
		date,
		on,
		digests,
		...(unknown.length > 0 && {unknown}),
		found: [...(before.found ?? []), ...found],
	};
	writeModel(path, {...document, name: fitted.name, fitted: fittedPart}, {force});
}

/** Settings with the contents of a file in the place of each path. */
async function withInlined({tree, settings}: FoundSettings): Promise<SourceNode> {
	const overlays: Path[] = [
		['experiment'],
		...settings.runs.map((_, index) => ['runs', index, 'experiment']),
		...(settings.fitted?.found ?? []).map((_, index) => ['fitted', 'found', index, 'experiment']),
	];
	let whole = tree;
	for (const path of overlays) {
		const node = nodeAt(whole, path);
		if (node !== undefined) {
			whole = withNode(whole, path, await inlined(node), node.source);
		}
	}

	return whole;
}

async function inlined(node: SourceNode): Promise<SourceNode> {
	const {tree} = await inlineReferences(node);
	const spec = nodeAt(tree, ['autoscaler', 'spec']);
	const kind = nodeAt(tree, ['autoscaler', 'kind']);
	const isHpa = kind?.kind === 'scalar' && kind.value === 'HorizontalPodAutoscaler';
	// Facts lay keys over the spec of an HPA; KEDA's manifests are read as a whole.
	return spec === undefined || !isHpa ? tree : withNode(tree, ['autoscaler'], spec, spec.source);
}

/** Settings that an experiment file gives: all but its name, its length and its arrivals. */
async function settingsOf(path: string, name: string, profile: string | undefined): Promise<SourceNode> {
	const tree = await readSourceTree(path);
	const overlay = profile === undefined ? undefined : nodeAt(tree, ['profiles', profile]);
	const whole = await inlined(overlay === undefined ? tree : overlaid(tree, overlay));
	const left: Path[] = [['name'], ['duration'], ['profiles'], ['description'], ['workload', 'arrivals']];
	const experiment = left.reduce((rest, key) => withNode(rest, key, undefined, rest.source), whole);
	const head = {apiVersion: 'replicast/v1', kind: 'RecordingSettings', name};
	return withNode(treeOfValue(head, tree.source), ['experiment'], experiment, tree.source);
}

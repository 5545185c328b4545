import {UserError} from '../../errors.ts';
import {shellWord} from '../../printable.ts';
import {counted} from '../../statistics/format-number.ts';
import {faultTexts, type Source, type SourceNode, textAt} from '../yaml/source-tree.ts';
import {type ManifestObject, objectsIn} from './parse-manifests.ts';
import {workloadsIn} from './read-deployment.ts';

/** A file of Kubernetes objects that was given as an experiment. */
type GivenManifest = {
	readonly path: string;
	/** Place of the first object. */
	readonly source: Source;
	readonly objects: readonly ManifestObject[];
};

/** Fault of giving manifests where an experiment is expected. */
export class ManifestGivenError extends UserError {
	readonly manifests: readonly GivenManifest[];

	constructor(manifests: readonly GivenManifest[]) {
		super('E_CONFIG', faultTexts([{source: manifests[0]!.source, message: messageOf(manifests)}]));
		this.manifests = manifests;
	}
}

/**
 * The fault of a file that holds Kubernetes objects and no experiment; undefined for any other file.
 *
 * @param trees - documents of the file
 */
export function manifestGiven(path: string, trees: readonly SourceNode[]): ManifestGivenError | undefined {
	const {objects, others} = objectsIn(trees);
	const [first] = objects;
	const isExperiment = others.length > 0 || objects.some(({tree}) => belongsToReplicast(tree));
	return first === undefined || isExperiment
		? undefined
		: new ManifestGivenError([{path, source: first.tree.source, objects}]);
}

/** Whether a map that says a `kind` is rather an experiment with a key too many. */
function belongsToReplicast(tree: SourceNode): boolean {
	const isNamed = textAt(tree, 'apiVersion')?.startsWith('replicast/') === true;
	return isNamed || (tree.kind === 'map' && (tree.entries.has('workload') || tree.entries.has('profiles')));
}

/** One line for all the manifests of a command line, with the command that makes an experiment of them. */
function messageOf(manifests: readonly GivenManifest[]): string {
	const [{objects: first}, ...others] = manifests as [GivenManifest, ...GivenManifest[]];
	const named = others.slice(0, mostFiles).map(({path, objects}) => `in ${path} ${kindsOf(objects)}`);
	const rest = others.length - named.length;
	const got = [kindsOf(first), ...named, ...(rest === 0 ? [] : [`more in ${counted(rest, 'other file')}`])];
	const hasWorkload = manifests.some(isWorkload);
	const wanted = manifests.filter(manifest => !hasWorkload || isWorkload(manifest) || isAutoscaler(manifest));
	const paths = wanted.map(({path}) => shellWord(path)).join(' ');
	const start = `start with replicast init --from ${paths}`;
	return `Expected an experiment, got ${listed(got)}: ${
		hasWorkload ? start : `${start} and the file of the Deployment or StatefulSet`
	}`;
}

/** Files that a message names beside the first. */
const mostFiles = 2;

function isWorkload({objects}: GivenManifest): boolean {
	return workloadsIn({objects}).length > 0;
}

function isAutoscaler({objects}: GivenManifest): boolean {
	return objects.some(({kind}) => kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject');
}

/** Kinds that a message names before it counts the rest. */
const mostKinds = 3;

function kindsOf(objects: readonly ManifestObject[]): string {
	const kinds = [...new Set(objects.map(({kind}) => kind))];
	const named = kinds.slice(0, mostKinds).map(withArticle);
	const rest = kinds.length - named.length;
	return listed(rest === 0 ? named : [...named, `${rest} more`]);
}

function withArticle(kind: string): string {
	if (!/^[A-Za-z][A-Za-z0-9]{0,62}$/.test(kind)) {
		return 'a Kubernetes object';
	}

	return `${/^[AEIO]/i.test(kind) ? 'an' : 'a'} ${kind}`;
}

function listed(words: readonly string[]): string {
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

import process from 'node:process';
import {text as textOf} from 'node:stream/consumers';
import {UserError} from '../../errors.ts';
import type {NotLookedAt} from '../../lint/not-looked-at.ts';
import {shellWord} from '../../printable.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {largestYaml} from '../experiments/referenced-files.ts';
import {type ManifestObject, parseManifests} from '../manifests/parse-manifests.ts';
import {faultTexts} from '../yaml/source-tree.ts';
import {chartsWithAutoscalers} from './charts.ts';
import {type FoundFile, findManifests} from './find-manifests.ts';
import {includedBy, kustomizationsAround} from './kustomize/around.ts';
import {KustomizeBuilds} from './kustomize/builds.ts';
import {readKustomization} from './kustomize/read-kustomization.ts';

/** Object of a file; one of a file that was named is what is asked about. */
export type FiledObject = ManifestObject & {readonly file: string; readonly isNamed: boolean};

/** Objects of some files, and what was passed over. */
export type ReadObjects = {
	readonly files: number;
	readonly objects: readonly FiledObject[];
	readonly builds: KustomizeBuilds;
	readonly notLookedAt: readonly NotLookedAt[];
};

/**
 * Reads the objects at the paths. Patches of kustomize and templates of Helm charts are none.
 *
 * @param paths - files, folders, or `-` for standard input
 * @throws {UserError} where a file that was named cannot be read, or is no YAML
 */
export async function readObjects(paths: readonly string[]): Promise<ReadObjects> {
	const {files: named, kustomizations, charts} = findManifests(paths);
	const read = await Promise.all(kustomizations.map(file => readKustomization(file)));
	const given = read.filter(each => each !== undefined);
	const included = await includedBy(
		given,
		named.map(({path}) => path),
	);
	const known = [...given, ...included.kustomizations];
	const files = [...named, ...included.files.map(path => ({path, isNamed: false}))];
	const builds = new KustomizeBuilds([...known, ...(await kustomizationsAround(paths, known))]);
	const objects: FiledObject[] = [];
	const notLookedAt: NotLookedAt[] = [];
	for (const file of files) {
		if (builds.isPatchFile(file.path)) {
			notLookedAt.push(...(file.isNamed ? [patchFile(file.path, builds)] : []));
			continue;
		}

		const found = await readFile(file);
		if ('why' in found) {
			notLookedAt.push({what: 'file', place: {file: file.path}, why: found.why});
		} else {
			objects.push(...found.objects.map(object => ({...object, file: file.path, isNamed: file.isNamed})));
		}
	}

	return {
		files: files.length,
		objects,
		builds,
		notLookedAt: [
			...(await chartsWithAutoscalers(charts)).map(folder => chart(folder)),
			...known.filter(({hasCharts}) => hasCharts).map(({file, folder}) => generatedChart(file, folder)),
			...included.notLookedAt,
			...notLookedAt,
		],
	};
}

async function readFile({path, isNamed}: FoundFile): Promise<{objects: readonly ManifestObject[]} | {why: string}> {
	try {
		const text = path === '-' ? await textOf(process.stdin) : await readText(path, largestYaml);
		const {objects, faults} = parseManifests(
			isNamed ? text : judgedDocuments(text),
			path === '-' ? 'standard input' : path,
		);
		if (faults.length === 0) {
			return {objects};
		}

		if (isNamed) {
			throw new UserError('E_CONFIG', faultTexts(faults));
		}

		return {why: faults[0]!.message};
	} catch (error) {
		if (error instanceof UnreadableError) {
			if (isNamed) {
				throw error.asFault(path);
			}

			return {why: error.message};
		}

		throw error;
	}
}

/** Kinds that are judged, or by which others are. */
const judgedKinds =
	'HorizontalPodAutoscaler|ScaledObject|HTTPScaledObject|Deployment|StatefulSet|ReplicaSet|Rollout|PodDisruptionBudget|VerticalPodAutoscaler|LimitRange|Namespace';

/** Kind as YAML and JSON write it, with a tag or an anchor before it; or one that an alias or an escape may hide. */
const judgedKind = new RegExp(
	String.raw`\bkind\W{1,40}(?:(?:!!?\w+|&[\w-]+)\W{1,5}){0,2}(?:${judgedKinds})|\bkind["']?\s*:\s*\*|\\[ux][0-9a-fA-F]`,
);

/** A text whose documents of other objects are empty lines, since large ones take long to parse. */
function judgedDocuments(text: string): string {
	return text
		.split(/^(?=---(?:\s|$))/m)
		.map(document => (judgedKind.test(document) ? document : document.replaceAll(/[^\n]+/g, '')))
		.join('');
}

function patchFile(file: string, builds: KustomizeBuilds): NotLookedAt {
	const folder = builds.patchedIn(file) ?? '.';
	return {
		what: 'file',
		place: {file},
		why: `It is a patch of the kustomization ${folder}`,
		command: kustomizeCommand(folder),
	};
}

function chart(folder: string): NotLookedAt {
	return {
		what: 'chart',
		place: {file: folder},
		why: 'The templates of this Helm chart are not rendered',
		command: `helm template NAME ${shellWord(folder)} | replicast lint -`,
	};
}

function generatedChart(file: string, folder: string): NotLookedAt {
	return {
		what: 'chart',
		place: {file},
		why: 'The Helm charts of this kustomization are not rendered',
		command: kustomizeCommand(folder, '--enable-helm '),
	};
}

/** Command line that looks at what a kustomization renders. */
export function kustomizeCommand(folder: string, flags = ''): string {
	return `kubectl kustomize ${flags}${shellWord(folder)} | replicast lint -`;
}

import type {NotLookedAt} from '../../lint/not-looked-at.ts';
import {nodeAt, type Source} from '../yaml/source-tree.ts';
import type {Kustomization} from './kustomize/read-kustomization.ts';
import type {Placeholder} from './placeholders.ts';
import {type FiledObject, kustomizeCommand} from './read-objects.ts';

/** An autoscaler that no rule looked at; `at` is a place, or a command line that helps. */
export function autoscalerLeftOut(object: FiledObject, why: string, at?: Source | string): NotLookedAt {
	return noteOn(object, 'autoscaler', why, at);
}

/** An autoscaler that not every rule could look at; `at` is a place, or a command line that helps. */
export function partLeftOut(object: FiledObject, why: string, at?: Source | string): NotLookedAt {
	return noteOn(object, 'part', why, at);
}

function noteOn(
	{kind, name = 'without a name', namespace, tree}: FiledObject,
	what: 'autoscaler' | 'part',
	why: string,
	at: Source | string | undefined,
): NotLookedAt {
	return {
		what,
		place: typeof at === 'object' ? at : tree.source,
		object: {kind, name, ...(namespace !== undefined && {namespace})},
		why,
		...(typeof at === 'string' && {command: at}),
	};
}

/** Message on a placeholder. */
export function templateWordsOf({text}: Placeholder): string {
	const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
	return `Expected the manifest to be rendered, got the placeholder ${JSON.stringify(shown)}`;
}

/** Reason and command for an object that kustomizations patch. */
export function patchedWords(
	subject: string,
	[first, ...more]: readonly Kustomization[],
): [why: string, command: string] {
	const others = more.length === 0 ? '' : more.length === 1 ? ' and another one' : ` and ${more.length} others`;
	return [
		`${subject} is patched by the kustomization ${first!.folder}${others}`,
		kustomizeCommand(first!.folder, first!.hasCharts ? '--enable-helm ' : ''),
	];
}

/** Whether an autoscaler of a folder is a patch by its form. */
export function isPatchByForm({isNamed, tree}: FiledObject): boolean {
	const spec = nodeAt(tree, ['spec']);
	return !isNamed && spec?.kind === 'map' && !spec.entries.has('scaleTargetRef');
}

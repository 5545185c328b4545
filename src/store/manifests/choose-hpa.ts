import {type SourceNode, textAt} from '../yaml/source-tree.ts';
import type {ManifestObject, ParsedManifests} from './parse-manifests.ts';
import {kedaKinds} from './scaled-object.ts';

/** The object that an HPA scales. */
export type ScaleTarget = {readonly kind: string; readonly name: string; readonly namespace?: string | undefined};

/** The one HPA that was meant, or why none is: a rule and what was got, as a fault has them. */
type HpaChoice = {readonly tree: SourceNode} | {readonly rule: string; readonly got: string};

const rule = 'the path of a file of kind HorizontalPodAutoscaler or ScaledObject';

/**
 * The HorizontalPodAutoscaler among the objects of a file: the only one; or the one that is named; or the one that scales
 * the target.
 *
 * @param wanted - `path` and `name`: `rendered.yaml#chat` taken apart; `target`: what is scaled, where that is known
 */
export function chooseHpa(
	{objects, others}: Pick<ParsedManifests, 'objects' | 'others'>,
	{
		path,
		name,
		target,
	}: {readonly path: string; readonly name?: string | undefined; readonly target?: ScaleTarget | undefined},
): HpaChoice {
	const all = autoscalersIn(objects);
	if (all.length === 0) {
		return noneOf(objects, others, path);
	}

	const named =
		name === undefined ? all : all.filter(hpa => hpa.name === name || `${hpa.namespace}/${hpa.name}` === name);
	const [only, ...more] = named;
	if (only !== undefined && more.length === 0) {
		return target !== undefined && kedaKinds.includes(only.kind) && !scales(only, target)
			? {
					rule: `a path of what scales the ${wordOf(target.kind)} ${wordOf(target.name)}`,
					got: `${path} with ${described(only)}`,
				}
			: {tree: only.tree};
	}

	const meant = target === undefined ? [] : named.filter(hpa => scales(hpa, target));
	if (meant.length === 1) {
		return {tree: meant[0]!.tree};
	}

	const list = (named.length === 0 ? all : named).map(hpa => described(hpa));
	return named.length === 0
		? {rule: `the path of a file with an HPA ${name}`, got: `${path} with ${list.join(', ')}`}
		: {rule: `a path with #NAME of one HPA, such as ${path}#${nameOf(only!)}`, got: `${path} with ${list.join(', ')}`};
}

/** HPAs and ScaledObjects; an HPA that KEDA made counts for nothing beside its ScaledObject. */
export function autoscalersIn<T extends ManifestObject>(objects: readonly T[]): T[] {
	const keda = objects.filter(({kind}) => kedaKinds.includes(kind));
	const made = keda.map(({name}) => `keda-hpa-${name ?? ''}`);
	const own = objects.filter(({kind, name}) => kind === 'HorizontalPodAutoscaler' && !made.includes(name ?? ''));
	return [...own, ...keda];
}

/** Whether an HPA scales the target; a namespace that one of the two leaves out fits every other. */
export function scales(hpa: ManifestObject, target: ScaleTarget): boolean {
	const isSame = hpa.namespace === undefined || target.namespace === undefined || hpa.namespace === target.namespace;
	return (
		isSame &&
		// The kind of a ScaledObject's target may be left out.
		(textAt(hpa.tree, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment') === target.kind &&
		textAt(hpa.tree, 'spec', 'scaleTargetRef', 'name') === target.name
	);
}

function noneOf(objects: readonly ManifestObject[], others: readonly SourceNode[], path: string): HpaChoice {
	const kinds = [...new Set(objects.map(({kind}) => kind).filter(kind => /^[A-Z][A-Za-z]{0,40}$/.test(kind)))];
	if (kinds.length === 0) {
		return {
			rule,
			got: objects.length + others.length > 0 ? `${path}, a file without a kind` : `${path}, an empty file`,
		};
	}

	return {rule, got: `${path}, of ${kinds.length > 1 ? 'kinds' : 'kind'} ${kinds.slice(0, 5).join(', ')}`};
}

function described(hpa: ManifestObject): string {
	const target = textAt(hpa.tree, 'spec', 'scaleTargetRef', 'name');
	const kind =
		textAt(hpa.tree, 'spec', 'scaleTargetRef', 'kind') ?? (kedaKinds.includes(hpa.kind) ? 'Deployment' : undefined);
	return target === undefined || kind === undefined
		? nameOf(hpa)
		: `${nameOf(hpa)} (for ${wordOf(kind)} ${wordOf(target)})`;
}

function nameOf({name, namespace}: ManifestObject): string {
	const word = name === undefined ? 'one without a name' : wordOf(name);
	return namespace === undefined ? word : `${wordOf(namespace)}/${word}`;
}

/** A word of the file, as long as it is a name. */
function wordOf(text: string): string {
	return /^[A-Za-z0-9.-]{1,253}$/.test(text) ? text : 'NAME';
}

import {mapNode, nodeAt, type SourceNode, textAt, withNode} from '../yaml/source-tree.ts';
import type {ScaleTarget} from './choose-hpa.ts';
import {deploymentOfManifest} from './deployment-of-manifest.ts';
import type {ManifestObject, ParsedManifests} from './parse-manifests.ts';
import {budgetFor, placementOfManifest} from './placement-of-manifest.ts';
import type {FoundReference} from './read-hpa.ts';
import {templateIn, templateWords} from './template-place.ts';

/** Kinds of workloads, by the group of their version. */
const kinds: Readonly<Record<string, string>> = {
	Deployment: 'apps/',
	StatefulSet: 'apps/',
	Rollout: 'argoproj.io/',
};

export type FoundDeployment = FoundReference & {
	readonly target?: ScaleTarget;
	/** Parts of `nodeAutoscaler` that the manifests say: where the pods may run, and their disruption budget. */
	readonly nodes?: SourceNode;
};

/**
 * Deployments, StatefulSets and Argo Rollouts of a file; a Rollout that refers to a Deployment has its pods, and the
 * Deployment is no workload beside it.
 */
export function workloadsIn<T extends ManifestObject>({objects}: {readonly objects: readonly T[]}): T[] {
	const all = objects.filter(({kind, apiVersion}) => {
		const group = Object.hasOwn(kinds, kind) ? kinds[kind]! : undefined;
		return group !== undefined && apiVersion?.startsWith(group) !== false;
	});
	const referred = new Set<T>();
	const whole = all.map(workload => {
		const {kind, tree} = workload;
		const name = kind === 'Rollout' ? textAt(tree, 'spec', 'workloadRef', 'name') : undefined;
		const deployment = name === undefined ? undefined : all.find(other => isNamed(other, name, workload));
		if (deployment === undefined) {
			return workload;
		}

		referred.add(deployment);
		const template = nodeAt(deployment.tree, ['spec', 'template']);
		return {...workload, tree: withNode(tree, ['spec', 'template'], template, tree.source)};
	});
	return whole.filter(workload => !referred.has(workload));
}

function isNamed(other: ManifestObject, name: string, {namespace}: ManifestObject): boolean {
	return other.kind === 'Deployment' && other.name === name && other.namespace === namespace;
}

/** The `deployment` of an experiment that a file of manifests describes: its only workload, or the one that is named. */
export function readDeployment(
	manifests: ParsedManifests,
	{path, name}: {readonly path: string; readonly name?: string | undefined},
): FoundDeployment {
	if (manifests.faults.length > 0) {
		return {lines: manifests.faults};
	}

	const all = workloadsIn(manifests);
	const [only, ...more] = name === undefined ? all : all.filter(workload => workload.name === name);
	if (only === undefined || more.length > 0) {
		const names = all.map(workload => `${workload.kind} ${workload.name ?? 'without a name'}`).join(', ');
		const got = all.length === 0 ? `${path}, without any` : `${path} with ${names}`;
		return all.length > 1
			? {rule: `a path with #NAME of one of the workloads, such as ${path}#${all[0]!.name ?? 'NAME'}`, got}
			: {
					rule: `the path of a file with a Deployment, a StatefulSet or a Rollout${name === undefined ? '' : ` ${name}`}`,
					got,
				};
	}

	const template = templateIn(nodeAt(only.tree, ['spec']));
	return template === undefined
		? {
				tree: deploymentOfManifest(only.tree),
				nodes: nodesOf(only, manifests),
				...(only.name !== undefined && {target: {kind: only.kind, name: only.name, namespace: only.namespace}}),
			}
		: {lines: [{source: template.source, message: templateWords}]};
}

function nodesOf(workload: ManifestObject, {objects}: ParsedManifests): SourceNode {
	const {tree} = workload;
	return mapNode(tree.source, {
		placement: placementOfManifest(tree),
		podDisruptionBudget: budgetFor(workload, objects),
	});
}

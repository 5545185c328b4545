import {dirname} from 'node:path';
import type {LintedAutoscaler} from '../../lint/subject.ts';
import {scales} from '../manifests/choose-hpa.ts';
import type {ManifestObject} from '../manifests/parse-manifests.ts';
import {nodeAt} from '../yaml/source-tree.ts';
import type {KustomizeBuilds} from './kustomize/builds.ts';
import type {FiledObject} from './read-objects.ts';

/** Kinds of which an autoscaler sets the number of pods, by the group of their version. */
const workloadKinds: Readonly<Record<string, string>> = {
	Deployment: 'apps/',
	StatefulSet: 'apps/',
	ReplicaSet: 'apps/',
	Rollout: 'argoproj.io/',
};

/** Workloads among objects; one without a selector is no object but a patch, unless its file was named. */
export function workloadsAmong(objects: readonly FiledObject[]): FiledObject[] {
	return objects.filter(({kind, apiVersion, tree, isNamed}) => {
		const group = workloadKinds[kind];
		const isWhole = isNamed || apiVersion !== 'apps/v1' || nodeAt(tree, ['spec', 'selector']) !== undefined;
		return group !== undefined && apiVersion?.startsWith(group) !== false && isWhole;
	});
}

/** Circles in which what belongs to an object is looked for. */
type Circle = {readonly workloads: readonly FiledObject[]; readonly builds: KustomizeBuilds};

/**
 * The one workload that an autoscaler scales: of its file, else of its folder, else of a build of kustomize that holds both,
 * else the only one of all where names alone cannot lead astray.
 */
export function workloadOfAutoscaler(hpa: FiledObject, {workloads, builds}: Circle): FiledObject | undefined {
	const meant = workloads.filter(
		({kind, name, namespace}) => name !== undefined && scales(hpa, {kind, name, namespace}),
	);
	const circles = [
		meant.filter(({file}) => file === hpa.file),
		meant.filter(other => isNear(hpa, other)),
		meant.filter(({file}) => builds.isTogether(hpa.file, file)),
		isAlone(hpa, workloads)
			? meant
			: meant.filter(({namespace}) => namespace !== undefined && namespace === hpa.namespace),
	];
	const circle = circles.find(each => each.length > 0) ?? [];
	return circle.length === 1 ? circle[0] : undefined;
}

/** Whether an autoscaler's folder holds no workloads of its own: they are sorted by kind, not by application. */
function isAlone(hpa: FiledObject, workloads: readonly FiledObject[]): boolean {
	return workloads.every(other => !isNear(hpa, other));
}

/** Whether two objects lie in one file or one folder: others of the same names may be another cluster's. */
export function isNear(a: FiledObject, b: FiledObject): boolean {
	return dirname(a.file) === dirname(b.file);
}

/** Whether two objects are applied together for sure: they are of one file, or of one build of kustomize. */
export function isTogether(a: FiledObject, b: FiledObject, builds: KustomizeBuilds): boolean {
	return a.file === b.file || builds.isTogether(a.file, b.file);
}

/** Whether a folder holds one workload of that name: several are variants, each with a file of its own. */
export function isOnlyOfFolder(workload: FiledObject, workloads: readonly FiledObject[]): boolean {
	return !workloads.some(
		other =>
			other !== workload && isNear(workload, other) && other.kind === workload.kind && other.name === workload.name,
	);
}

export function isSameNamespace(a: ManifestObject, b: ManifestObject): boolean {
	return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}

/** Two names of one object: variants of one file, such as a base and its overlay, are the same autoscaler. */
export function isRival(a: LintedAutoscaler, b: LintedAutoscaler): boolean {
	return (
		isSameTarget(a, b) && (a.name !== b.name || a.kind !== b.kind) && madeName(a) !== b.name && madeName(b) !== a.name
	);
}

/** Name that a ScaledObject gives its HPA, which it may take over from one that is there. */
function madeName({manifest}: LintedAutoscaler): unknown {
	const {spec} = manifest as {spec?: {advanced?: {horizontalPodAutoscalerConfig?: {name?: unknown}}}};
	return spec?.advanced?.horizontalPodAutoscalerConfig?.name;
}

function isSameTarget(a: LintedAutoscaler, b: LintedAutoscaler): boolean {
	return a.target.kind === b.target.kind && a.target.name === b.target.name;
}

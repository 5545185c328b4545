import type {ManifestObject} from '../manifests/parse-manifests.ts';
import {kedaKinds} from '../manifests/scaled-object.ts';
import {mapNode, nodeAt, type Source, type SourceNode, textAt} from '../yaml/source-tree.ts';

/** The only ScaledObject or HTTPScaledObject among objects without an HPA. */
export function scaledObjectIn(objects: readonly ManifestObject[]): SourceNode | undefined {
	const found = objects.filter(({kind}) => kedaKinds.includes(kind));
	const hasHpa = objects.some(({kind}) => kind === 'HorizontalPodAutoscaler');
	return found.length === 1 && !hasHpa ? found[0]!.tree : undefined;
}

/** Whether documents that are no objects are one that completes the case of a ScaledObject. */
export function isBesideScaledObject(objects: readonly ManifestObject[], others: readonly SourceNode[]): boolean {
	const [only] = others;
	const isCase = only?.kind === 'map' && !only.entries.has('hpa') && !only.entries.has('scaledObject');
	return scaledObjectIn(objects) !== undefined && others.length === 1 && isCase;
}

/** Values in answers of `external.metrics.k8s.io`, by the name of the metric; undefined without any. */
export function servedValues(objects: readonly ManifestObject[], source: Source): SourceNode | undefined {
	const served = objects.filter(({kind}) => kind === 'ExternalMetricValue');
	const values = served.flatMap(({tree}) => {
		const [name, value] = [textAt(tree, 'metricName'), nodeAt(tree, ['value'])];
		return name === undefined || value === undefined ? [] : [[name, value] as const];
	});
	return values.length === 0 ? undefined : mapNode(source, Object.fromEntries(values));
}

/** Memory of the operator in the status of a ScaledObject; undefined where it is empty. */
export function operatorStatus(scaledObject: SourceNode, source: Source): SourceNode | undefined {
	const health = nodeAt(scaledObject, ['status', 'health']);
	const failures =
		health?.kind === 'map'
			? [...health.entries].flatMap(([name, {node}]) => {
					const count = nodeAt(node, ['numberOfFailures']);
					return count === undefined ? [] : [[name, count] as const];
				})
			: [];
	const parts = {
		created: nodeAt(scaledObject, ['metadata', 'creationTimestamp']),
		lastActive: nodeAt(scaledObject, ['status', 'lastActiveTime']),
		...(failures.length > 0 && {failures: mapNode(source, Object.fromEntries(failures))}),
	};
	const isEmpty = Object.values(parts).every(node => node === undefined);
	return isEmpty ? undefined : mapNode(source, parts);
}

import {hpaSchemaFor, hpaSpecOf} from '../../autoscaler/hpa-manifest.ts';
import {kedaHpaSpecOf} from '../../autoscaler/keda/keda-hpa.ts';
import {kedaSpecOf} from '../../autoscaler/keda/scaled-object.ts';
import type {LintedAutoscaler} from '../../lint/subject.ts';
import type {ManifestObject} from '../manifests/parse-manifests.ts';
import {presentHpa} from '../manifests/read-hpa.ts';
import {kedaKinds} from '../manifests/scaled-object.ts';
import {checkTree, faultLines} from '../yaml/describe-issues.ts';
import {type FaultLine, nodeAt, plainValue, type SourceNode, textAt} from '../yaml/source-tree.ts';
import {placed} from './linted-objects.ts';
import {knownScaledObject} from './unknown-triggers.ts';

/** Result of reading an autoscaler: as the API server keeps it, or why it is refused, or why it is not understood. */
export type ReadAutoscaler =
	/** `unknown`: what of it is not judged. */
	| {readonly autoscaler: LintedAutoscaler; readonly unknown: readonly FaultLine[]}
	| {readonly refused: readonly FaultLine[]}
	| {readonly why: FaultLine};

/** Reads an autoscaler; triggers that are not modelled are left out of what is judged. */
export function readAutoscaler(object: ManifestObject): ReadAutoscaler {
	const found = presentHpa(object.tree);
	const isKedas = kedaKinds.includes(object.kind);
	if ('lines' in found) {
		return isKedas ? {why: found.lines[0]!} : {refused: found.lines};
	}

	return isKedas ? readScaled(object, found.tree) : readHorizontal(object, found.tree);
}

function readHorizontal(object: ManifestObject, tree: SourceNode): ReadAutoscaler {
	const value = plainValue(tree);
	const checked = checkTree(hpaSchemaFor(value), tree);
	if ('faults' in checked) {
		return {refused: faultLines(tree, checked.faults)};
	}

	return {autoscaler: {...partsOf(object, tree), spec: hpaSpecOf(value)}, unknown: []};
}

function readScaled(object: ManifestObject, tree: SourceNode): ReadAutoscaler {
	const known = knownScaledObject(tree);
	if ('faults' in known) {
		const certain = known.faults.filter(({path}) => isCertain(path));
		const [first] = faultLines(tree, known.faults);
		return certain.length > 0 ? {refused: faultLines(tree, certain)} : {why: first!};
	}

	const value = plainValue(known.tree);
	return {
		autoscaler: {...partsOf(object, tree), spec: kedaHpaSpecOf(value), keda: kedaSpecOf(value)},
		unknown: known.unknown,
	};
}

/** Keys of a ScaledObject whose faults KEDA's webhook and the HPA's own rules refuse in every release. */
function isCertain([part, key]: readonly PropertyKey[]): boolean {
	return part === 'spec' && ['minReplicaCount', 'maxReplicaCount', 'idleReplicaCount'].includes(String(key));
}

function partsOf(object: ManifestObject, tree: SourceNode): Omit<LintedAutoscaler, 'spec'> {
	const spec = nodeAt(tree, ['spec']);
	return {
		...placed({...object, tree}),
		target: {
			kind: textAt(tree, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment',
			name: textAt(tree, 'spec', 'scaleTargetRef', 'name') ?? '',
		},
		manifest: plainValue(tree),
		given: new Set(spec?.kind === 'map' ? spec.entries.keys() : []),
	};
}

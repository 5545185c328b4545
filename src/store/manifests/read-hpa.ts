import {type FaultLine, nodeAt, type SourceNode, textAt} from '../yaml/source-tree.ts';
import {chooseHpa, type ScaleTarget} from './choose-hpa.ts';
import {convertHpa} from './convert-hpa.ts';
import type {ParsedManifests} from './parse-manifests.ts';
import {kedaKinds, readScaledObject} from './scaled-object.ts';
import {templateIn, templateWords} from './template-place.ts';

/** Result of following a path; or the rule that the path broke; or the faults of the file. */
export type FoundReference =
	| {readonly tree: SourceNode}
	| {readonly rule: string; readonly got: string}
	| {readonly lines: readonly FaultLine[]};

/** The HorizontalPodAutoscaler that is meant in a file of manifests, in the form of autoscaling/v2. */
export function readHpa(
	manifests: ParsedManifests,
	wanted: {readonly path: string; readonly name?: string | undefined; readonly target?: ScaleTarget | undefined},
): FoundReference {
	if (manifests.faults.length > 0) {
		return {lines: manifests.faults};
	}

	const choice = chooseHpa(manifests, wanted);
	return 'rule' in choice ? choice : presentHpa(choice.tree);
}

/** A manifest in the form of autoscaling/v2, if it is rendered. */
export function presentHpa(tree: SourceNode): {readonly tree: SourceNode} | {readonly lines: readonly FaultLine[]} {
	if (kedaKinds.includes(textAt(tree, 'kind') ?? '')) {
		return readScaledObject(tree);
	}

	const template = [['spec'], ['apiVersion'], ['metadata', 'name'], ['metadata', 'namespace']]
		.map(path => templateIn(nodeAt(tree, path)))
		.find(node => node !== undefined);
	if (template !== undefined) {
		return {lines: [{source: template.source, message: templateWords}]};
	}

	const converted = convertHpa(tree);
	return converted.faults.length > 0 ? {lines: converted.faults} : {tree: converted.tree};
}

/** `rendered.yaml#chat` taken apart; the whole is the path where nothing like a name follows. */
export function splitName(path: string): {readonly path: string; readonly name?: string} {
	const [, file, name] = /^(.+)#((?:[a-z\d.-]{1,253}\/)?[a-z\d.-]{1,253})$/.exec(path) ?? [];
	return file === undefined || name === undefined ? {path} : {path: file, name};
}

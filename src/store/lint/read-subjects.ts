import {dirname} from 'node:path';
import process from 'node:process';
import {text as textOf} from 'node:stream/consumers';
import {UserError} from '../../errors.ts';
import type {LintedAutoscaler, LintedObject, LintSubject} from '../../lint/subject.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {largestYaml} from '../experiments/referenced-files.ts';
import {autoscalersIn, scales} from '../manifests/choose-hpa.ts';
import {type ManifestObject, parseManifests} from '../manifests/parse-manifests.ts';
import {workloadsIn} from '../manifests/read-deployment.ts';
import {type FaultLine, faultTexts, nodeAt, textAt} from '../yaml/source-tree.ts';
import {type FoundFile, findManifests} from './find-manifests.ts';
import {budgetOf, lintedAutoscalerOf, placed, selectsPodsOf, verticalOf, workloadOf} from './linted-objects.ts';

/** Object of a file. */
export type FiledObject = ManifestObject & {readonly file: string};

/** Autoscalers of some files, and the faults of the files. */
export type ReadSubjects = {
	readonly files: number;
	readonly subjects: readonly LintSubject[];
	/** Autoscalers that the API server would refuse, with the first fault of each. */
	readonly refused: readonly {readonly object: LintedObject; readonly faults: readonly FaultLine[]}[];
	/** Files below a folder that were passed over, and why. */
	readonly skipped: readonly {readonly file: string; readonly why: string}[];
};

/**
 * Reads every autoscaler at the paths with what belongs to it: the workload that it scales, budgets and vertical autoscalers.
 *
 * @param paths - files, folders, or `-` for standard input
 * @throws {UserError} where a file that was named cannot be read, or is no YAML
 */
export async function readSubjects(paths: readonly string[]): Promise<ReadSubjects> {
	const files = findManifests(paths);
	const objects: FiledObject[] = [];
	const skipped: {file: string; why: string}[] = [];
	for (const file of files) {
		const read = await readFile(file);
		if ('why' in read) {
			skipped.push({file: file.path, why: read.why});
		} else {
			objects.push(...read.objects.map(object => ({...object, file: file.path})));
		}
	}

	const read = (autoscalersIn(objects) as FiledObject[]).map(object => ({object, result: lintedAutoscalerOf(object)}));
	const usable = read.flatMap(({object, result}) => ('faults' in result ? [] : [{object, autoscaler: result}]));
	return {
		files: files.length,
		subjects: usable.map(({object, autoscaler}) => subjectOf(object, autoscaler, {objects, usable})),
		refused: read.flatMap(({object, result}) =>
			'faults' in result && object.kind === 'HorizontalPodAutoscaler'
				? [{object: placed(object), faults: result.faults}]
				: [],
		),
		// A trigger that is not modelled is no fault of a ScaledObject.
		skipped: [
			...skipped,
			...read.flatMap(({object, result}) =>
				'faults' in result && object.kind !== 'HorizontalPodAutoscaler'
					? [{file: object.file, why: result.faults[0]!.message}]
					: [],
			),
		],
	};
}

async function readFile({path, isNamed}: FoundFile): Promise<{objects: readonly ManifestObject[]} | {why: string}> {
	try {
		const text = path === '-' ? await textOf(process.stdin) : await readText(path, largestYaml);
		const {objects, faults} = parseManifests(text, path === '-' ? 'standard input' : path);
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

type Usable = {readonly object: FiledObject; readonly autoscaler: LintedAutoscaler};

function subjectOf(
	object: FiledObject,
	autoscaler: LintedAutoscaler,
	{objects, usable}: {readonly objects: readonly FiledObject[]; readonly usable: readonly Usable[]},
): LintSubject {
	const found = nearest(
		object,
		workloadsIn({objects}) as FiledObject[],
		workload =>
			workload.name !== undefined &&
			scales(object, {kind: workload.kind, name: workload.name, namespace: workload.namespace}),
	);
	const workload = found === undefined ? undefined : workloadOf(found);
	const near = (kind: string) => objects.filter(other => other.kind === kind && isNear(object, other));
	const targets = (other: ManifestObject) =>
		textAt(other.tree, 'spec', 'targetRef', 'kind') === autoscaler.target.kind &&
		textAt(other.tree, 'spec', 'targetRef', 'name') === autoscaler.target.name &&
		isSameNamespace(object, other);
	return {
		autoscaler,
		...(workload !== undefined && {workload}),
		budgets:
			found === undefined
				? []
				: near('PodDisruptionBudget')
						.filter(budget => selectsPodsOf(budget, found))
						.map(budgetOf),
		verticals: near('VerticalPodAutoscaler').filter(targets).map(verticalOf),
		rivals: usable
			.filter(
				other =>
					other.object !== object &&
					isNear(object, other.object) &&
					isRival(autoscaler, other.autoscaler) &&
					isSameNamespace(object, other.object),
			)
			.map(other => other.autoscaler),
		hasDefaultRequests: near('LimitRange').some(hasDefaults),
	};
}

/** Whether two objects lie in one file or one folder: others of the same names may be another cluster's. */
function isNear(a: FiledObject, b: FiledObject): boolean {
	return dirname(a.file) === dirname(b.file);
}

function isSameNamespace(a: ManifestObject, b: ManifestObject): boolean {
	return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}

/** Two names of one object: variants of one file, such as a base and its overlay, are the same autoscaler. */
function isRival(a: LintedAutoscaler, b: LintedAutoscaler): boolean {
	return a.target.kind === b.target.kind && a.target.name === b.target.name && (a.name !== b.name || a.kind !== b.kind);
}

/** The one object that is meant: of the same file, else of the same folder, else of all. */
function nearest(
	from: FiledObject,
	all: readonly FiledObject[],
	isMeant: (object: FiledObject) => boolean,
): FiledObject | undefined {
	const meant = all.filter(isMeant);
	for (const circle of [
		meant.filter(({file}) => file === from.file),
		meant.filter(other => isNear(from, other)),
		meant,
	]) {
		if (circle.length > 0) {
			return circle.length === 1 ? circle[0] : undefined;
		}
	}

	return undefined;
}

function hasDefaults({tree}: ManifestObject): boolean {
	const limits = nodeAt(tree, ['spec', 'limits']);
	return (
		limits?.kind === 'list' &&
		limits.items.some(item => nodeAt(item, ['defaultRequest']) !== undefined || nodeAt(item, ['default']) !== undefined)
	);
}

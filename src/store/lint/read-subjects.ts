import {UserError} from '../../errors.ts';
import type {NotLookedAt} from '../../lint/not-looked-at.ts';
import type {LintedAutoscaler, LintedObject, LintSubject} from '../../lint/subject.ts';
import {autoscalersIn} from '../manifests/choose-hpa.ts';
import type {ManifestObject} from '../manifests/parse-manifests.ts';
import {type FaultLine, faultTexts, nodeAt, textAt} from '../yaml/source-tree.ts';
import {
	isNear,
	isOnlyOfFolder,
	isRival,
	isSameNamespace,
	isTogether,
	workloadOfAutoscaler,
	workloadsAmong,
} from './belonging.ts';
import type {KustomizeBuilds} from './kustomize/builds.ts';
import {readAutoscaler} from './linted-autoscaler.ts';
import {budgetOf, isInjecting, placed, selectsPodsOf, verticalOf, workloadOf} from './linted-objects.ts';
import {autoscalerLeftOut, isPatchByForm, partLeftOut, patchedWords, templateWordsOf} from './not-looked-at.ts';
import {placeholderOfAutoscaler, placeholderOfWorkload} from './placeholders.ts';
import {type FiledObject, readObjects} from './read-objects.ts';

/** Autoscalers of some files, and what could not be judged. */
export type ReadSubjects = {
	readonly files: number;
	readonly subjects: readonly LintSubject[];
	/** Autoscalers that the API server would refuse, with the faults of each. */
	readonly refused: readonly {readonly object: LintedObject; readonly faults: readonly FaultLine[]}[];
	readonly notLookedAt: readonly NotLookedAt[];
	/** Autoscalers whose workload is in none of the files. */
	readonly withoutWorkload: readonly LintedObject[];
};

type Usable = {readonly object: FiledObject; readonly autoscaler: LintedAutoscaler};

type Around = {
	readonly objects: readonly FiledObject[];
	readonly workloads: readonly FiledObject[];
	readonly usable: readonly Usable[];
	readonly builds: KustomizeBuilds;
};

/**
 * Reads every autoscaler at the paths with what belongs to it: the workload that it scales, budgets and vertical autoscalers.
 *
 * @param paths - files, folders, or `-` for standard input
 * @throws {UserError} where a file that was named cannot be read, is no YAML, or holds nothing but autoscalers with placeholders
 */
export async function readSubjects(paths: readonly string[]): Promise<ReadSubjects> {
	const {files, objects, builds, notLookedAt: passedOver} = await readObjects(paths);
	const all = autoscalersIn(objects);
	refuseTemplates(all);
	const notLookedAt: NotLookedAt[] = [];
	const refused: {object: LintedObject; faults: readonly FaultLine[]}[] = [];
	const usable: Usable[] = [];
	for (const object of all) {
		const reason = reasonToLeaveOut(object, builds);
		const read = reason === undefined ? readAutoscaler(object) : undefined;
		if (reason !== undefined) {
			notLookedAt.push(reason);
		} else if (read !== undefined && 'autoscaler' in read) {
			usable.push({object, autoscaler: read.autoscaler});
			notLookedAt.push(...read.unknown.map(({message, source}) => partLeftOut(object, message, source)));
		} else if (read !== undefined && 'refused' in read) {
			refused.push({object: placed(object), faults: read.refused});
		} else if (read !== undefined && 'why' in read) {
			notLookedAt.push(autoscalerLeftOut(object, read.why.message, read.why.source));
		}
	}

	const around = {objects, workloads: workloadsAmong(objects), usable, builds};
	const found = usable.map(each => subjectOf(each, around));
	return {
		files,
		subjects: found.map(({subject}) => subject),
		refused,
		notLookedAt: [...notLookedAt, ...found.flatMap(({parts}) => parts), ...passedOver],
		withoutWorkload: found.flatMap(({subject, parts}) =>
			subject.workload === undefined && parts.length === 0 ? [subject.autoscaler] : [],
		),
	};
}

/** @throws {UserError} where a file that was named has autoscalers, and each of them holds a placeholder */
function refuseTemplates(all: readonly FiledObject[]): void {
	for (const file of new Set(all.filter(({isNamed}) => isNamed).map(each => each.file))) {
		const own = all.filter(each => each.file === file);
		const found = own.map(each => placeholderOfAutoscaler(each)).filter(each => each !== undefined);
		if (found.length === own.length) {
			throw new UserError('E_CONFIG', faultTexts([{source: found[0]!.source, message: templateWordsOf(found[0]!)}]));
		}
	}
}

function reasonToLeaveOut(object: FiledObject, builds: KustomizeBuilds): NotLookedAt | undefined {
	const placeholder = placeholderOfAutoscaler(object);
	if (placeholder !== undefined) {
		return autoscalerLeftOut(object, templateWordsOf(placeholder), placeholder.source);
	}

	const changers = builds.changersOf(object);
	if (changers.length > 0) {
		return autoscalerLeftOut(object, ...patchedWords('It', changers));
	}

	return isPatchByForm(object)
		? autoscalerLeftOut(object, 'It has no scaleTargetRef, as a patch has none; no kustomization names its file')
		: undefined;
}

function subjectOf(
	{object, autoscaler}: Usable,
	{objects, workloads, usable, builds}: Around,
): {readonly subject: LintSubject; readonly parts: readonly NotLookedAt[]} {
	const found = workloadOfAutoscaler(object, {workloads, builds});
	const why = found === undefined ? undefined : workloadFault(object, found, builds);
	const workload = found === undefined || why !== undefined ? undefined : workloadOf(found);
	const injecting = objects.filter(other => other.kind === 'Namespace' && isInjecting(other));
	const isUnread = found !== undefined && why === undefined && workload === undefined;
	const isOnly = found !== undefined && isOnlyOfFolder(found, workloads);
	const near = (kind: string) =>
		objects.filter(
			other =>
				other.kind === kind &&
				(isTogether(object, other, builds) || (isOnly && isNear(object, other))) &&
				!isChanged(other),
		);
	const isChanged = (other: FiledObject) => builds.changersOf(other).length > 0;
	const targets = (other: ManifestObject) =>
		textAt(other.tree, 'spec', 'targetRef', 'kind') === autoscaler.target.kind &&
		textAt(other.tree, 'spec', 'targetRef', 'name') === autoscaler.target.name &&
		isSameNamespace(object, other);
	const rivals = usable.filter(
		other =>
			other.object !== object &&
			isTogether(object, other.object, builds) &&
			isRival(autoscaler, other.autoscaler) &&
			isSameNamespace(object, other.object),
	);
	return {
		subject: {
			autoscaler,
			...(workload !== undefined && {
				workload: isInNamespaceOf(injecting, workload) ? {...workload, isInjected: true as const} : workload,
			}),
			budgets:
				found === undefined
					? []
					: near('PodDisruptionBudget')
							.filter(budget => selectsPodsOf(budget, found))
							.map(budgetOf),
			verticals: near('VerticalPodAutoscaler').filter(targets).map(verticalOf),
			rivals: rivals.map(other => other.autoscaler),
			hasDefaultRequests: objects.some(
				other => other.kind === 'LimitRange' && isNear(object, other) && hasDefaults(other),
			),
		},
		parts: [
			...(why === undefined ? [] : [why]),
			...(isUnread
				? [partLeftOut(object, `${wordsOf(found)} is in no form that is known, so its containers were not judged`)]
				: []),
		],
	};
}

function isInNamespaceOf(namespaces: readonly FiledObject[], {namespace}: LintedObject): boolean {
	return namespaces.some(({name}) => namespace === undefined || name === namespace);
}

function wordsOf({kind, name = 'without a name'}: ManifestObject): string {
	return `${kind} ${name}`;
}

/** Reason why a workload is not judged, as a note on its autoscaler. */
function workloadFault(object: FiledObject, workload: FiledObject, builds: KustomizeBuilds): NotLookedAt | undefined {
	const placeholder = placeholderOfWorkload(workload);
	if (placeholder !== undefined) {
		return partLeftOut(object, `${wordsOf(workload)}: ${templateWordsOf(placeholder)}`);
	}

	const changers = builds.changersBeside(workload, object.file);
	return changers.length > 0 ? partLeftOut(object, ...patchedWords(wordsOf(workload), changers)) : undefined;
}

function hasDefaults({tree}: ManifestObject): boolean {
	const limits = nodeAt(tree, ['spec', 'limits']);
	return (
		limits?.kind === 'list' &&
		limits.items.some(item => nodeAt(item, ['defaultRequest']) !== undefined || nodeAt(item, ['default']) !== undefined)
	);
}

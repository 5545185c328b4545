import type {LintFinding, Rule} from '../lint/finding.ts';
import {rulesUnderLoad} from '../lint/load/rules-under-load.ts';
import {rules} from '../lint/rules.ts';
import {type LintSubject, objectWords} from '../lint/subject.ts';
import type {LintFindings} from '../report/lint/lint-notes.ts';
import {type ReadLoad, readLoad} from '../store/lint/experiment-load.ts';
import {readSubjects} from '../store/lint/read-subjects.ts';
import {findUnderLoad} from './lint-load.ts';
import {witnessOf} from './lint-witness.ts';
import type {UseCaseOptions} from './use-case.ts';

export type {LintFinding, Severity} from '../lint/finding.ts';
export type {NotLookedAt} from '../lint/not-looked-at.ts';
export type {LintFindings} from '../report/lint/lint-notes.ts';

export type LintOptions = UseCaseOptions & {
	/** Experiment whose load the autoscalers of its workload are judged under, too. */
	readonly experiment?: string | undefined;
};

/**
 * Says what the autoscalers in manifests can never do, each with a load under which the simulator or the autoscaler itself
 * shows it.
 *
 * @param paths - files, folders, or `-` for standard input
 * @throws {UserError} where a file that was named cannot be read, or the experiment is of none of the workloads
 */
export async function lint(
	paths: readonly string[],
	{signal, onProgress, experiment}: LintOptions = {},
): Promise<LintFindings> {
	const {files, subjects, refused, notLookedAt, withoutWorkload} = await readSubjects(paths);
	const load = experiment === undefined ? undefined : await loadOf(experiment, subjects);
	const found: LintFinding[] = refused.map(({object, faults}) => refusedFinding(object, faults));
	const progress = {doing: 'Looking at', total: subjects.length, unit: 'autoscalers'};
	for (const [index, subject] of subjects.entries()) {
		onProgress?.({...progress, done: index});
		for (const rule of rules) {
			for (const suspicion of rule.check(subject)) {
				signal?.throwIfAborted();
				const witness = await witnessOf(suspicion.witness);
				if (witness !== undefined) {
					found.push({...suspicion, rule: rule.id, witness});
				}
			}
		}

		const loaded = load?.loaded.find(({autoscaler}) => autoscaler === subject.autoscaler);
		if (loaded !== undefined) {
			found.push(...findUnderLoad(subject, loaded.experiment, signal));
		}
	}

	onProgress?.({...progress, done: subjects.length, isOver: true});
	const findings = withoutRepeats(found).sort(byWeight);
	return {
		files,
		autoscalers: subjects.length + refused.length,
		findings: findings.filter(finding => !isIgnored(finding)),
		suppressed: findings.filter(isIgnored),
		withoutWorkload: withoutWorkload.map(autoscaler => objectWords(autoscaler)),
		notLookedAt: [...notLookedAt, ...(load?.notLookedAt ?? [])],
		...(load !== undefined && {
			load: {
				name: load.name,
				of: load.loaded.map(({autoscaler}) => objectWords(autoscaler)),
				isAssumed: load.isAssumed,
			},
		}),
	};
}

async function loadOf(experiment: string, subjects: readonly LintSubject[]): Promise<ReadLoad> {
	return readLoad(
		experiment,
		subjects.map(({autoscaler}) => autoscaler),
	);
}

/** LintFinding of an autoscaler that the API server would refuse. */
function refusedFinding(
	object: LintFinding['object'],
	faults: readonly {readonly source: LintFinding['place']; readonly message: string}[],
): LintFinding {
	const [first, ...more] = faults;
	return {
		rule: refusedRule.id,
		severity: 'error',
		object,
		place: first!.source,
		message: `The API server refuses it, or it is in no form that is known: ${first!.message}${more.length > 0 ? `; ${more.length} more` : ''}.`,
		fix: 'Write the key as the message says.',
		witness: {load: 'None', from: 'calculator', timeline: [], cases: []},
	};
}

/** Rule of a manifest that cannot be read as an autoscaler. */
export const refusedRule: Omit<Rule, 'check'> = {
	id: 'refused',
	severity: 'error',
	title: 'an autoscaler that the API server would refuse',
	reason: 'What is refused never scales anything.',
};

/** Rules by which manifests are judged. */
export const lintRules: readonly Omit<Rule, 'check'>[] = [
	refusedRule,
	...rules,
	// That on memory at rest has the name of a rule that needs no load.
	...rulesUnderLoad.filter(({id}) => rules.every(rule => rule.id !== id)),
];

function isIgnored({object, rule}: LintFinding): boolean {
	return object.ignores.includes(rule) || object.ignores.includes('all');
}

/** Findings of one place and rule once: two metrics of one container say the same. */
function withoutRepeats(findings: readonly LintFinding[]): LintFinding[] {
	const seen = new Set<string>();
	return findings.filter(({rule, place, message}) => {
		const key = JSON.stringify([rule, place, message]);
		return !seen.has(key) && seen.add(key);
	});
}

const weights = {error: 0, warning: 1, info: 2};

function byWeight(a: LintFinding, b: LintFinding): number {
	return (
		weights[a.severity] - weights[b.severity] ||
		(a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : 0) ||
		(a.place.line ?? 0) - (b.place.line ?? 0)
	);
}

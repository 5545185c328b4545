import {join} from 'node:path';
import type {MetricResult} from '../autoscaler/contracts.ts';
import {kubectlYaml} from '../autoscaler/kubectl-yaml.ts';
import {UserError} from '../errors.ts';
import {Schedule} from '../experiment/schedule.ts';
import type {LintFinding, Rule} from '../lint/finding.ts';
import type {NotLookedAt} from '../lint/not-looked-at.ts';
import {rules} from '../lint/rules.ts';
import {objectWords} from '../lint/subject.ts';
import {isPlan, type Witness, type WitnessPlan, type WitnessStep} from '../lint/witness/witness.ts';
import {simulate} from '../simulator/simulate.ts';
import {packageRoot} from '../store/disk/package.ts';
import {readExperiment} from '../store/experiments/read-experiment.ts';
import {readSubjects} from '../store/lint/read-subjects.ts';
import type {UseCaseOptions} from './use-case.ts';

export type {LintFinding, Severity} from '../lint/finding.ts';
export type {NotLookedAt} from '../lint/not-looked-at.ts';

/** Findings in manifests. */
export type LintResult = {
	readonly files: number;
	/** Autoscalers that were looked at, if only in part. */
	readonly autoscalers: number;
	/** The worst first; of one severity in the order of the files. */
	readonly findings: readonly LintFinding[];
	/** Findings that an annotation turns off. */
	readonly suppressed: readonly LintFinding[];
	/** Autoscalers whose workload is in none of the files, in words. */
	readonly withoutWorkload: readonly string[];
	/** Autoscalers, charts and files that were not looked at, or not by every rule, and why. */
	readonly notLookedAt: readonly NotLookedAt[];
};

/**
 * Says what the autoscalers in manifests can never do, each with a load under which the simulator or the autoscaler itself
 * shows it.
 *
 * @param paths - files, folders, or `-` for standard input
 * @throws {UserError} where a file that was named cannot be read
 */
export async function lint(paths: readonly string[], {signal, onProgress}: UseCaseOptions = {}): Promise<LintResult> {
	const {files, subjects, refused, notLookedAt, withoutWorkload} = await readSubjects(paths);
	const found: LintFinding[] = refused.map(({object, faults}) => refusedFinding(object, faults));
	const progress = {doing: 'Looking at autoscalers', total: subjects.length, unit: 'autoscalers'};
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
	}

	onProgress?.({...progress, done: subjects.length, isOver: true});
	const findings = withoutRepeats(found).sort(byWeight);
	return {
		files,
		autoscalers: subjects.length + refused.length,
		findings: findings.filter(finding => !isIgnored(finding)),
		suppressed: findings.filter(isIgnored),
		withoutWorkload: withoutWorkload.map(autoscaler => objectWords(autoscaler)),
		notLookedAt,
	};
}

/** The witness of a suspicion, simulated where it has to be; undefined where the run does not show it. */
async function witnessOf(witness: Witness | WitnessPlan): Promise<Witness | undefined> {
	if (!isPlan(witness)) {
		return witness;
	}

	const {load, experiment, other, shows, cases} = witness;
	const timeline = await simulated(experiment);
	const others = timeline === undefined || other === undefined ? [] : await simulated(other);
	return timeline !== undefined && others !== undefined && shows(timeline, others)
		? {load, from: 'simulator', timeline, cases}
		: undefined;
}

/** Decisions of one simulated run; undefined where the simulator does not take the manifest. */
async function simulated(document: WitnessPlan['experiment']): Promise<WitnessStep[] | undefined> {
	// Its models are named from there.
	const path = join(packageRoot(), 'experiments', 'witness.yaml');
	try {
		const experiment = await readExperiment(path, {text: kubectlYaml(document, [])});
		const {tables, timeline} = simulate(experiment, {
			replication: 0,
			arm: 'dynamic',
			schedule: new Schedule(experiment, 0),
			isRecorded: true,
		});
		const {decisions} = tables!;
		const steps = [...decisions.seconds].map((at, row) => ({
			at,
			replicas: decisions.currentReplicas[row]!,
			desired: decisions.desiredReplicas[row]!,
			metrics: JSON.parse(decisions.proposals[row]!) as MetricResult[],
		}));
		return steps.length > 0
			? steps
			: timeline.map(([at, replicas]) => ({at, replicas, desired: replicas, metrics: []}));
	} catch (error) {
		if (error instanceof UserError) {
			return undefined;
		}

		throw error;
	}
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
export const lintRules: readonly Omit<Rule, 'check'>[] = [refusedRule, ...rules];

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

import {basename} from 'node:path';
import type {Comparison, ComparisonInput} from '../comparison/compare.ts';
import type {Recorded} from '../comparison/controller-check.ts';
import type {ExperimentEvidence, RecordEvidence, ValidationEvidence} from '../comparison/validation/validation.ts';
import type {Arm, RecordHead} from '../records/record.ts';
import {recordHash} from '../records/record-hash.ts';
import {findExperiment} from '../store/experiments/find-experiment.ts';
import {listShippedExperiments} from '../store/experiments/read-experiment.ts';
import {type FoundRecord, findRecords, readMeasuredAt} from '../store/records/find-records.ts';
import {liveCheckedHashes} from '../store/results/read-live-check.ts';
import {findRun} from './calibration-plan.ts';
import {type AdmittedRecord, admitRecords, recordsOf, recordsWith, type Subject} from './compare.ts';

/** Experiments with their records, and the comparisons that they ask for. */
export type ValidationPlan = Pick<ValidationEvidence, 'strangers' | 'unmeasured'> & {
	readonly experiments: readonly PlannedExperiment[];
};

type PlannedExperiment = Omit<ExperimentEvidence, 'comparison' | 'inSample'> & {
	readonly judging: ComparisonInput | undefined;
	readonly calibrating: readonly ComparisonInput[];
};

const arms: readonly Arm[] = ['dynamic', 'fixed'];

/** Reads every measured record below a folder, and plans its comparison with the simulator. */
export async function planValidation(root: string, replications: number): Promise<ValidationPlan> {
	const measured = (await findRecords(root)).filter(({head}) => head.engine === 'measured');
	const experiments: PlannedExperiment[] = [];
	const strangers: FoundRecord[] = [];
	const candidates = liveCheckedHashes(root); // of tunings: what they show is said there
	for (const group of groupsOf(measured)) {
		const subject = await subjectOf(group[0]!.head);
		if (subject === undefined) {
			strangers.push(...group.filter(({head}) => !candidates.has(head.experiment.hash)));
		} else {
			experiments.push(await planned(group, subject, replications));
		}
	}

	const names = experiments.map(({experiment}) => experiment.name);
	const shipped = listShippedExperiments().map(path => basename(path, '.yaml'));
	return {
		experiments,
		strangers: strangers.map(({folder, head}) => ({folder, ...head.experiment})),
		unmeasured: shipped.filter(name => !names.includes(name)),
	};
}

/** The plan with the comparisons in their places. */
export function evidenceOf(
	{experiments, ...rest}: ValidationPlan,
	replications: number,
	comparisonOf: (input: ComparisonInput) => Comparison,
): ValidationEvidence {
	return {
		replications,
		...rest,
		experiments: experiments.map(({judging, calibrating, ...experiment}) => ({
			...experiment,
			comparison: judging === undefined ? null : comparisonOf(judging),
			inSample: calibrating.map(input => ({arm: input.arm ?? 'dynamic', comparison: comparisonOf(input)})),
		})),
	};
}

/** The experiment of a record: one of its own, or a run of a calibration. */
async function subjectOf(head: RecordHead): Promise<Subject | undefined> {
	const found = await findExperiment(head);
	if (found !== undefined) {
		return found;
	}

	const {profile} = head.experiment;
	const run = await findRun(head);
	return run && {experiment: run.experiment, path: run.path, options: profile === undefined ? {} : {profile}};
}

/** Records of one experiment together, in the order of their paths. */
function groupsOf(records: readonly FoundRecord[]): FoundRecord[][] {
	const groups = new Map<string, FoundRecord[]>();
	for (const record of records) {
		const {experiment, seed} = record.head;
		const key = JSON.stringify([experiment.hash, experiment.profile, seed]);
		groups.set(key, [...(groups.get(key) ?? []), record]);
	}

	return [...groups.values()];
}

async function planned(
	group: readonly FoundRecord[],
	subject: Subject,
	replications: number,
): Promise<PlannedExperiment> {
	const {experiment, path} = subject;
	const folders = group.map(({folder}) => folder);
	const {models, records} = await admitRecords(folders, subject);
	const {name, hash, profile, seed} = experiment;
	const [judges, fitted] = [recordsWith(records, 'judge'), recordsWith(records, 'calibration')];
	const inputOf = (measured: readonly Recorded[], arm: Arm): ComparisonInput[] => {
		const ofArm = recordsOf(measured, arm);
		return ofArm.length === 0 ? [] : [{experiment, replications, arm, measured: ofArm}];
	};
	const isHeldTo = Object.keys(experiment.accept).length > 0;
	const [judging] = isHeldTo ? arms.flatMap(arm => inputOf(judges, arm)) : [];
	const measuredFixed = recordsOf(judges, 'fixed');
	return {
		experiment: {name, hash, seed, ...(profile !== undefined && {profile})},
		file: path,
		models,
		records: await Promise.all(records.map(recordEvidence)),
		judging: judging?.arm === 'dynamic' ? {...judging, measuredFixed} : judging,
		calibrating: arms.flatMap(arm => inputOf(fitted, arm)),
	};
}

async function recordEvidence({recorded: {name, recording}, standing}: AdmittedRecord): Promise<RecordEvidence> {
	const {arm, replication} = recording.head;
	const measuredAt = await readMeasuredAt(name);
	return {
		folder: name,
		hash: recordHash(recording),
		arm,
		repeat: replication,
		measuredAt: measuredAt ?? null,
		standing,
	};
}

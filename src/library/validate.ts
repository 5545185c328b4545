import {availableParallelism} from 'node:os';
import {basename, join, relative} from 'node:path';
import type {ComparisonInput} from '../comparison/compare.ts';
import type {Recorded} from '../comparison/controller-check.ts';
import {runCount} from '../comparison/run-counts.ts';
import {type EmulatedEvidence, emulatedEvidence} from '../comparison/validation/emulated-evidence.ts';
import {
	type CampaignEvidence,
	type ExperimentEvidence,
	judgeEvidence,
	type Validation,
	type ValidationEvidence,
} from '../comparison/validation/validation.ts';
import {UserError} from '../errors.ts';
import type {Arm, RecordHead} from '../records/record.ts';
import {validationFiles} from '../report/validation/data.ts';
import {listShippedExperiments} from '../store/disk/package.ts';
import {refuseStale, refuseUnwritable} from '../store/disk/refuse-unwritable.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {findExperiment, type ReadExperiments} from '../store/experiments/find-experiment.ts';
import {readExperimentSource} from '../store/experiments/read-experiment.ts';
import {type FoundRecord, findRecords} from '../store/records/find-records.ts';
import {liveCheckedHashes} from '../store/results/read-live-check.ts';
import {findRun} from './calibration-plan.ts';
import {type CampaignFolder, campaignOf, campaignsBelow, settingsOf} from './campaign/campaign-models.ts';
import {recordEvidence} from './campaign/record-evidence.ts';
import {admitRecords, readCalibrationProbes, recordsOf, recordsWith, type Subject} from './comparison-sides.ts';
import {compareAll} from './pool/compare-all.ts';
import type {UseCaseOptions} from './use-case.ts';

export type {Validation};

export type ValidateOptions = UseCaseOptions & {
	/** Folder in which measured records are looked for; `reports` when left out. */
	readonly records?: string;
	/** Runs of the simulator for each experiment, at least 2; 100 when left out. */
	readonly replications?: number;
	/** Threads, at least 1; one a core when left out. The result does not depend on it. */
	readonly workers?: number;
	/** Folder of README.md, validation.json and validation.csv; nothing is written when left out. */
	readonly out?: string;
	/** Whether to write nothing, and to refuse files in `out` that are not what would be written. */
	readonly isCheck?: boolean;
};

/**
 * Compares every measured record below a folder with the simulator.
 *
 * @returns verdicts of the experiments, and the goals that they meet
 * @throws {UserError} E_FILE when no record may judge; with `isCheck` a line for each file that is another one
 * @throws {RangeError} when `replications` is no integer of at least 2, or `workers` none of at least 1
 */
export async function validate({
	records = 'reports',
	replications = 100,
	workers = availableParallelism(),
	out,
	isCheck = false,
	...useCase
}: ValidateOptions = {}): Promise<Validation> {
	refuseBelow(2, 'replications', replications);
	refuseBelow(1, 'workers', workers);
	useCase.signal?.throwIfAborted();
	const plan = await planValidation(records, replications);
	if (plan.emulated === undefined && !plan.experiments.some(({judging}) => judging !== undefined)) {
		const count = plan.experiments.reduce((sum, experiment) => sum + experiment.records.length, 0);
		const got = count === 0 ? 'none' : `${count}, none of which can`;
		throw new UserError(
			'E_FILE',
			`Expected measured records under ${records} that can judge the simulator, got ${got}`,
		);
	}

	if (out !== undefined && !isCheck) {
		refuseUnwritable(out, []); // before minutes of simulating
	}

	const validation = judgeEvidence(await evidenceOf(plan, {replications, workers, ...useCase}));
	if (out !== undefined) {
		const files = validationFiles(validation, linksFrom(out, validation));
		isCheck ? refuseStale(out, files, 'replicast validate') : writeAll(out, files);
	}

	return validation;
}

function refuseBelow(least: number, name: string, value: number): void {
	if (!Number.isInteger(value) || value < least) {
		throw new RangeError(`Expected ${name} to be an integer of at least ${least}, got ${value}`);
	}
}

/** Link to each record's folder from a page in `out`. */
function linksFrom(out: string, {experiments}: Validation): Map<string, string> {
	const folders = experiments.flatMap(({records}) => records.map(({folder}) => folder));
	return new Map(folders.map(folder => [folder, relative(out, folder).replaceAll('\\', '/')]));
}

function writeAll(out: string, files: Readonly<Record<string, string>>): void {
	for (const [name, content] of Object.entries(files)) {
		writeFileAtomically(join(out, name), content);
	}
}

/** Experiments with their records, and the comparisons to be made. */
type ValidationPlan = Pick<ValidationEvidence, 'strangers' | 'unmeasured' | 'emulated'> & {
	readonly experiments: readonly PlannedExperiment[];
};

type PlannedExperiment = Omit<ExperimentEvidence, 'comparison' | 'inSample' | 'campaign'> & {
	readonly judging: ComparisonInput | undefined;
	readonly calibrating: readonly ComparisonInput[];
	/** The campaign of its records; with the judging comparison by the models of the experiment's file. */
	readonly campaign?: Pick<CampaignEvidence, 'folder' | 'set'> & {readonly uncalibrated: ComparisonInput};
};

const arms: readonly Arm[] = ['dynamic', 'fixed'];

/** Reads every measured record below a folder, and plans its comparison with the simulator. */
async function planValidation(root: string, replications: number): Promise<ValidationPlan> {
	const found = await findRecords(root);
	const measured = found.filter(({head}) => head.engine === 'measured');
	const experiments: PlannedExperiment[] = [];
	const strangers: FoundRecord[] = [];
	const probesOf = await readCalibrationProbes(root);
	const candidates = liveCheckedHashes(root); // of tunings, which report them
	const read: ReadExperiments = new Map();
	const campaigns = campaignsBelow(root);
	for (const group of groupsOf(measured, campaigns)) {
		const subject = await subjectOf(group[0]!.head, read);
		if (subject === undefined) {
			strangers.push(...group.filter(({head}) => !candidates.has(head.experiment.hash)));
			continue;
		}

		const plan = async (by: Subject) => plannedBy(group, by, {replications, ...probesOf(by.models)});
		const campaign = campaignOf(group[0]!.folder, campaigns);
		if (campaign === undefined) {
			experiments.push(await plan(subject));
			continue;
		}

		const own = await inCampaign(subject, campaign);
		const planned = await plan(own.subject);
		const {judging} = planned;
		experiments.push({
			...planned,
			...(judging !== undefined && {
				campaign: {
					...{folder: campaign.folder, set: own.set},
					uncalibrated: judgedBy(subject, judging, probesOf(subject.models)),
				},
			}),
		});
	}

	const emulated = await checkEmulated(found, read);
	const names = experiments.map(({experiment}) => experiment.name);
	const shipped = listShippedExperiments().map(path => basename(path, '.yaml'));
	return {
		experiments,
		...(emulated.length > 0 && {emulated}),
		strangers: strangers.map(({folder, head}) => ({folder, ...head.experiment})),
		unmeasured: shipped.filter(name => !names.includes(name)),
	};
}

/** Checks the controller by the emulated records whose experiment is there. */
async function checkEmulated(found: readonly FoundRecord[], read: ReadExperiments): Promise<EmulatedEvidence[]> {
	const checked: EmulatedEvidence[] = [];
	for (const {folder, head} of found.filter(({head}) => head.engine === 'emulated')) {
		const subject = await subjectOf(head, read);
		const records = subject === undefined ? [] : await admitRecords([folder], subject);
		checked.push(...recordsWith(records, 'judge').map(recorded => emulatedEvidence(recorded, subject!.experiment)));
	}

	return checked;
}

type ComparingOptions = UseCaseOptions & {readonly replications: number; readonly workers: number};

/** Makes all comparisons of a plan. */
async function evidenceOf(
	{experiments, ...rest}: ValidationPlan,
	{replications, workers, signal, onProgress}: ComparingOptions,
): Promise<ValidationEvidence> {
	const inputs = experiments.flatMap(({judging, calibrating, campaign}) =>
		[judging, ...calibrating, campaign?.uncalibrated].filter(input => input !== undefined),
	);
	const total = inputs.reduce((sum, input) => sum + runCount(input), 0);
	const progress = {doing: 'Simulating', total, unit: 'replications'};
	let done = 0;
	onProgress?.({...progress, done});
	const comparisons = await compareAll(inputs, {
		workers,
		signal,
		onRun: () => onProgress?.({...progress, done: ++done}),
		onComparison: index => onProgress?.({...progress, done, detail: `Simulated ${inputs[index]!.experiment.name}`}),
	});
	onProgress?.({...progress, done, isOver: true});
	const comparisonOf = (input: ComparisonInput) => comparisons[inputs.indexOf(input)]!;
	return {
		replications,
		...rest,
		experiments: experiments.map(({judging, calibrating, campaign, ...experiment}) => ({
			...experiment,
			...(campaign !== undefined && {
				campaign: {
					folder: campaign.folder,
					set: campaign.set,
					withoutCalibration: comparisonOf(campaign.uncalibrated),
				},
			}),
			comparison: judging === undefined ? null : comparisonOf(judging),
			inSample: calibrating.map(input => ({arm: input.arm ?? 'dynamic', comparison: comparisonOf(input)})),
		})),
	};
}

/** The experiment of a record: one of its own, or a run of a calibration. */
async function subjectOf(head: RecordHead, read: ReadExperiments): Promise<Subject | undefined> {
	const found = await findExperiment(head, read);
	if (found !== undefined) {
		return found;
	}

	const {profile} = head.experiment;
	const run = await findRun(head);
	if (run === undefined) {
		return undefined;
	}

	const {models} = await readExperimentSource(run.path, profile === undefined ? {} : {profile});
	return {path: run.path, experiment: run.experiment, models};
}

/** A comparison of the same records by an experiment's own models. */
function judgedBy(
	{experiment}: Subject,
	{calibration: _, ...judging}: ComparisonInput,
	probes: Pick<ComparisonInput, 'calibration'>,
): ComparisonInput {
	return {...judging, experiment, ...probes};
}

/** The experiment with the models that a campaign measured, and the changes that put them there. */
async function inCampaign({path, experiment}: Subject, {models}: CampaignFolder) {
	const {profile, seed} = experiment;
	const set = await settingsOf(models);
	return {set, subject: await readExperimentSource(path, {seed, set, ...(profile !== undefined && {profile})})};
}

/** Records of one experiment and campaign together, in the order of their paths. */
function groupsOf(records: readonly FoundRecord[], campaigns: readonly CampaignFolder[]): FoundRecord[][] {
	const groups = new Map<string, FoundRecord[]>();
	for (const record of records) {
		const {experiment, seed} = record.head;
		const campaign = campaignOf(record.folder, campaigns)?.folder;
		const key = JSON.stringify([experiment.hash, experiment.profile, seed, campaign]);
		groups.set(key, [...(groups.get(key) ?? []), record]);
	}

	return [...groups.values()];
}

async function plannedBy(
	group: readonly FoundRecord[],
	subject: Subject,
	comparing: Pick<ComparisonInput, 'replications' | 'calibration'>,
): Promise<PlannedExperiment> {
	const {experiment, path, models} = subject;
	const folders = group.map(({folder}) => folder);
	const records = await admitRecords(folders, subject);
	const {name, hash, profile, seed} = experiment;
	const [judges, fitted] = [recordsWith(records, 'judge'), recordsWith(records, 'calibration')];
	const inputOf = (measured: readonly Recorded[], arm: Arm): ComparisonInput[] => {
		const ofArm = recordsOf(measured, arm);
		return ofArm.length === 0 ? [] : [{experiment, ...comparing, arm, measured: ofArm}];
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

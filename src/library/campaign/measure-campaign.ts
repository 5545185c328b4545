import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {
	afterDisturbance,
	afterLook,
	afterRun,
	type Campaign,
	type CampaignExperiment,
	type CampaignRun,
	nextRun,
} from '../../comparison/campaign/campaign.ts';
import {confidenceOf, levelAt, usualRule} from '../../comparison/campaign/sequential-rule.ts';
import type {Comparison} from '../../comparison/compare.ts';
import {judgeEvidence, type Validation} from '../../comparison/validation/validation.ts';
import {UserError} from '../../errors.ts';
import {experimentFolder} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import {campaignReadme} from '../../report/campaign-report.ts';
import {validationFiles} from '../../report/validation/data.ts';
import {writeFileAtomically} from '../../store/disk/write-atomically.ts';
import {readRecordHead} from '../../store/records/read-record.ts';
import {admitRecords, readCalibrationProbes, recordsOf, recordsWith, type Subject} from '../comparison-sides.ts';
import type {Progress, UseCaseOptions} from '../use-case.ts';
import type {CampaignField} from './campaign-field.ts';
import {resumedCampaign, writeCampaign} from './campaign-file.ts';
import {recordEvidence} from './record-evidence.ts';

/** Campaign with the subjects of its experiments, and where it stands. */
export type MeasuredCampaign = {
	readonly campaign: Campaign;
	/** Whether the budget ended before every experiment had its verdict. */
	readonly isOutOfBudget: boolean;
	/** Validation by all records of the campaign; undefined before any can judge. */
	readonly validation: Validation | undefined;
	readonly out: string;
};

export type MeasureCampaignOptions = UseCaseOptions & {
	/** Folder of the campaign: its state, records, models and report. */
	readonly out: string;
	/** Time for measuring in this call [s]; without end when left out. */
	readonly budget?: number;
	/** Most repeats of each experiment; 8 when left out. */
	readonly mostRepeats?: number;
	/** Seed of the order of the runs; 1 when left out. */
	readonly seed?: number;
	/** Runs of the simulator in each comparison; 100 when left out. */
	readonly replications?: number;
};

/** Time of a run beside its load: clean start, samples, two probes [s]. */
export const besideLoad = 150;

/**
 * Calibrates on a cluster, then replays experiments in random, interleaved order until each is VALID or NOT VALID by the
 * sequential rule, has been repeated as often as the rule allows, or the budget ends. What was done stays on disk: the same
 * call goes on.
 *
 * @param field - cluster and clock of the campaign
 * @throws {UserError} when the folder holds another campaign, or no experiment can be judged
 * @throws the signal's reason after an interruption
 */
export async function measureCampaign(
	field: CampaignField,
	options: MeasureCampaignOptions,
): Promise<MeasuredCampaign> {
	const {out, budget = Number.POSITIVE_INFINITY, signal, onProgress} = options;
	const end = field.now() + budget;
	let subjects = await field.subjects([]);
	let campaign = resumedCampaign(out, freshCampaign(subjects, options));
	writeCampaign(out, campaign);
	if (campaign.models === undefined) {
		campaign = {...campaign, models: await field.calibrate()};
		writeCampaign(out, campaign);
	}

	subjects = await field.subjects(campaign.models ?? []);
	const work = {...options, field, subjects};
	for (let run = nextRun(campaign); run !== undefined; run = nextRun(campaign)) {
		signal?.throwIfAborted();
		const seconds = subjectOf(run.name, subjects).experiment.duration + besideLoad;
		if (field.now() + seconds > end) {
			return {campaign, isOutOfBudget: true, out, validation: await report(campaign, work)};
		}

		onProgress?.(progressOf(campaign, run));
		campaign = await played(campaign, run, work);
		writeCampaign(out, campaign);
	}

	return {campaign, isOutOfBudget: false, out, validation: await report(campaign, work)};
}

/** The campaign before its first run. */
export function freshCampaign(
	subjects: readonly Subject[],
	{mostRepeats = usualRule.mostRepeats, seed = 1}: Pick<MeasureCampaignOptions, 'mostRepeats' | 'seed'>,
): Campaign {
	if (subjects.length === 0) {
		throw new UserError('E_CONFIG', 'Expected an experiment of that profile that sets tolerances (accept), got none');
	}

	return {
		rule: {...usualRule, mostRepeats},
		seed,
		experiments: subjects.map(({experiment}) => ({
			name: experimentFolder(experiment),
			hash: experiment.hash,
			arms: experiment.accept['savings'] !== undefined && experiment.fixed !== undefined ? bothArms : ['dynamic'],
			repeats: 0,
			done: [],
			disturbed: 0,
			disturbedRuns: 0,
			decided: {},
			open: [],
		})),
	};
}

const bothArms: readonly Arm[] = ['dynamic', 'fixed'];

function subjectOf(name: string, subjects: readonly Subject[]): Subject {
	return subjects.find(({experiment}) => experimentFolder(experiment) === name)!;
}

type Work = MeasureCampaignOptions & {readonly field: CampaignField; readonly subjects: readonly Subject[]};

/** The campaign after a run, and after the look that it makes possible. */
async function played(campaign: Campaign, run: CampaignRun, work: Work): Promise<Campaign> {
	const {field, subjects} = work;
	const {experiment} = subjectOf(run.name, subjects);
	const folder = folderOf(run, work);
	await field.replay({experiment, arm: run.arm, repeat: run.repeat}, folder);
	const {validity} = await readRecordHead(folder);
	if (!validity.valid) {
		return afterDisturbance(campaign, run, validity.reasons);
	}

	const next = afterRun(campaign, run);
	const {repeats} = next.experiments.find(({name}) => name === run.name)!;
	const level = repeats > run.repeat ? levelAt(repeats, campaign.rule) : 0;
	return level === 0 ? next : looked(next, {name: run.name, level}, work);
}

function folderOf({name, arm, repeat}: CampaignRun, {out}: {readonly out: string}): string {
	return join(out, 'measured', name, `${arm}-${repeat}`);
}

/** The campaign after a look at an experiment by the intervals of its level. */
async function looked(
	campaign: Campaign,
	{name, level}: {readonly name: string; readonly level: number},
	work: Work,
): Promise<Campaign> {
	const experiment = campaign.experiments.find(one => one.name === name)!;
	const verdicts = async (confidence: number) => {
		const {comparison} = await comparisonOf(experiment, {...work, confidence});
		const {judged, judgements} = comparison;
		const by = (verdict: string) => judged.filter(figure => judgements.simulator.figures[figure]?.verdict === verdict);
		return {judged, within: by('within'), outside: by('outside')};
	};

	const look = await verdicts(confidenceOf(level));
	// Any of the figures may refuse an experiment, so that each has a part of the level for it.
	const strict = look.outside.length > 0 && look.judged.length > 1;
	const outside = strict ? (await verdicts(confidenceOf(level / look.judged.length))).outside : look.outside;
	return afterLook(campaign, name, {...look, outside});
}

/** Compares the simulator with all records of an experiment that are measured so far. */
async function comparisonOf(
	{name, arms, repeats}: CampaignExperiment,
	{confidence, ...work}: Work & {readonly confidence?: number},
) {
	const {field, subjects, replications = 100, signal, out} = work;
	const subject = subjectOf(name, subjects);
	const folders = Array.from({length: repeats}, (_, repeat) =>
		arms.map(arm => folderOf({name, arm, repeat}, work)),
	).flat();
	const records = await admitRecords(
		folders.filter(folder => existsSync(folder)),
		subject,
	);
	const judging = recordsWith(records, 'judge');
	const comparison: Comparison = await field.compare(
		{
			experiment: subject.experiment,
			replications,
			measured: recordsOf(judging, 'dynamic'),
			measuredFixed: recordsOf(judging, 'fixed'),
			...(await readCalibrationProbes(join(out, 'calibration')))(subject.models),
			...(confidence !== undefined && {confidence}),
		},
		signal,
	);
	return {subject, records, comparison};
}

function progressOf({experiments, rule}: Campaign, {name, arm, repeat}: CampaignRun): Progress {
	const done = experiments.filter(({verdict}) => verdict !== undefined).length;
	return {
		doing: 'Deciding',
		done,
		total: experiments.length,
		unit: 'experiments',
		detail: `next ${name}, ${arm}, repeat ${repeat + 1} of at most ${rule.mostRepeats}`,
	};
}

/** Writes the report of a campaign. @returns the validation; undefined while no experiment has two repeats */
async function report(campaign: Campaign, work: Work): Promise<Validation | undefined> {
	const {out, replications = 100} = work;
	const measured = campaign.experiments.filter(({repeats}) => repeats > 0);
	const experiments: Parameters<typeof judgeEvidence>[0]['experiments'][number][] = [];
	for (const experiment of measured) {
		const {subject, records, comparison} = await comparisonOf(experiment, work);
		const {name, hash, profile, seed} = subject.experiment;
		experiments.push({
			experiment: {name, hash, seed, ...(profile !== undefined && {profile})},
			file: subject.path,
			models: subject.models,
			records: await Promise.all(records.map(recordEvidence)),
			comparison,
			inSample: [],
		});
	}

	const validation =
		experiments.length === 0 ? undefined : judgeEvidence({replications, experiments, strangers: [], unmeasured: []});
	writeFileAtomically(join(out, 'README.md'), campaignReadme(campaign));
	if (validation !== undefined) {
		const links = new Map(
			validation.experiments.flatMap(({records}) =>
				records.map(({folder}) => [folder, folder.replace(out, '..').replaceAll('\\', '/')] as const),
			),
		);
		for (const [name, content] of Object.entries(validationFiles(validation, links))) {
			writeFileAtomically(join(out, 'validation', name), content);
		}
	}

	return validation;
}

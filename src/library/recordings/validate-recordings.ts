import {availableParallelism} from 'node:os';
import {type ArmComparison, compareArms} from '../../comparison/recordings/arms.ts';
import {repeatPairs} from '../../comparison/recordings/repeat-pairs.ts';
import {type RepeatPair, type SetScores, setScores} from '../../comparison/recordings/set-scores.ts';
import {UserError} from '../../errors.ts';
import type {RecordingSettings} from '../../experiment/recordings/settings-schema.ts';
import type {RecordedRun} from '../../records/recorded-run.ts';
import {refuseUnwritable} from '../../store/disk/refuse-unwritable.ts';
import {ReferencedFiles} from '../../store/experiments/referenced-files.ts';
import {type ListedRun, listRuns} from '../../store/recordings/list-runs.ts';
import {RecordingReader} from '../../store/recordings/read-run.ts';
import {type FoundSettings, findSettings, readSettings} from '../../store/recordings/read-settings.ts';
import {assumptionsFor, leftOutBecause} from '../../store/recordings/run-experiment.ts';
import {forecastRecordings} from '../pool/forecast-recordings.ts';
import type {UseCaseOptions} from '../use-case.ts';
import {type JudgedRun, judgeRecording} from './judge-recording.ts';
import {recordingTask} from './recording-task.ts';
import {writeRecordings} from './write-recordings.ts';

/** Replications of a recording's forecast when nobody says how many. */
export const usualReplications = 40;

export type ValidateRecordingsOptions = UseCaseOptions & {
	/** Names of the sets that are forecast; all when left out. */
	readonly sets?: readonly string[];
	/** Settings of every set; the shipped ones by a set's name when left out. */
	readonly settings?: string;
	/** Replications of each forecast, at least 2; `usualReplications` when left out. */
	readonly replications?: number;
	/** Threads, at least 1; one a core when left out. The result does not depend on it. */
	readonly workers?: number;
	/** Whether the settings are also judged without their facts, with the first, with the first two, and so on. */
	readonly ladder?: boolean;
	/** Folder of the report with its charts; nothing is written when left out. */
	readonly out?: string;
};

/** Step of a ladder: the settings with a fact more. */
type Rung = {
	/** The fact that is laid over; the published settings alone when left out. */
	readonly fact?: string;
	/** Mean absolute error over time and recordings [replicas]. */
	readonly replicaError: number;
	/** Mean absolute error over the recordings that the fit never saw [replicas]; left out where it saw all or none. */
	readonly unseenReplicaError?: number;
};

/** A set of recordings with its scores. */
type JudgedSet = {
	readonly scores: SetScores;
	/** Autoscalers beside each other under the same arrivals. */
	readonly arms: readonly ArmComparison[];
	readonly settingsFile: string;
	/** Date on which the settings were frozen; left out where nothing was fitted. */
	readonly frozen?: string;
	readonly runs: readonly JudgedRun[];
	readonly pairs: readonly RepeatPair[];
	readonly leftOut: readonly {readonly run: string; readonly because: string}[];
	/** Sentences on what the settings assume where the recordings leave something out. */
	readonly assumed: readonly string[];
	/** Values of the column `hpa` of which the settings say nothing of their own. */
	readonly unnamed: readonly string[];
	readonly ladder?: readonly Rung[];
};

export type RecordingsValidation = {
	readonly replications: number;
	readonly sets: readonly JudgedSet[];
	/** Sets without settings. */
	readonly skipped: readonly string[];
};

/**
 * Forecasts recordings of autoscalers from their settings and arrivals, and scores the forecasts.
 *
 * @param folder - folder of recordings, or of such folders
 * @throws {UserError} in one line for a folder that lacks a file or a column, for faults of the settings, and when no set has any
 * @throws {RangeError} when `replications` is no integer of at least 2
 */
export async function validateRecordings(
	folder: string,
	options: ValidateRecordingsOptions = {},
): Promise<RecordingsValidation> {
	const {replications = usualReplications, workers = availableParallelism(), signal, onProgress} = options;
	if (!Number.isInteger(replications) || replications < 2) {
		throw new RangeError(`Expected replications to be an integer of at least 2, got ${replications}`);
	}

	if (options.out !== undefined) {
		refuseUnwritable(options.out, []); // before minutes of simulating
	}

	const {plans, skipped} = await planSets(folder, options);
	const jobs = plans.flatMap(plan => jobsOf(plan, options.ladder === true));
	const progress = {doing: 'Forecasting', total: jobs.length, unit: 'recordings'};
	const files = new ReferencedFiles();
	const outcomes = new Map<Job, JudgedRun>();
	onProgress?.({...progress, done: 0});
	try {
		await forecastRecordings(jobs, {
			workers,
			signal,
			taskOf: async ({plan, run, facts}) => recordingTask(plan.found, run, {facts, files, replications}),
			onLines(job, lines, task) {
				outcomes.set(job, judgeRecording(job.run, lines, task, job.plan));
				onProgress?.({...progress, done: outcomes.size});
			},
		});
	} finally {
		onProgress?.({...progress, done: outcomes.size, isOver: true});
	}

	const result = {replications, sets: plans.map(plan => judgedSet(plan, jobs, outcomes)), skipped};
	if (options.out !== undefined) {
		await writeRecordings(options.out, result);
	}

	return result;
}

type SetPlan = {
	readonly set: string;
	readonly found: FoundSettings;
	readonly runs: readonly RecordedRun[];
	/** Runs of other sets that recorded the same. */
	readonly others: readonly RecordedRun[];
	readonly leftOut: readonly {readonly run: string; readonly because: string}[];
};

/** A forecast of one recording with some of the facts. */
type Job = {readonly plan: SetPlan; readonly run: RecordedRun; readonly facts: number};

async function planSets(folder: string, {sets, settings}: ValidateRecordingsOptions) {
	const listed = await listRuns(folder);
	const present = [...new Set(listed.map(({set}) => set))];
	const unknown = sets?.filter(set => !present.includes(set)) ?? [];
	if (unknown.length > 0) {
		throw new UserError('E_USAGE', `Expected --set to be one of ${present.join(', ')}, got ${unknown.join(', ')}`);
	}

	const reader = new RecordingReader();
	const plans: SetPlan[] = [];
	const skipped: string[] = [];
	for (const set of sets ?? present) {
		const path = settings ?? findSettings(set);
		if (path === undefined) {
			skipped.push(set);
		} else {
			plans.push(await planSet(set, await readSettings(path), {listed, reader}));
		}
	}

	if (plans.length === 0) {
		const names = skipped.join(', ');
		throw new UserError(
			'E_FILE',
			`Expected settings for a set of ${folder}, got none for ${names}: name a file with --settings`,
		);
	}

	return {plans, skipped};
}

type Listing = {readonly listed: readonly ListedRun[]; readonly reader: RecordingReader};

async function planSet(set: string, found: FoundSettings, {listed, reader}: Listing): Promise<SetPlan> {
	const {settings} = found;
	const own = listed.filter(run => run.set === set);
	const leftOut = own.flatMap(run => {
		const because = leftOutBecause(settings, run);
		return because === undefined ? [] : [{run: run.run, because}];
	});
	const read = async (runs: readonly ListedRun[]) => {
		const all: RecordedRun[] = [];
		for (const run of runs) {
			all.push(await reader.read(run));
		}

		return all;
	};
	const runs = await read(own.filter(run => leftOutBecause(settings, run) === undefined));
	const lacking = runs.find(({lines}) => lines[settings.judged] === undefined);
	if (lacking !== undefined) {
		const name = `${set}/${lacking.run}`;
		throw new UserError(
			'E_CONFIG',
			`${found.path}:1:1: Expected ${name} to have ${settings.judged} replicas, got none`,
		);
	}

	const others = await read(listed.filter(run => settings.repeats.includes(run.set) && run.set !== set));
	return {set, found, runs, others, leftOut};
}

function jobsOf(plan: SetPlan, hasLadder: boolean): Job[] {
	const count = plan.found.settings.fitted?.found.length ?? 0;
	const steps = hasLadder ? Array.from({length: count + 1}, (_, facts) => facts) : [count];
	return steps.flatMap(facts => plan.runs.map(run => ({plan, run, facts})));
}

function judgedSet(plan: SetPlan, jobs: readonly Job[], outcomes: ReadonlyMap<Job, JudgedRun>): JudgedSet {
	const {set, found, runs, others, leftOut} = plan;
	const {settings, path} = found;
	const own = jobs.filter(job => job.plan === plan);
	const scoredWith = (facts: number) => own.filter(job => job.facts === facts).map(job => outcomes.get(job)!);
	const facts = settings.fitted?.found ?? [];
	const judged = scoredWith(facts.length);
	const pairs = repeatPairs([...runs, ...others], settings.judged);
	const rungs = [...new Set(own.map(job => job.facts))].map(count => ({
		...(count > 0 && {fact: facts[count - 1]!.fact}),
		...rungErrors(set, scoredWith(count)),
	}));
	return {
		scores: setScores(set, judged, pairs),
		arms: compareArms(judged.flatMap(({arm}) => (arm === undefined ? [] : [arm]))),
		settingsFile: path,
		...(settings.fitted !== undefined && {frozen: settings.fitted.date}),
		runs: judged,
		pairs,
		leftOut,
		assumed: assumptionsFor(settings, runs),
		unnamed: unnamedIn(settings, judged),
		...(rungs.length > 1 && {ladder: rungs}),
	};
}

function rungErrors(set: string, runs: readonly JudgedRun[]): Omit<Rung, 'fact'> {
	const errorOf = (some: readonly JudgedRun[]) => setScores(set, some, []).replicaError.mean;
	const unseen = runs.filter(({isFitted}) => !isFitted);
	const hasBoth = unseen.length > 0 && unseen.length < runs.length;
	return {replicaError: errorOf(runs), ...(hasBoth && {unseenReplicaError: errorOf(unseen)})};
}

function unnamedIn({runs}: RecordingSettings, judged: readonly JudgedRun[]): string[] {
	const names = [...new Set(judged.map(({autoscaler}) => autoscaler))];
	return names.filter(name => !runs.some(({where}) => where['hpa'] === name));
}

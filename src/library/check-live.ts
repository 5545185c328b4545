import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {setImmediate as breathe} from 'node:timers/promises';
import {controllerConfig} from '../autoscaler/contracts.ts';
import {folderOf} from '../cluster/replay/replay.ts';
import type {ReplayRun} from '../cluster/replay/replay-run.ts';
import {refuseUnreplayable} from '../cluster/setup/refuse-unreplayable.ts';
import {recordStandingOf} from '../comparison/admit.ts';
import {MeasuredSchedule} from '../comparison/measured-schedule.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {initialReplicas, largestReplicas} from '../experiment/pod-requests.ts';
import {readAccount} from '../records/read-account.ts';
import {liveReport} from '../report/live-report.ts';
import {counted, formatDuration} from '../report/text/format.ts';
import {reportMarkdown} from '../report/text/report.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {readRecord} from '../store/records/read-record.ts';
import {evaluateAsReplayed} from '../tune/evaluate-candidate.ts';
import {type CandidateFigures, figuresOf} from '../tune/figures.ts';
import {liveCandidates} from '../tune/live-candidates.ts';
import {type LiveCandidate, type LiveCheck, type LivePoint, type LiveRun, liveCheckOf} from '../tune/live-check.ts';
import {roomOnNodes} from '../tune/scaling.ts';
import {measureOnCluster, type Place} from './replay/replay.ts';
import type {TuningResult} from './tune.ts';
import type {UseCaseOptions} from './use-case.ts';

export type {LiveCheck} from '../tune/live-check.ts';

type CheckLiveOptions = UseCaseOptions & {
	/** Cluster to replay on. */
	readonly place: Place;
	/** Records wanted of each candidate; default 1. */
	readonly repeats?: number;
	/** Leaves a cluster that was made for this where it is. */
	readonly keeps?: boolean;
};

/** Result of a live check. */
type CheckedLive = {
	readonly check: LiveCheck;
	/** `live.json` as it was written. */
	readonly json: string;
	/** Path of the report. */
	readonly report: string;
};

/**
 * Replays the recommended, the present and one dropped candidate of a tuning on a cluster, and writes into its folder
 * `live.json` and `live.md`: whether the ranking held. Records that are there and valid are not measured again.
 *
 * @throws {UserError} when a candidate cannot be replayed, or the machine lacks something
 * @throws the signal's reason after an interruption: the records of what was measured are written
 */
export async function checkLive(tuned: TuningResult, options: CheckLiveOptions): Promise<CheckedLive> {
	const {experiment, tuning, folder} = tuned;
	const {place, repeats = 1, keeps = false, signal, onProgress = () => undefined} = options;
	const candidates = chooseCandidates(tuned, options);
	const folders = {
		out: join(folder, 'live'),
		folderOf: (replayed: Experiment) => candidates.find(one => one.experiment === replayed)!.name,
	};
	onProgress({doing: planText(candidates, repeats), isOver: true});
	await measureOnCluster(runsOf(candidates, repeats), {
		...folders,
		place,
		keeps,
		onProgress,
		...(signal !== undefined && {signal}),
	});
	const points = await pointsOf(candidates, {
		repeats,
		replications: experiment.replications,
		onProgress,
		measured: async run => readLive(run, folderOf(run, folders)),
	});
	const {name, profile, hash} = experiment;
	const about = {name, ...(profile !== undefined && {profile}), hash};
	const check = liveCheckOf(points, {experiment: about, goal: tuning.goal, repeats});
	const json = `${JSON.stringify(check, null, '\t')}\n`;
	const report = join(folder, 'live.md');
	writeFileAtomically(join(folder, 'live.json'), json);
	writeFileAtomically(report, reportMarkdown(liveReport(experiment, check)));
	return {check, json, report};
}

function chooseCandidates({space, tuning}: TuningResult, {place}: CheckLiveOptions): LiveCandidate[] {
	const refuse = (experiment: Experiment) => {
		refuseUnreplayable(experiment, ['dynamic'], {reachesNodes: place.kind === 'kind'});
		refuseWithoutRoom(experiment);
	};
	if (!tuning.keepsBounds) {
		throw new UserError(
			'E_CONFIG',
			`Expected a setting that keeps the bounds for a live check of ${space.experiment.name}, got none`,
		);
	}

	const candidates = liveCandidates(space, tuning, experiment => isReplayable(experiment, refuse));
	for (const {experiment} of candidates) {
		refuse(experiment);
	}

	return candidates;
}

/** Runs repeat by repeat, so that changes of the machine meanwhile are shared by all candidates. */
function runsOf(candidates: readonly LiveCandidate[], repeats: number): ReplayRun[] {
	return Array.from({length: repeats}, (_, repeat) => repeat).flatMap(repeat =>
		candidates.map(({experiment}) => ({experiment, arm: 'dynamic' as const, repeat})),
	);
}

function refuseWithoutRoom(experiment: Experiment): void {
	const [wanted, room] = [initialReplicas(experiment, 'dynamic'), roomOnNodes(experiment)];
	if (wanted > room) {
		throw new UserError(
			'E_CONFIG',
			`${experiment.name}: Expected the ${wanted} pods of the start to fit deployment.nodes in a replay, got room for ${room}`,
		);
	}
}

/** Whether a cluster can replay it with all pods that it may have. */
function isReplayable(experiment: Experiment, refuse: (experiment: Experiment) => void): boolean {
	try {
		refuse(experiment);
		return largestReplicas(experiment, 'dynamic') <= roomOnNodes(experiment);
	} catch (error) {
		if (error instanceof UserError) {
			return false;
		}

		throw error;
	}
}

function planText(candidates: readonly LiveCandidate[], repeats: number): string {
	const [{experiment}] = candidates as [LiveCandidate];
	const named = candidates.map(({role, name}) => (role === 'dropped' ? `${name} (dropped)` : role));
	const replays = candidates.length * repeats;
	const lasts = formatDuration(replays * experiment.duration);
	return `Live check: ${named.join(', ')}; ${counted(replays, 'replay')}, ${lasts} and what making ready takes`;
}

type Reading = {
	readonly repeats: number;
	readonly replications: number;
	readonly onProgress: NonNullable<UseCaseOptions['onProgress']>;
	readonly measured: (run: ReplayRun) => Promise<LiveRun>;
};

async function pointsOf(
	candidates: readonly LiveCandidate[],
	{repeats, replications, onProgress, measured}: Reading,
): Promise<LivePoint[]> {
	const progress = {doing: 'Simulating', total: candidates.length * replications, unit: 'replications'};
	let done = 0;
	onProgress({...progress, done});
	const points: LivePoint[] = [];
	for (const live of candidates) {
		const runs: LiveRun[] = [];
		for (const run of runsOf([live], repeats)) {
			runs.push(await measured(run));
		}

		const simulated: CandidateFigures[] = [];
		const controller = controllerConfig(live.experiment);
		for (const figures of evaluateAsReplayed(live.experiment, {replications, controller})) {
			simulated.push(figures);
			done++;
			onProgress({...progress, done});
			await breathe();
		}

		points.push({live, simulated, runs});
	}

	onProgress({...progress, done, isOver: true});
	return points;
}

/** Figures of a run's record, or why it may not judge. */
async function readLive({experiment, repeat}: ReplayRun, folder: string): Promise<LiveRun> {
	if (!existsSync(join(folder, 'record.json'))) {
		return {folder, repeat, reason: 'is not there'};
	}

	const recording = await readRecord(folder);
	const {scheduleHash} = new MeasuredSchedule(experiment);
	const standing = recordStandingOf(recording, {experiment, scheduleHash, calibration: []});
	const {kubernetes} = recording.head.versions;
	const about = {folder, repeat, ...(kubernetes !== undefined && {kubernetes})};
	return standing.role === 'judge'
		? {...about, figures: figuresOf(experiment, readAccount(recording, experiment))}
		: {...about, reason: standing.reason};
}

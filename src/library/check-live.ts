import {existsSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {setImmediate as breathe} from 'node:timers/promises';
import {controllerConfig} from '../autoscaler/contracts.ts';
import type {TuneCommandOptions} from '../cli/commands/tune.ts';
import {untilInterrupted} from '../cli/terminal/interruption.ts';
import {placeOf} from '../cli/terminal/place.ts';
import {showRunProgress} from '../cli/terminal/progress.ts';
import {showProgress} from '../cli/terminal/show-progress.ts';
import {folderOf} from '../cluster/replay/replay.ts';
import type {ReplayRun} from '../cluster/replay/replay-steps.ts';
import {refuseUnreplayable} from '../cluster/setup/refuse-unreplayable.ts';
import {recordStandingOf} from '../comparison/admit.ts';
import {MeasuredSchedule} from '../comparison/measured-schedule.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {initialReplicas, largestReplicas} from '../experiment/initial-replicas.ts';
import {readAccount} from '../records/read-account.ts';
import {liveParts} from '../report/live-report.ts';
import {formatDuration} from '../report/text/format.ts';
import {partsMarkdown, partsText} from '../report/text/report.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {readRecord} from '../store/records/read-record.ts';
import {evaluateAsReplayed} from '../tune/evaluate-candidate.ts';
import {type CandidateFigures, figuresOf} from '../tune/figures.ts';
import {liveCandidates} from '../tune/live-candidates.ts';
import {type LiveCandidate, type LiveCheck, type LivePoint, type LiveRun, liveCheckOf} from '../tune/live-check.ts';
import type {RankingVerdict} from '../tune/ranking.ts';
import {roomOnNodes} from '../tune/scaling.ts';
import type {Space} from '../tune/space.ts';
import type {Tuning} from '../tune/tuning.ts';
import {measureOnCluster} from './replay.ts';

const statuses: Readonly<Record<RankingVerdict, number>> = {HELD: 0, 'NOT HELD': 3, 'CANNOT SAY': 4};

type Checking = {readonly options: TuneCommandOptions; readonly folder: string};

/**
 * Replays the recommended, the present and one dropped candidate on a cluster, writes `live.json` and `live.md`, and prints
 * whether the ranking held.
 *
 * @param folder - of the tuning; the records go below it
 * @throws {UserError} when a candidate cannot be replayed, or the machine lacks something
 */
export async function checkLive(space: Space, tuning: Tuning, {options, folder}: Checking): Promise<void> {
	const place = placeOf(options);
	const refuse = (experiment: Experiment) => {
		refuseUnreplayable(experiment, ['dynamic'], {reachesNodes: place.kind === 'kind'});
		refuseWithoutRoom(experiment);
	};
	const candidates = liveCandidates(space, tuning, experiment => isPlayable(experiment, refuse));
	for (const {experiment} of candidates) {
		refuse(experiment);
	}

	process.stderr.write(planText(candidates, options.repeat));
	const runs = runsOf(candidates, options.repeat);
	const folders = {
		out: join(folder, 'live'),
		folderOf: (experiment: Experiment) => candidates.find(one => one.experiment === experiment)!.name,
	};
	const {onProgress, stop} = showProgress(process.stderr);
	const measured = await untilInterrupted(async signal => {
		await measureOnCluster(runs, {...folders, place, keeps: options.keep, signal, onProgress});
		return true;
	}, 'Interrupted: what was measured is kept, and the same command goes on from there').finally(stop);
	if (measured === undefined) {
		return;
	}

	const {experiment} = space;
	const points = await pointsOf(candidates, {
		options,
		experiment,
		measured: async run => readLive(run, folderOf(run, folders)),
	});
	const {name, profile, hash} = experiment;
	const about = {name, ...(profile !== undefined && {profile}), hash};
	const check = liveCheckOf(points, {experiment: about, goal: tuning.goal, repeats: options.repeat});
	finish(check, {experiment, folder, isJson: options.json});
}

/** Repeat by repeat, so that what changes meanwhile on the machine is shared by all candidates. */
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

/** Whether a cluster plays it with all pods that it may come to. */
function isPlayable(experiment: Experiment, refuse: (experiment: Experiment) => void): boolean {
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
	const played = candidates.length * repeats;
	const lasts = formatDuration(played * experiment.duration);
	return `Live check: ${named.join(', ')}; ${played} replay${played === 1 ? '' : 's'}, ${lasts} and what making ready takes\n`;
}

type Reading = {
	readonly options: TuneCommandOptions;
	readonly experiment: Experiment;
	readonly measured: (run: ReplayRun) => Promise<LiveRun>;
};

async function pointsOf(
	candidates: readonly LiveCandidate[],
	{options: {repeat: repeats}, experiment: {replications}, measured}: Reading,
): Promise<LivePoint[]> {
	const progress = await showRunProgress(process.stderr, {replications: candidates.length * replications});
	const points: LivePoint[] = [];
	try {
		for (const live of candidates) {
			const runs: LiveRun[] = [];
			for (const run of runsOf([live], repeats)) {
				runs.push(await measured(run));
			}

			const simulated: CandidateFigures[] = [];
			const controller = controllerConfig(live.experiment);
			for (const figures of evaluateAsReplayed(live.experiment, {replications, controller})) {
				simulated.push(figures);
				progress.advance();
				await breathe();
			}

			points.push({live, simulated, runs});
		}
	} finally {
		progress.stop();
	}

	return points;
}

/** What a run's record shows, or why it may not judge. */
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

type Finishing = {readonly experiment: Experiment; readonly folder: string; readonly isJson: boolean};

/** Writes what was found, then prints it. */
function finish(check: LiveCheck, {experiment, folder, isJson}: Finishing): void {
	const parts = liveParts(experiment, check);
	const json = `${JSON.stringify(check, null, '\t')}\n`;
	writeFileAtomically(join(folder, 'live.json'), json);
	writeFileAtomically(join(folder, 'live.md'), partsMarkdown(parts));
	process.stdout.write(isJson ? json : `${partsText(parts)}Written to ${join(folder, 'live.md')}\n`);
	process.exitCode = statuses[check.verdict];
}

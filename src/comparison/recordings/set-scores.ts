import {mean, median} from 'simple-statistics';
import type {RunScore} from './score-run.ts';

/** Score of one recording with what belongs beside it. */
export type ScoredRun = {
	readonly set: string;
	readonly run: string;
	readonly score: RunScore;
	/** Error of each baseline by name [replicas]; one that the recording has no data for is left out. */
	readonly baselines: Readonly<Record<string, number>>;
	/** Whether the settings were fitted on it. */
	readonly isFitted: boolean;
	/** Autoscaler, as the column `hpa` names it; empty where there is none. */
	readonly autoscaler: string;
};

/** Two recordings of the same arrivals under the same settings. */
export type RepeatPair = {
	readonly runs: readonly [string, string];
	/** Mean over time of their absolute difference [replicas]. */
	readonly replicaError: number;
	/** Difference of their pod-hours as a fraction. */
	readonly podHoursError: number;
};

/** Scores of a set of recordings, as `validate --recordings --json` prints them. */
export type SetScores = {
	readonly set: string;
	readonly runs: number;
	/** Mean absolute error over time: mean and median over the recordings [replicas], and their mean error by their mean replicas. */
	readonly replicaError: {readonly mean: number; readonly median: number; readonly relative: number};
	/** Signed mean, and median of sizes, as fractions. */
	readonly podHoursError: {readonly mean: number; readonly medianSize: number};
	/** Share of the time that the recorded line is within the forecast's 90 % band. */
	readonly coverage: number;
	/** [replicas] */
	readonly crps: number;
	/** Distance of the recorded cluster from itself under the same arrivals [replicas]; null where nothing was recorded twice. */
	readonly floor: number | null;
	readonly baselines: readonly BaselineScore[];
};

type BaselineScore = {
	readonly name: string;
	/** Mean over the recordings [replicas]. */
	readonly replicaError: number;
	/** Recordings on which the forecast is nearer. */
	readonly beaten: number;
};

/** Scores of a set: means over its recordings, each weighing the same. */
export function setScores(set: string, runs: readonly ScoredRun[], pairs: readonly RepeatPair[]): SetScores {
	const scores = runs.map(({score}) => score);
	const of = (read: (score: RunScore) => number) => mean(scores.map(read));
	const errors = scores.map(({replicaError}) => replicaError);
	return {
		set,
		runs: runs.length,
		replicaError: {
			mean: mean(errors),
			median: median(errors),
			relative: mean(errors) / of(({meanReplicas}) => meanReplicas),
		},
		podHoursError: {
			mean: of(({podHoursError}) => podHoursError),
			medianSize: median(scores.map(({podHoursError}) => Math.abs(podHoursError))),
		},
		coverage: of(({coverage}) => coverage),
		crps: of(({crps}) => crps),
		floor: pairs.length === 0 ? null : mean(pairs.map(({replicaError}) => replicaError)),
		baselines: baselineScores(runs),
	};
}

function baselineScores(runs: readonly ScoredRun[]): BaselineScore[] {
	const names = [...new Set(runs.flatMap(({baselines}) => Object.keys(baselines)))];
	return names.map(name => {
		const present = runs.filter(({baselines}) => baselines[name] !== undefined);
		return {
			name,
			replicaError: mean(present.map(({baselines}) => baselines[name]!)),
			beaten: present.filter(({score, baselines}) => score.replicaError < baselines[name]!).length,
		};
	});
}

/** Recordings of a set under one of its autoscalers. */
export type ScoredPart<Run extends ScoredRun> = {
	readonly autoscaler: string;
	readonly runs: readonly Run[];
	readonly scores: SetScores;
};

/** The recordings of a set under each of its autoscalers; none where there is one autoscaler. */
export function scoresByAutoscaler<Run extends ScoredRun>(set: string, runs: readonly Run[]): ScoredPart<Run>[] {
	const names = [...new Set(runs.map(({autoscaler}) => autoscaler))];
	const parts = names.length < 2 ? [] : names;
	return parts.map(autoscaler => {
		const own = runs.filter(run => run.autoscaler === autoscaler);
		return {autoscaler, runs: own, scores: setScores(set, own, [])};
	});
}

/** Mean lag over the recordings that have matched changes [s]; NaN where none has. */
export function meanLag(runs: readonly ScoredRun[]): number {
	const lags = runs.map(({score}) => score.lag).filter(lag => !Number.isNaN(lag));
	return lags.length === 0 ? Number.NaN : mean(lags);
}

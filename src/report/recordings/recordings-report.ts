import {mean, median} from 'simple-statistics';
import type {ArmComparison} from '../../comparison/recordings/arms.ts';
import {meanLag, type ScoredRun, type SetScores, scoresByAutoscaler} from '../../comparison/recordings/set-scores.ts';
import {formatNumber} from '../text/format.ts';
import type {Report, ReportSection, Row} from '../text/report.ts';
import {armAnswers, armSection} from './arms-report.ts';

/** A judged set as its report needs it. */
export type ReportedSet = {
	readonly scores: SetScores;
	readonly arms: readonly ArmComparison[];
	readonly settingsFile: string;
	readonly frozen?: string;
	readonly runs: readonly (ScoredRun & {readonly faults: readonly string[]})[];
	readonly leftOut: readonly {readonly run: string; readonly because: string}[];
	readonly assumed: readonly string[];
	/** Values of the column `hpa` of which the settings say nothing of their own. */
	readonly unnamed: readonly string[];
	readonly ladder?: readonly ReportedRung[];
};

/** Step of a ladder: errors with a fact more [replicas], those on recordings that the fit never saw where there are some. */
type ReportedRung = {readonly fact?: string; readonly replicaError: number; readonly unseenReplicaError?: number};

/** Result of `validate --recordings`. */
export type ReportedRecordings = {
	readonly replications: number;
	readonly sets: readonly ReportedSet[];
	readonly skipped: readonly string[];
};

/** Report on the distance of forecasts from recordings of autoscalers. */
export function recordingsReport(result: ReportedRecordings): Report {
	const {sets, skipped, replications} = result;
	return {
		title: 'Forecasts beside recorded autoscalers',
		answer: sets.slice(0, 12).flatMap(set => [answerOf(set), ...armAnswers(set)]),
		lead: [
			`The forecast is the median of ${replications} simulated runs; the recorded line is what the autoscaler wanted. Each recording weighs the same.`,
			...(skipped.length > 0 ? [`Without settings and not forecast: ${skipped.join(', ')}.`] : []),
		],
		warnings: sets.flatMap(sameSettingsWarning),
		sections: [
			{heading: 'Errors', rows: [errorHead, ...sets.flatMap(partsOf).map(errorRow)], notes: errorNotes},
			...armSection(sets),
			{heading: 'Beside chance', rows: [chanceHead, ...sets.flatMap(partsOf).map(chanceRow)], notes: chanceNotes},
			{heading: 'Beside simpler forecasts', rows: [baselineHead, ...sets.flatMap(baselineRows)]},
			...sets.flatMap(ladderSection),
			...noteSection(sets),
		],
	};
}

/** Warning where recordings under several autoscalers, by their column `hpa`, were forecast under one. */
function sameSettingsWarning({scores: {set}, unnamed}: ReportedSet): string[] {
	return unnamed.length < 2
		? []
		: [
				`${set}: ${unnamed.join(' and ')} were forecast under the same autoscaler, as the settings name only one: an entry of runs with where: {hpa: ${unnamed.at(-1)}} says what differs.`,
			];
}

function answerOf({scores, runs: judged}: ReportedSet): string {
	const {set, runs, replicaError, podHoursError, floor} = scores;
	const nearest = floor === null ? '' : `; the cluster is ${digits(floor)} from itself`;
	const recordings = runs === 1 ? 'one recording' : `${runs} recordings`;
	return `${set}: ${digits(replicaError.mean)} replicas off on average over ${recordings} (${percent(replicaError.relative)} of them${unseenWords(judged)}), pod-hours ${percent(podHoursError.medianSize)} off${nearest}.`;
}

/** Error on the recordings that the fit never saw, where it read some of the others. */
function unseenWords(runs: readonly ScoredRun[]): string {
	const unseen = runs.filter(({isFitted}) => !isFitted);
	const off = unseen.length === 0 ? '' : digits(mean(unseen.map(({score}) => score.replicaError)));
	return unseen.length === runs.length
		? ''
		: unseen.length === 0
			? '; the fit read them all, so they do not judge it'
			: `; ${off} on the ${unseen.length} that the fit never saw`;
}

const errorHead: Row = [
	'Set',
	'Recordings',
	'Replicas off: mean',
	'median',
	'Floor',
	'Pod-hours off: mean',
	'median of sizes',
	'In the 90 % band',
	'CRPS',
	'Later by',
];

const errorNotes = [
	'Replicas off: mean over time of the difference between forecast and recording. Floor: the same between two recordings of the same arrivals.',
	'In the 90 % band: share of the time that the recorded line is between the 5 % and the 95 % quantile of the simulated runs.',
	'CRPS: continuous ranked probability score of all runs, in replicas; 0 is best. Later by: how much later the forecast changes the replicas than the recording does, where both do.',
];

/** A set, and what it has under each of its autoscalers. */
function partsOf({scores, runs}: ReportedSet): readonly Part[] {
	const {set} = scores;
	const parts = scoresByAutoscaler(set, runs);
	return [{name: set, scores, runs}, ...parts.map(part => ({...part, name: `under ${part.autoscaler}`}))];
}

type Part = {readonly name: string; readonly scores: SetScores; readonly runs: readonly ScoredRun[]};

function errorRow({name, scores, runs}: Part): Row {
	const {replicaError, podHoursError, coverage, crps, floor} = scores;
	const lag = meanLag(runs);
	return [
		name,
		String(scores.runs),
		digits(replicaError.mean),
		digits(replicaError.median),
		floor === null ? '–' : digits(floor),
		signed(podHoursError.mean),
		percent(podHoursError.medianSize),
		percent(coverage),
		digits(crps),
		Number.isNaN(lag) ? '–' : `${formatNumber(lag, 1)} s`,
	];
}

const chanceHead: Row = [
	'Set',
	'Replicas off',
	'by chance',
	'Pod-hours off',
	'by chance',
	'In the 90 % band',
	'by chance',
];

const chanceNotes = [
	'By chance: the same figure with one of the simulated runs in the place of the recording, on average. A forecast that knows all but chance is as far off as that; whole replicas let its band hold more than 90 %.',
];

function chanceRow({name, scores, runs}: Part): Row {
	const of = (read: (chance: ScoredRun['score']['chance']) => number) => runs.map(({score}) => read(score.chance));
	return [
		name,
		digits(scores.replicaError.mean),
		digits(mean(of(({replicaError}) => replicaError))),
		percent(scores.podHoursError.medianSize),
		percent(median(of(({podHoursError}) => podHoursError))),
		percent(scores.coverage),
		percent(mean(of(({coverage}) => coverage))),
	];
}

const baselineHead: Row = ['Set', 'Simpler forecast', 'Replicas off', 'Beaten on'];

function baselineRows({scores: {set, baselines}, runs}: ReportedSet): Row[] {
	return baselines.map(({name, replicaError, beaten}, index) => [
		index === 0 ? set : '',
		name,
		digits(replicaError),
		`${beaten} of ${runs.filter(run => run.baselines[name] !== undefined).length}`,
	]);
}

function ladderSection({scores: {set}, ladder}: ReportedSet): ReportSection[] {
	if (ladder === undefined) {
		return [];
	}

	const hasUnseen = ladder.every(({unseenReplicaError}) => unseenReplicaError !== undefined);
	const changes = (errorOf: (rung: ReportedRung) => number) =>
		ladder.map((rung, index) => [
			digits(errorOf(rung)),
			index === 0 ? '' : signedDigits(errorOf(rung) - errorOf(ladder[index - 1]!)),
		]);
	const all = changes(({replicaError}) => replicaError);
	const unseen = hasUnseen ? changes(({unseenReplicaError}) => unseenReplicaError!) : ladder.map(() => []);
	const head = [
		...['Fact laid over those above', 'Replicas off', 'Change'],
		...(hasUnseen ? ['On those the fit never saw', 'Change'] : []),
	];
	const rows = ladder.map(({fact}, index) => [
		fact ?? 'The published settings alone',
		...all[index]!,
		...unseen[index]!,
	]);
	return [{heading: `Facts found for ${set}`, rows: [head, ...rows]}];
}

/** Notes on the settings, on recordings that are not forecast and on faults of the others. */
function noteSection(sets: readonly ReportedSet[]): ReportSection[] {
	const notes = sets.flatMap(({scores: {set}, frozen, runs, leftOut, assumed}) => [
		...(frozen === undefined ? [`${set}: nothing was fitted.`] : [fittedNote(set, frozen, runs)]),
		...assumed.map(sentence => `${set}: ${sentence}`),
		...[...new Set(leftOut.map(({because}) => because))].map(because => {
			const left = leftOut.filter(other => other.because === because);
			return `${set}: ${left.length} recordings are not forecast: ${because}`;
		}),
		...runs.filter(({faults}) => faults.length > 0).map(({run, faults}) => `${set}/${run}: ${faults.join('; ')}.`),
	]);
	return notes.length === 0 ? [] : [{heading: 'Notes', notes}];
}

function fittedNote(set: string, frozen: string, runs: readonly ScoredRun[]): string {
	const [fitted, unseen] = [runs.filter(({isFitted}) => isFitted), runs.filter(({isFitted}) => !isFitted)];
	const errorOf = (some: readonly ScoredRun[]) => digits(mean(some.map(({score}) => score.replicaError)));
	const parts = [
		...(fitted.length > 0 ? [`${errorOf(fitted)} replicas off on the ${fitted.length} of the fit`] : []),
		...(unseen.length > 0 ? [`${errorOf(unseen)} on the ${unseen.length} that the fit never saw`] : []),
	];
	return `${set}: settings frozen on ${frozen}; ${parts.join(', ')}.`;
}

function digits(value: number): string {
	return formatNumber(value, 2);
}

function signedDigits(value: number): string {
	return `${value > 0 ? '+' : ''}${digits(value)}`;
}

function percent(fraction: number): string {
	return `${formatNumber(fraction * 100, Math.abs(fraction) < 0.1 ? 1 : 0)} %`;
}

function signed(fraction: number): string {
	return `${fraction > 0 ? '+' : ''}${percent(fraction)}`;
}

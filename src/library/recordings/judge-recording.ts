import {mean} from 'simple-statistics';
import {type ArmRun, armNameOf, loadOf} from '../../comparison/recordings/arms.ts';
import {asSampled} from '../../comparison/recordings/as-sampled.ts';
import {baselineNames, offeredLine} from '../../comparison/recordings/recording-baselines.ts';
import {errorOfLine, ownMean, scoreRun} from '../../comparison/recordings/score-run.ts';
import type {ScoredRun} from '../../comparison/recordings/set-scores.ts';
import {meanValue} from '../../comparison/recordings/sweep-lines.ts';
import type {RecordingSettings} from '../../experiment/recordings/settings-schema.ts';
import type {RecordedRun, ResponseTimes} from '../../records/recorded-run.ts';
import type {Timeline} from '../../records/replica-line.ts';
import type {FoundSettings} from '../../store/recordings/read-settings.ts';
import type {ForecastLines, LineTask} from '../pool/line-worker.ts';

/** A recording with its forecast. */
export type JudgedRun = ScoredRun & {
	readonly recorded: Timeline;
	/** Replicas that the offered load asks for at once; left out where it is not known. */
	readonly offered?: Timeline;
	readonly untilSeconds: number;
	/** Faults of the recording in words. */
	readonly faults: readonly string[];
	/** Left out where no other autoscaler was recorded under the same arrivals. */
	readonly arm?: ArmRun;
};

type JudgedSettings = {
	readonly found: FoundSettings;
	/** Recordings of the set. */
	readonly runs: readonly RecordedRun[];
};

/** Scores the forecast of a recording. */
export function judgeRecording(
	run: RecordedRun,
	{replicas: lines, responses}: ForecastLines,
	{experiment, serviceSeconds, lead}: LineTask,
	{found: {settings}, runs}: JudgedSettings,
): JudgedRun {
	const {untilSeconds, faults} = run;
	const recorded = run.lines[settings.judged]!;
	const window = {from: 0, to: untilSeconds};
	const seen = run.isSampled ? lines.map(line => asSampled(line, run.rowSeconds)) : lines;
	const rate = run.workload.kind === 'rate' ? run.workload.points : undefined;
	const offered = offeredLine({
		experiment,
		lead,
		untilSeconds,
		...(rate && {rate}),
		...(serviceSeconds && {serviceSeconds}),
	});
	const arm = armOf(run, {recorded, seen, responses}, runs);
	return {
		...{set: run.set, run: run.run, recorded, untilSeconds, faults, autoscaler: armNameOf(run)},
		score: scoreRun(seen, recorded, window),
		isFitted: isSeen(settings, run),
		baselines: {
			[baselineNames.mean]: errorOfLine(ownMean(recorded, window), recorded, window),
			...(offered !== undefined && {[baselineNames.offered]: errorOfLine(offered, recorded, window)}),
		},
		...(offered !== undefined && {offered}),
		...(arm !== undefined && {arm}),
	};
}

/** Whether the fit of the settings read the recording, by its name or, under another one, by its contents. */
function isSeen({fitted}: RecordingSettings, {set, run, digest}: RecordedRun): boolean {
	return (
		fitted !== undefined &&
		(fitted.on.includes(`${set}/${run}`) || Object.values(fitted.digests ?? {}).includes(digest))
	);
}

type Lines = {
	readonly recorded: Timeline;
	readonly seen: readonly Timeline[];
	readonly responses: readonly ResponseTimes[];
};

function armOf(run: RecordedRun, {recorded, seen, responses}: Lines, runs: readonly RecordedRun[]): ArmRun | undefined {
	const ofLoad = runs.filter(other => loadOf(other) === loadOf(run));
	if (ofLoad.every(other => armNameOf(other) === armNameOf(run))) {
		return undefined;
	}

	const window = {from: 0, to: Math.min(...ofLoad.map(({untilSeconds}) => untilSeconds))};
	const meanOf = (figure: keyof ResponseTimes) => mean(responses.map(times => times[figure]));
	return {
		autoscaler: armNameOf(run),
		load: loadOf(run),
		replicas: {
			recorded: meanValue(recorded, window),
			forecast: mean(seen.map(line => meanValue(line, window))),
		},
		...(run.responses !== undefined && {
			responses: {recorded: run.responses, forecast: {mean: meanOf('mean'), p95: meanOf('p95')}},
		}),
	};
}

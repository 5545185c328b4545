import type {HpaIdentity} from '../autoscaler/hpa-manifest.ts';
import type {Arrivals, Experiment, TraceArrivals} from '../experiment/experiment.ts';
import {type TraceColumns, transformTrace} from '../experiment/transform-trace.ts';
import type {TraceTransform} from '../experiment/workload-schema.ts';
import {bandLines} from '../forecast/prediction/simulate-predicted.ts';
import type {ReplicationResult} from '../forecast/replicate.ts';
import {type ForecastStanding, standingOf} from '../forecast/standing/standing.ts';
import {summarize} from '../forecast/summarize.ts';
import type {Summary} from '../forecast/summary.ts';
import {printable} from '../printable.ts';
import type {NodeAccount} from '../records/node-usage.ts';
import type {Timeline} from '../records/replica-line.ts';
import {counted} from '../report/text/format.ts';
import {bestKnown, type KnownTuning} from '../tune/best-known.ts';

/** A measured run that is laid over the simulated ones. */
export type MeasuredLine = {
	readonly name: string;
	/** Hash of the experiment that was measured. */
	readonly hash: string;
	readonly timeline: Timeline;
};

/** Recorded trace as its file has it, so that the page can transform it again. */
export type ExploredTrace = {
	readonly columns: {readonly [Column in keyof Omit<TraceColumns, 'work'>]: readonly number[]} & {
		readonly work?: TraceArrivals['work'];
	};
	readonly transform: TraceTransform;
};

/** Plain data for the page. */
export type Explored = {
	readonly experiment: Experiment;
	readonly identity: HpaIdentity;
	/** Manifest of its ScaledObject; left out where it has none. */
	readonly scaledObject?: unknown;
	/** Words of `replicast run` that read the experiment: its file, then options. */
	readonly words: readonly string[];
	readonly measured: readonly MeasuredLine[];
	readonly trace?: ExploredTrace;
	/** Models of the experiment and their standing. */
	readonly models: ForecastStanding['models'];
	/** Tunings of the experiment as the file has it. */
	readonly tunings: readonly KnownTuning[];
};

/**
 * Encodes as JSON that may stand in a page. An infinite number is `1e999`, which JSON's grammar allows and its readers
 * take for one.
 */
export function encodeExplored(explored: Explored): string {
	const {trace} = explored;
	const {origin: _, recorded: __, ...experiment} = explored.experiment; // which is laid over as a line
	const bare = trace === undefined ? experiment : withArrivals(experiment, noArrivals);
	const plain = {...explored, experiment: bare};
	const infinity = unusedText(JSON.stringify(plain));
	const replacer = (_key: string, value: unknown) => (value === Number.POSITIVE_INFINITY ? infinity : value);
	const json = JSON.stringify(plain, replacer).replaceAll(`"${infinity}"`, '1e999');
	return printable(json).replaceAll('<', '\\u003c');
}

/** A text that stands nowhere in another. */
function unusedText(text: string): string {
	let unused = 'infinity';
	while (text.includes(unused)) {
		unused += 'y';
	}

	return unused;
}

/** Decodes the output of `encodeExplored`; the requests of a trace, which it leaves out, are transformed again. */
export function decodeExplored(text: string): Explored {
	const explored = JSON.parse(text) as Explored;
	const {experiment, trace} = explored;
	return trace === undefined ? explored : {...explored, experiment: withArrivals(experiment, bentTrace(trace))};
}

/** @param timeScale - instead of the transform's own */
export function bentTrace({columns, transform}: ExploredTrace, timeScale = transform.timeScale): TraceArrivals {
	const typed = {
		at: Float64Array.from(columns.at),
		promptTokens: Int32Array.from(columns.promptTokens),
		outputTokens: Int32Array.from(columns.outputTokens),
		...(columns.work && {work: {kind: columns.work.kind, seconds: Float64Array.from(columns.work.seconds)}}),
		...(columns.conversation && {conversation: Int32Array.from(columns.conversation)}),
	};
	return transformTrace(typed, {...transform, timeScale});
}

const noArrivals: TraceArrivals = {process: 'trace', at: [], promptTokens: [], outputTokens: []};

/** An experiment of open arrivals with others in their place. */
export function withArrivals(experiment: Experiment, arrivals: Arrivals): Experiment {
	const {workload} = experiment;
	if (workload.loop === 'closed') {
		throw new TypeError('Expected open arrivals, got a closed loop');
	}

	return {...experiment, workload: {...workload, arrivals}};
}

/** Whether the measured lines are of what is simulated beside them. */
export function measuredNote(measured: readonly MeasuredLine[], {hash}: Pick<Experiment, 'hash'>): string {
	const [total, same] = [measured.length, measured.filter(line => line.hash === hash).length];
	const runs = (count: number) => counted(count, 'measured run');
	if (total === 0) {
		return 'No measured run is laid over.';
	}

	if (same === total) {
		return `Laid over: ${runs(total)} of these very settings.`;
	}

	return same === 0
		? `The settings have left the experiment that was measured: ${runs(total)} laid over, of other settings.`
		: `Laid over: ${runs(total)}, ${same} of them of these very settings, the others of other settings.`;
}

/** State that the page shows: an experiment and the replications that were simulated of it. */
export type Shown = {
	readonly experiment: Experiment;
	readonly summary: Summary;
	/** Replicas of the dynamic arm, a line for each run of the prediction, or for each replication. */
	readonly timelines: readonly Timeline[];
	/** Nodes of the replications; none where no node autoscaler makes any. */
	readonly nodes: readonly NodeAccount[];
};

/**
 * Summarizes results for the page, with the standing of the experiment and the best setting known of it.
 *
 * @param results - in the order of replications, from 0 on, at least one
 */
export function shownOf(
	experiment: Experiment,
	results: readonly ReplicationResult[],
	{models, tunings, experiment: own}: Pick<Explored, 'models' | 'tunings' | 'experiment'>,
): Shown {
	const summary = summarize(experiment, results);
	const {answer} = summary;
	const tuned = experiment.hash === own.hash ? bestKnown(experiment, tunings, answer.costPerHour) : undefined;
	return {
		experiment,
		summary: {
			...summary,
			answer: {...answer, ...(tuned !== undefined && {tuned})},
			standing: {...standingOf(experiment), models},
		},
		timelines: bandLines(results),
		nodes: results.flatMap(({dynamic}) => dynamic.nodes ?? []),
	};
}

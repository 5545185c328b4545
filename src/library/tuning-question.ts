import {join} from 'node:path';
import {controllerConfig, obeysTolerance} from '../autoscaler/contracts.ts';
import type {Release} from '../autoscaler/controller-flags.ts';
import type {HpaIdentity} from '../autoscaler/hpa-manifest.ts';
import {UserError} from '../errors.ts';
import type {Experiment, PinnedFile} from '../experiment/experiment.ts';
import {formatDuration} from '../report/text/format.ts';
import {pinFile} from '../store/experiments/pin-files.ts';
import {type ReadOptions, readExperimentSource} from '../store/experiments/read-experiment.ts';
import {readSpace} from '../store/inputs/read-space.ts';
import {defaultSpace} from '../tune/default-space.ts';
import {asLikeliest} from '../tune/evaluate-candidate.ts';
import {hasFigure} from '../tune/figures.ts';
import {
	type BoundsKept,
	constraintsOf,
	keptIn,
	objectives,
	parseBoundsKept,
	parseConstraint,
	type TuneGoal,
} from '../tune/goal.ts';
import type {Space} from '../tune/space.ts';
import {outputFolders} from './read-experiments.ts';

export {assumedRelease, type Release, releases} from '../autoscaler/controller-flags.ts';

/** Names of the figures that can be minimized. */
type MinimizedFigure = keyof typeof objectives;

/** Share of the runs that keeps each bound where nothing else is said. */
export const defaultBoundsKept = '90%';

export const minimizedFigures = Object.keys(objectives) as readonly MinimizedFigure[];

/** Question of a tuning: what is to be small, under which bounds, and what may be chosen. */
export type TuningQuestionOptions = {
	/** Changes of the experiment, `path=value` each. */
	readonly set?: readonly string[] | undefined;
	readonly profile?: string | undefined;
	readonly seed?: number | undefined;
	/** Runs that the report is made of, at least 2. */
	readonly replications?: number | undefined;
	/** Default `cost`. */
	readonly minimize?: MinimizedFigure | undefined;
	/** Bounds such as `p95<10s`; default the experiment's `slo`. */
	readonly subjectTo?: readonly string[] | undefined;
	/** Share of the runs that is to keep each bound, such as `90%`, over the machines, coefficients and loads that may be; `mean` for bounds on the mean. Default `90%`. */
	readonly boundsKept?: string | number | undefined;
	/** Path of a space file; default the targets, bounds, windows and policies. */
	readonly space?: string | undefined;
	/** Release of the cluster instead of the experiment's. */
	readonly kubernetes?: Release | undefined;
	/** Folder for the results, default `reports/tuned`; they are written into a folder of it named after the experiment. */
	readonly out?: string | undefined;
};

/** Question of a tuning with everything read. */
export type TuningQuestion = {
	readonly experiment: Experiment;
	readonly goal: TuneGoal;
	readonly space: Space;
	/** File of the space; left out where none was given. */
	readonly spaceFile?: PinnedFile;
	/** HorizontalPodAutoscaler that the recommended one replaces. */
	readonly identity: HpaIdentity;
	/** Manifest of the ScaledObject that the recommended one replaces; left out where there is none. */
	readonly scaledObject?: unknown;
	/** Release of the cluster. */
	readonly kubernetes: Release;
	/** Folder for all results, and name and path of the one for these. */
	readonly out: string;
	readonly name: string;
	readonly folder: string;
};

/**
 * Reads everything that a tuning is about.
 *
 * @throws {UserError} when a file is faulty, or the experiment has nothing to tune
 */
export async function readTuningQuestion(path: string, options: TuningQuestionOptions = {}): Promise<TuningQuestion> {
	const {space, out = join('reports', 'tuned')} = options;
	const bounds = options.subjectTo?.map(text => userFaults(() => parseConstraint(text)));
	const kept = userFaults(() => parseBoundsKept(String(options.boundsKept ?? defaultBoundsKept)));
	const {experiment: given, identity, scaledObject} = await readExperimentSource(path, readOptionsOf(options));
	const experiment = kept === 'mean' ? asLikeliest(given) : given;
	const [name = ''] = outputFolders([experiment]);
	const goal = goalOf(experiment, {minimize: options.minimize ?? 'cost', bounds, kept});
	if (experiment.autoscaler === 'none') {
		throw new UserError('E_CONFIG', `Expected ${experiment.name} to have an autoscaler to tune, got none`);
	}

	const controller = controllerConfig(experiment);
	const release = {hasTolerance: obeysTolerance(controller)};
	return {
		experiment,
		goal,
		space: space === undefined ? defaultSpace(experiment, release) : await readSpace(space, experiment, release),
		...(space !== undefined && {spaceFile: await pinFile(space, {kind: 'Space'})}),
		identity,
		...(scaledObject !== undefined && {scaledObject}),
		kubernetes: controller.kubernetes,
		out,
		name,
		folder: join(out, name),
	};
}

function readOptionsOf({set = [], profile, seed, replications, kubernetes}: TuningQuestionOptions): ReadOptions {
	return {
		set: kubernetes === undefined ? set : [...set, `kubernetes="${kubernetes}"`],
		...(profile !== undefined && {profile}),
		...(seed !== undefined && {seed}),
		...(replications !== undefined && {replications}),
	};
}

/** Figures that the clients' timeout cuts off. */
const latencies: ReadonlySet<string> = new Set(['p50Seconds', 'p95Seconds', 'p99Seconds', 'ttftSeconds']);

type Wanted = {
	readonly minimize: MinimizedFigure;
	readonly bounds: TuneGoal['constraints'] | undefined;
	readonly kept: BoundsKept;
};

function goalOf(experiment: Experiment, {minimize, bounds, kept}: Wanted): TuneGoal {
	const {name, slo, workload} = experiment;
	const unknown = bounds?.find(({figure, bound}) => latencies.has(figure) && bound > workload.timeout);
	if (unknown !== undefined) {
		const timeout = formatDuration(workload.timeout);
		throw new UserError(
			'E_USAGE',
			`Expected a bound on latency to be at most ${timeout}, the timeout of ${name}'s clients, got ${unknown.text}: longer latencies are cut off there; bound the availability instead, or raise workload.timeout`,
		);
	}

	const constraints = bounds ?? constraintsOf(slo);
	const missing = constraints.find(({figure}) => !hasFigure(experiment, figure));
	if (missing !== undefined) {
		throw new UserError(
			'E_USAGE',
			`Expected a bound on a figure that the runs of ${name} have, got ${missing.text}: only an EngineModel has it; bound ttft, or sloMisses with an slo.tpot, instead`,
		);
	}

	if (constraints.length === 0) {
		throw new UserError(
			'E_USAGE',
			`Expected ${name} to have an slo or --subject-to to be given, got neither: the ${minimize} alone has no use`,
		);
	}

	return {minimize: objectives[minimize], constraints: keptIn(constraints, kept)};
}

/** Text of how bounds are kept, such as `90%` or `mean`. @throws {RangeError} for a text that says nothing */
export function checkBoundsKept(text: string): string {
	parseBoundsKept(text);
	return text;
}

/** Text of a bound such as `p95<10s`. @throws {RangeError} for a text that means none */
export function checkBound(text: string): string {
	return parseConstraint(text).text;
}

/** Result of a parser, whose faults are the user's. */
export function userFaults<Result>(parse: () => Result): Result {
	try {
		return parse();
	} catch (error) {
		throw error instanceof RangeError ? new UserError('E_USAGE', error.message, {cause: error}) : error;
	}
}

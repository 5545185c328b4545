import {UserError} from '../../errors.ts';
import type {Experiment, TraceArrivals} from '../../experiment/experiment.ts';
import type {ArrivalSettings, RecordingSettings} from '../../experiment/recordings/settings-schema.ts';
import type {RecordedRun} from '../../records/recorded-run.ts';
import {checkExperiment} from '../experiments/check-experiment.ts';
import {withShippedModels} from '../experiments/read-experiment.ts';
import {configError} from '../experiments/read-model.ts';
import type {ReferencedFiles} from '../experiments/referenced-files.ts';
import {mapNode, nodeAt, overlaid, type Path, type SourceNode, scalar, withNode} from '../yaml/source-tree.ts';
import {treeOfValue} from '../yaml/tree-builder.ts';
import type {FoundSettings} from './read-settings.ts';

/** A recording's experiment, and what the experiment's own form has no place for. */
type RunExperiment = {
	readonly experiment: Experiment;
	/** Service that each request brings along [s], by its number; left out where the workload has none. */
	readonly serviceSeconds?: Float64Array;
	/** Whether it is CPU time, not time in service. */
	readonly isCpuTime: boolean;
	/** Time that is simulated before time 0 of the recording [s]. */
	readonly lead: number;
	/** Replicas at the beginning; the autoscaler's minimum when left out. */
	readonly replicas?: number;
};

type RunOptions = {
	/** Facts that are laid over the settings, from the first on; all when left out. */
	readonly facts?: number;
	/** Files that were read already. */
	readonly files?: ReferencedFiles;
};

/**
 * The experiment that forecasts a recording: its set's settings and its own arrivals.
 *
 * @throws {UserError} with a line for each fault of the settings, or when the workload has not what they need
 */
export async function runExperiment(
	found: FoundSettings,
	run: RecordedRun,
	{facts = Number.POSITIVE_INFINITY, files}: RunOptions = {},
): Promise<RunExperiment> {
	const {settings, tree} = found;
	const overlays = [
		...settings.runs.flatMap(({where}, index) => (matches(where, run) ? [{path: ['runs', index] as Path}] : [])),
		...factsOf(settings, run, facts).map(({index}) => ({path: ['fitted', 'found', index] as Path})),
	];
	const laid = (key: string) =>
		overlays.reduce<SourceNode>(
			(base, {path}) => laidOver(base, nodeAt(tree, [...path, key]) ?? mapNode(tree.source, {})),
			nodeAt(tree, [key]) ?? mapNode(tree.source, {}),
		);
	const arrivals = arrivalSettings(settings, run, facts);
	const {lead = 0} = arrivals;
	const duration = `${Math.ceil(run.untilSeconds + lead)}s`;
	const experiment = laid('experiment');
	const isClosed = (nodeAt(experiment, ['workload', 'loop']) as {value?: unknown} | undefined)?.value === 'closed';
	// A time that is drawn is replaced by what each request brings; a server takes it as the request's work.
	const isDrawn = nodeAt(experiment, ['deployment', 'service', 'distribution']) !== undefined;
	const {
		keys,
		under = ['workload'],
		trace,
		serviceSeconds,
	} = workloadOf(run, arrivals, {isClosed, isDrawn, source: found.path});
	const whole = withKeys(withKeys(experiment, {name: 'recording', duration}, []), keys, under);
	const checked = await checkExperiment(withShippedModels(whole), {arrivals: trace, ...(files && {files})});
	if ('faults' in checked) {
		throw configError(checked.faults);
	}

	const replicas = startOf(settings, run, facts) === 'recorded' ? run.lines.desired?.[0]?.[1] : undefined;
	return {
		experiment: checked.experiment,
		isCpuTime: arrivals.work === 'cpu',
		lead,
		...(serviceSeconds !== undefined && {serviceSeconds}),
		...(replicas !== undefined && {replicas}),
	};
}

/** The settings with an overlay on them, whose whole manifest of an autoscaler replaces the one below: the two need not be of one kind. */
function laidOver(base: SourceNode, overlay: SourceNode): SourceNode {
	const isManifest = nodeAt(overlay, ['autoscaler', 'kind']) !== undefined;
	const {source} = overlay;
	return overlaid(isManifest ? overlaid(base, mapNode(source, {autoscaler: scalar(null, source)})) : base, overlay);
}

/** Reason why a recording of the set is not forecast; undefined where it is. */
export function leftOutBecause({runs}: RecordingSettings, run: Pick<RecordedRun, 'cells'>): string | undefined {
	return runs.find(({where, leftOut}) => leftOut !== undefined && matches(where, run))?.leftOut;
}

/** Sentences on what the settings assume where these recordings leave something out. */
export function assumptionsFor({runs}: RecordingSettings, recordings: readonly RecordedRun[]): string[] {
	return runs.flatMap(({where, assumed}) =>
		assumed !== undefined && recordings.some(run => matches(where, run)) ? [assumed] : [],
	);
}

function matches(where: Readonly<Record<string, string>>, {cells}: Pick<RecordedRun, 'cells'>): boolean {
	return Object.entries(where).every(([column, value]) => cells[column] === value);
}

function arrivalSettings(settings: RecordingSettings, run: RecordedRun, facts: number): ArrivalSettings {
	const own = settings.runs.filter(({where}) => matches(where, run)).map(({arrivals}) => arrivals ?? {});
	const found = factsOf(settings, run, facts).map(({fact}) => fact.arrivals ?? {});
	return Object.assign({}, settings.arrivals, ...own, ...found) as ArrivalSettings;
}

function startOf(settings: RecordingSettings, run: RecordedRun, facts: number) {
	return factsOf(settings, run, facts).findLast(({fact}) => fact.start !== undefined)?.fact.start ?? settings.start;
}

/** Facts among the first ones that hold for the recording, each with its place in the list. */
function factsOf({fitted}: RecordingSettings, run: RecordedRun, facts: number) {
	return (fitted?.found ?? [])
		.slice(0, facts)
		.map((fact, index) => ({fact, index}))
		.filter(({fact}) => fact.where === undefined || matches(fact.where, run));
}

function withKeys(tree: SourceNode, keys: Readonly<Record<string, unknown>>, path: Path): SourceNode {
	return Object.entries(keys).reduce(
		(node, [key, value]) =>
			withNode(
				node,
				[...path, key],
				typeof value === 'object' ? treeOfValue(value, tree.source) : scalar(value, tree.source),
				tree.source,
			),
		tree,
	);
}

type WorkloadParts = {
	/** Keys of the experiment that the recording gives. */
	readonly keys: Readonly<Record<string, unknown>>;
	/** Map that they stand in; the workload when left out. */
	readonly under?: Path;
	readonly trace?: TraceArrivals;
	readonly serviceSeconds?: Float64Array;
};

function workloadOf(
	{workload, stretch, set, run, cells, workloadName}: RecordedRun,
	{times = 'nominal', process = 'poisson', lead = 0, delay: late = 0, work = 'time'}: ArrivalSettings,
	{isClosed, isDrawn, source}: {readonly isClosed: boolean; readonly isDrawn: boolean; readonly source: string},
): WorkloadParts {
	const lack = (what: string) =>
		new UserError('E_CONFIG', `${source}:1:1: Expected ${set}/${run} to have ${what}, got none`);
	const factor = times === 'nominal' ? 1 : typeof times === 'number' ? times : stretch;
	if (factor === undefined) {
		throw lack('nominalSeconds and sendingSeconds in runs.csv');
	}

	if (workload.kind === 'requests') {
		const {atSeconds, serviceSeconds} = workload;
		const delay = (Number(cells['sendingSeconds']) - Number(cells['nominalSeconds'])) / atSeconds.length;
		const sentAt = (seconds: number, row: number) => (times === 'delayed' ? seconds + delay * row : seconds * factor);
		const at = Array.from(atSeconds, (seconds, row) => sentAt(seconds, row) + lead + late);
		const ones = at.map(() => 1);
		const brought = {
			kind: work === 'cpu' ? 'cpuSeconds' : 'serviceSeconds',
			seconds: Array.from(serviceSeconds ?? []),
		} as const;
		const trace: TraceArrivals =
			serviceSeconds === undefined || isDrawn
				? {process: 'trace', at, promptTokens: ones, outputTokens: ones}
				: {process: 'trace', at, promptTokens: [], outputTokens: [], work: brought};
		const keys = {arrivals: {process: 'trace', file: workloadName}};
		return {keys, trace, ...(serviceSeconds !== undefined && {serviceSeconds})};
	}

	const points = workload.points.map((point, index) => ({
		...point,
		at:
			index === 0 && (late === 0 || lead > 0) ? '0s' : `${Math.round((point.seconds * factor + lead + late) * 1000)}ms`,
	}));
	if (isClosed) {
		if (points.some(({users}) => users === undefined)) {
			throw lack('a column users in its workload');
		}

		const count = points.map(({at, users}) => ({at, count: users!}));
		return {keys: {count}, under: ['workload', 'users']};
	}

	if (points.some(({perSecond}) => perSecond === undefined)) {
		throw lack('a column perSecond in its workload');
	}

	const rate = points.map(({at, perSecond}) => ({at, perSecond: perSecond!}));
	return {keys: {arrivals: {process, rate}}};
}

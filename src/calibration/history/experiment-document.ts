import {mean, median} from 'simple-statistics';
import type {HistoryContainer} from '../../records/history.ts';
import type {HistoryFit} from './fit-history.ts';
import {rounded, type SimulatedLoad} from './simulated-load.ts';

/** Experiment of a history as its file has it; the names of the files beside it are fixed. */
type ExperimentDocument = Readonly<Record<string, unknown>>;

/** Names of the files that an experiment of a history is made of. */
export const learnedFiles = {
	experiment: 'experiment.yaml',
	autoscaler: 'autoscaler.yaml',
	service: 'service.yaml',
	load: 'load.csv',
	replicas: 'replicas.csv',
	record: 'record',
} as const;

const assumedStartup = 30;
const longestWarmup = 900;
/** Objective where none is known: as good as what was recorded. */
const availability = 0.99;

/** Parts of an experiment that are not of its fit. */
type Surroundings = {
	readonly name: string;
	/** Date and time at which the load begins. */
	readonly startsAt: string;
	/** Further assumptions, a sentence each. */
	readonly assumed: readonly string[];
	readonly hasAutoscaler: boolean;
	/** Whether the autoscaler may leave no pod. */
	readonly mayBeAtZero: boolean;
};

/** Experiment of what a history recorded, with every assumption in a sentence. */
export function experimentDocument(
	fit: HistoryFit,
	load: SimulatedLoad,
	{name, startsAt, assumed, hasAutoscaler, mayBeAtZero}: Surroundings,
): ExperimentDocument {
	const {history, startup} = fit;
	const duration = history.steps * history.stepSeconds;
	const timeout = patienceOf(fit, load, mayBeAtZero);
	const all = [
		...load.assumed,
		...assumed,
		...startupAssumption(fit),
		...patienceAssumption(timeout),
		...sloAssumption(fit, load),
	];
	const containers = history.containers.length === 0 ? [unknownContainer] : history.containers;
	const names = containerNames(containers);
	const served = names[servingContainer(fit, containers)]!;
	const pods = history.series.desiredReplicas ?? history.series.currentReplicas ?? history.series.readyReplicas;
	return {
		apiVersion: 'replicast/v1',
		name,
		description: `What ${history.workload.kind} ${history.workload.name} did under its recorded load, and what other settings would have done.`,
		replications: 20,
		duration: `${duration}s`,
		warmup: `${Math.min(longestWarmup, Math.floor(duration / 10))}s`,
		startsAt,
		workload: {
			arrivals: {process: load.process, interpolation: 'step', rate: learnedFiles.load},
			requests: requestsOf(fit, load),
			...(timeout > usualTimeout && {timeout: `${timeout}s`}),
		},
		deployment: {
			...(hasAutoscaler
				? {}
				: {replicas: Math.max(1, Math.round(pods === undefined ? 1 : median([...pods].filter(Number.isFinite))))}),
			containers: Object.fromEntries(containers.map((container, index) => [names[index], sizesOf(container)])),
			llm: {container: served, ...(load.kind === 'time' && {parallel: parallelOf(fit), threads: load.threads})},
			service: load.kind === 'work' ? learnedFiles.service : timeText(load),
			startup: startup.distribution === undefined ? `${assumedStartup}s` : durationsOf(startup.distribution),
			...(load.balancing !== 'random' && {balancing: load.balancing}),
			...(mayBeAtZero && {atZero: 'held'}),
			assumed: all,
		},
		autoscaler: hasAutoscaler ? learnedFiles.autoscaler : 'none',
		recorded: learnedFiles.replicas,
		slo: sloOf(fit, load),
		...(hasAutoscaler && {accept: acceptOf(fit)}),
	};
}

const unknownContainer: HistoryContainer = {name: 'main', requests: {cpu: 1}, limits: {}};

/** Names as Kubernetes takes them; another one is replaced, since it names nothing that there is. */
function containerNames(containers: readonly HistoryContainer[]): string[] {
	return containers.map(({name}, index) =>
		/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? name : `container-${index + 1}`,
	);
}

/** Container whose CPU was fitted, else the one that requests the most. */
function servingContainer({container}: HistoryFit, containers: readonly HistoryContainer[]): number {
	const own = containers.findIndex(({name}) => name === container);
	const sizes = containers.map(({requests}) => requests.cpu ?? 0);
	return own === -1 ? sizes.indexOf(Math.max(...sizes)) : own;
}

function sizesOf({requests, limits}: HistoryContainer) {
	const texts = ({cpu, memory, ...others}: HistoryContainer['requests']) => ({
		...others,
		...(cpu !== undefined && {cpu: `${Math.max(1, Math.round(cpu * 1000))}m`}),
		...(memory !== undefined && {memory: Math.round(memory)}),
	});
	return {requests: texts({...limits, ...requests}), limits: texts(limits)};
}

function requestsOf({promptTokens, outputTokens}: HistoryFit, {kind, mean, cv}: SimulatedLoad) {
	if (kind === 'work') {
		const value = `${rounded(mean)}s`;
		return {
			cpuSeconds: cv === 0 ? {distribution: 'constant', value} : {distribution: 'lognormal', mean: value, cv},
		};
	}

	const tokens = (finding: HistoryFit['promptTokens']) =>
		finding.isIdentified ? {distribution: 'constant', value: Math.max(1, Math.round(finding.value))} : undefined;
	const [prompt, output] = [tokens(promptTokens), tokens(outputTokens)];
	return {...(prompt && {promptTokens: prompt}), ...(output && {outputTokens: output})};
}

function timeText({mean, cv}: SimulatedLoad) {
	return {distribution: 'lognormal', mean: `${mean}s`, cv};
}

/** Requests that a pod serves at a time: as many as were seen, where the bound is not known. */
function parallelOf({concurrency, history: {series}}: HistoryFit): number {
	const underWay = series.running ?? series.inFlight;
	const pods = series.readyReplicas ?? series.currentReplicas;
	const most = (underWay ?? new Float64Array(0)).reduce((largest, count, step) => {
		const each = count / (pods?.[step] ?? Number.NaN);
		return each > largest && Number.isFinite(each) ? each : largest;
	}, 1);
	return Math.min(1024, Math.max(1, concurrency.isIdentified ? Math.round(concurrency.value) : Math.ceil(most)));
}

function durationsOf(distribution: NonNullable<HistoryFit['startup']['distribution']>) {
	switch (distribution.distribution) {
		case 'constant':
			return {distribution: 'constant', value: `${rounded(distribution.value)}s`};
		case 'gamma':
			return {distribution: 'gamma', mean: `${rounded(distribution.mean)}s`, cv: rounded(distribution.cv)};
		default:
			throw new TypeError(`Expected a constant or a gamma distribution, got ${distribution.distribution}`);
	}
}

function startupAssumption({startup: {mean, distribution, pods}}: HistoryFit): string[] {
	if (mean.isIdentified) {
		return [];
	}

	return [
		distribution === undefined
			? `A pod is ready ${assumedStartup} s after the autoscaler asked for it: ${mean.reason}.`
			: `The start-up is taken from ${pods} ${pods === 1 ? 'pod' : 'pods'} alone: ${mean.reason}.`,
	];
}

function isLatencyKnown({latency}: HistoryFit, {kind, standsFor, mean}: SimulatedLoad): boolean {
	return (
		latency !== undefined &&
		Number.isFinite(latency.p95) &&
		(kind === 'time' || (standsFor === 1 && latency.atLowLoad <= 2 * mean))
	);
}

function sloOf(fit: HistoryFit, load: SimulatedLoad) {
	return {...(isLatencyKnown(fit, load) && {p95: `${rounded(fit.latency!.p95 * 1.05)}s`}), availability};
}

/** Time after which a client of an experiment gives up where nothing is said [s]. */
const usualTimeout = 60;
/** Starts of a pod that a client waits for where there may be none. */
const startsWaited = 3;

/** Time that clients wait [s]: longer than all but a thousandth of the answers took, and than a first pod takes. */
function patienceOf({latency, startup}: HistoryFit, {kind}: SimulatedLoad, mayBeAtZero: boolean): number {
	const start = startup.mean.isIdentified ? startup.mean.value : assumedStartup;
	const answer = kind === 'time' && Number.isFinite(latency?.p999) ? 1.2 * latency!.p999 : 0;
	return Math.max(usualTimeout, Math.ceil(answer), mayBeAtZero ? Math.ceil(startsWaited * start) : 0);
}

function patienceAssumption(timeout: number): string[] {
	return timeout > usualTimeout
		? [
				`Clients give up after ${timeout} s (workload.timeout): when they do was not recorded, and recorded answers, or a first pod, take that long.`,
			]
		: [];
}

/** Tolerances by which a forecast of the present settings is believed. */
function acceptOf({history: {series}}: HistoryFit) {
	const pods = [...(series.desiredReplicas ?? series.currentReplicas ?? [])].filter(Number.isFinite);
	const apart = Math.max(0.5, 0.1 * (pods.length === 0 ? 0 : mean(pods)));
	return {replicasMean: '5%', replicasMeanAbsoluteError: rounded(apart)};
}

function sloAssumption(fit: HistoryFit, load: SimulatedLoad): string[] {
	return [
		isLatencyKnown(fit, load)
			? 'The objective is the recorded 95th percentile of response times, 5 % added, and 99 % answered (slo); put in your own.'
			: 'The objective is 99 % answered (slo), with no bound on latency, as the simulator does not forecast that here.',
	];
}

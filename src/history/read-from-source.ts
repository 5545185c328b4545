import {UserError} from '../errors.ts';
import type {History, HistorySeries} from '../records/history.ts';
import {findPods} from './find-pods.ts';
import {type FoundWorkload, findWorkload, type WantedWorkload} from './find-workload.ts';
import {inCluster, ofCluster} from './in-cluster.ts';
import {added, latencyOfBuckets} from './latency-of-buckets.ts';
import {autoscalerNotes, autoscalerOfMetrics, containerIn, containersOf, newestValue, nodesOf} from './object-facts.ts';
import {peculiaritiesOf} from './peculiarities.ts';
import {joinedPlans, type Plan, type PlanKey, type PlannedQuery} from './plan.ts';
import {planObjects, planResources} from './plan-objects.ts';
import {type OwnQueries, planRequests} from './plan-requests.ts';
import {planUse} from './plan-use.ts';
import {queryText, type SeriesQuery} from './series-query.ts';
import type {Grid, GridSeries, SeriesStore} from './series-store.ts';

/** Question to a store of time series. */
export type HistoryQuestion = {
	readonly grid: Grid;
	readonly workload?: WantedWorkload;
	readonly own?: OwnQueries;
	/** Cluster, where the store has several. */
	readonly cluster?: string;
	/** Unix time [s] up to which samples can have been recorded; what a rate would need of a later time is unknown. */
	readonly recordedUntil?: number;
	/** Workload that is taken where the store knows none. */
	readonly assumed?: FoundWorkload;
};

/**
 * Reads the history of a workload from a store of time series: finds the workload and its pods, chooses the metrics that are
 * there, and reads them.
 *
 * @throws {UserError} E_USAGE where the workload is not the only one that can be meant, or nothing of it is recorded
 */
export async function readFromSource(store: SeriesStore, question: HistoryQuestion): Promise<History> {
	const {grid, own = {}, recordedUntil = Number.POSITIVE_INFINITY} = question;
	const workload = await findWorkload(store, question.workload, question);
	const source = workload.cluster === undefined ? store : inCluster(store, workload.cluster);
	const pods = await findPods(source, workload);
	const {stepSeconds} = grid;
	const planned = joinedPlans([
		await planObjects(source, workload),
		await planResources(source, pods),
		await planUse(source, pods, stepSeconds),
		await planRequests(source, {workload, pods, stepSeconds, own}),
	]);
	const plan = {
		...planned,
		queries: await Promise.all(planned.queries.map(async one => narrowed(store, workload, one))),
	};
	const read = withoutFuture(await readPlan(store, plan), grid, recordedUntil);
	const history = historyOf({source: store, workload, grid, plan, read});
	refuseOwnWithoutValues(own, history);
	const {missing = []} = history;
	if (Object.keys(history.series).length === 0 && history.latency === undefined) {
		const reasons = [...new Set(missing.map(({reason}) => reason))].slice(0, 3).join('; ');
		throw new UserError(
			'E_USAGE',
			`Expected ${source.place} to have series of ${workload.namespace}/${workload.name}, got none: ${reasons}`,
		);
	}

	const assumption =
		workload.isAssumed === true ? [`${capitalized(source.place)} do not say which workload they are of.`] : [];
	const notes = [
		...assumption,
		...(pods.note === undefined ? [] : [pods.note]),
		...plan.notes,
		...history.notes,
		...source.notes(),
	];
	return {...history, notes: [...new Set(notes)]};
}

/** A query of the user's own that gives nothing of its kind is a mistake, not a series that is missing. */
function refuseOwnWithoutValues({rate, latency}: OwnQueries, history: History): void {
	if (rate !== undefined && history.series.requestRate === undefined) {
		throw new UserError('E_USAGE', `Expected the query of the rate to give values, got none of ${rate}`);
	}

	if (latency !== undefined && history.latency === undefined) {
		throw new UserError(
			'E_USAGE',
			`Expected the query of the latency to give rates of buckets by le, up to +Inf, got others of ${latency}`,
		);
	}
}

async function narrowed(store: SeriesStore, {cluster}: FoundWorkload, planned: PlannedQuery): Promise<PlannedQuery> {
	return cluster === undefined ? planned : {...planned, query: await ofCluster(store, cluster, planned.query)};
}

function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

type ReadQuery = PlannedQuery & {readonly result: readonly GridSeries[]};
type Read = {
	readonly queries: readonly ReadQuery[];
	readonly nodes: Parameters<typeof nodesOf>[0];
};

async function readPlan(source: SeriesStore, plan: Plan): Promise<Read> {
	const nodes: Read['nodes'][number][] = [];
	const overTime: PlannedQuery[] = [];
	for (const planned of plan.queries) {
		if (planned.key === 'nodes') {
			const query = planned.query as SeriesQuery;
			nodes.push({metric: query.metric, values: await source.newest(query)});
		} else if (source.given?.(planned.key) === undefined) {
			overTime.push(planned);
		}
	}

	const results = await source.read(overTime.map(({query}) => query));
	return {queries: overTime.map((planned, index) => ({...planned, result: results[index]!})), nodes};
}

/** Rates whose window ends after the last scrape would be too low. */
function withoutFuture({queries, nodes}: Read, {start, stepSeconds, steps}: Grid, until: number): Read {
	const cut = ({query, result, ...rest}: ReadQuery): ReadQuery => {
		const half = 'form' in query && query.form === 'rate' ? (query.window ?? 0) / 2 : 0;
		const known = Math.max(0, Math.min(steps, Math.floor((until - half - start) / stepSeconds) + 1));
		return half === 0 || known === steps
			? {...rest, query, result}
			: {
					...rest,
					query,
					result: result.map(({labels, values}) => ({labels, values: values.slice().fill(Number.NaN, known)})),
				};
	};
	return {queries: queries.map(cut), nodes};
}

type Parts = {
	readonly source: SeriesStore;
	readonly workload: FoundWorkload;
	readonly grid: Grid;
	readonly plan: Plan;
	readonly read: Read;
};

function historyOf({source, workload, grid, plan, read}: Parts): History {
	const results = (key: PlanKey) => read.queries.filter(query => query.key === key);
	const seriesAt = (key: PlanKey) => source.given?.(key) ?? results(key).flatMap(({result}) => result);
	const total = (key: PlanKey) => totalOf(seriesAt(key));
	const cpuOfContainers = Object.fromEntries(
		seriesAt('cpuOfContainers').flatMap(({labels, values}) => {
			const name = containerIn(labels);
			return name === undefined ? [] : [[name, values] as const];
		}),
	);
	const series = withoutAbsent({
		...Object.fromEntries(planned.map(key => [key, total(key)])),
		cpu: total('cpu') ?? total('cpuOfContainers'),
		throttled: total('throttled') ?? ratioOf(total('throttledPeriods'), total('quotaPeriods')),
		failureRate: failuresOf(total('failureRate'), total('requestRate'), results('failureRate').length > 0),
	});
	const scale = results('latency')[0]?.scale ?? 1;
	const latency = latencyOfBuckets(seriesAt('latency'), total('latencySeconds'), {scale, steps: grid.steps});
	const facts = (key: PlanKey) =>
		results(key).map(({query, result}) => ({metric: 'metric' in query ? query.metric : '', series: result}));
	const newest = (values: Float64Array | undefined) => values && newestValue(values);
	const autoscaler = autoscalerOfMetrics({
		workload,
		targets: seriesAt('targets'),
		minReplicas: newest(series.minReplicas),
		maxReplicas: newest(series.maxReplicas),
	});
	const {kind, name, namespace} = workload;
	const isThere = (key: PlanKey) => seriesAt(key).length > 0;
	return {
		...grid,
		source: source.place,
		workload: {kind, name, namespace},
		...(autoscaler !== undefined && {autoscaler}),
		containers: containersOf(facts('requests'), facts('limits'), Object.keys(cpuOfContainers)),
		nodes: nodesOf(read.nodes),
		series,
		cpuOfContainers,
		...(latency !== undefined && {latency}),
		queries: read.queries
			.filter(({result}) => result.length > 0)
			.map(({key, query}) => ({series: key, query: queryText(query)})),
		missing: withoutRepeats([
			...plan.missing.filter(({series: key}) => !isThere(key)),
			...read.queries
				.filter(({key, result}) => result.length === 0 && key !== 'failureRate')
				.map(({key, query}) => ({series: key, reason: `no value of ${queryText(query)}`})),
		]),
		notes: [...autoscalerNotes(workload, seriesAt('targets')), ...peculiaritiesOf(series, grid)],
	};
}

/** Names of a history for what its series are made of. */
const wholes: {readonly [Key in PlanKey]?: string} = {
	cpuOfContainers: 'cpu',
	throttledPeriods: 'throttled',
	quotaPeriods: 'throttled',
	latencySeconds: 'latency',
};

function withoutRepeats(missing: Plan['missing']): NonNullable<History['missing']> {
	const reasons = new Map<string, string>();
	for (const {series, reason} of missing) {
		const name = wholes[series] ?? series;
		reasons.set(name, reasons.get(name) ?? reason);
	}

	return [...reasons].map(([series, reason]) => ({series, reason}));
}

/** Series that queries give as they are. */
const planned: readonly HistorySeries[] = [
	'desiredReplicas',
	'currentReplicas',
	'readyReplicas',
	'minReplicas',
	'maxReplicas',
	'memory',
	'requestRate',
	'inFlight',
	'running',
	'waiting',
	'promptTokenRate',
	'outputTokenRate',
	'restartRate',
];

function totalOf(series: readonly GridSeries[]): Float64Array | undefined {
	return series.reduce<Float64Array | undefined>((sum, {values}) => added(sum, values), undefined);
}

function ratioOf(part: Float64Array | undefined, whole: Float64Array | undefined): Float64Array | undefined {
	return whole && part?.map((value, index) => (whole[index]! > 0 ? value / whole[index]! : Number.NaN));
}

/** A counter of failures begins with the first failure: until then none of the requests has failed. */
function failuresOf(
	failures: Float64Array | undefined,
	requests: Float64Array | undefined,
	isCounted: boolean,
): Float64Array | undefined {
	if (requests === undefined || !isCounted) {
		return failures;
	}

	return requests.map((rate, index) => {
		const failed = failures?.[index] ?? Number.NaN;
		return Number.isNaN(failed) && !Number.isNaN(rate) ? 0 : failed;
	});
}

function withoutAbsent(series: {readonly [Name in HistorySeries]?: Float64Array | undefined}): History['series'] {
	return Object.fromEntries(Object.entries(series).filter(([, values]) => values !== undefined));
}

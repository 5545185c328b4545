import type {HistorySeries} from '../records/history.ts';
import type {PodSelection} from './find-pods.ts';
import type {FoundWorkload} from './find-workload.ts';
import {type KnownServer, knownServers, metricsOf} from './known-servers.ts';
import {placeLabels} from './place-labels.ts';
import {labelIs, type Plan, type PlanKey, type PlannedQuery} from './plan.ts';
import {rateOf} from './plan-use.ts';
import type {LabelMatch, SeriesQuery} from './series-query.ts';
import type {MetricLabels, SeriesStore} from './series-store.ts';

/** Queries of the user's own. */
export type OwnQueries = {readonly rate?: string; readonly latency?: string};

type Asked = {
	readonly workload: FoundWorkload;
	readonly pods: PodSelection;
	readonly stepSeconds: number;
	readonly own: OwnQueries;
};

/** Series that one server has to say together: failures and times are of the requests that are counted. */
const together: readonly HistorySeries[] = ['requestRate', 'failureRate'];
const apart: readonly HistorySeries[] = ['inFlight', 'running', 'waiting', 'promptTokenRate', 'outputTokenRate'];

/** Plans the series of requests: the user's own queries first, then the metrics of the first known server that has them. */
export async function planRequests(source: SeriesStore, asked: Asked): Promise<Plan> {
	const names = await source.names([...new Set(knownServers.flatMap(metricsOf))]);
	const queries: PlannedQuery[] = ownQueries(asked.own);
	const notes: string[] = [];
	const reasons: string[] = [];
	const isPlanned = (key: PlanKey) => queries.some(query => query.key === key);
	/** Whether the server has the times of the requests that are counted; those of the user's own query may be any server's. */
	let countsHere = asked.own.rate !== undefined;
	for (const server of knownServers) {
		const present = metricsOf(server).find(metric => names.has(metric));
		if (present === undefined) {
			continue;
		}

		const choice = await selectionOf(source, {server, metric: present, ...asked});
		if ('reason' in choice) {
			reasons.push(choice.reason);
			continue;
		}

		const context = {source, server, names, matches: choice.matches, stepSeconds: asked.stepSeconds, notes};
		if (choice.note !== undefined) {
			notes.push(choice.note);
		}

		if (!isPlanned('requestRate')) {
			queries.push(...(await servedSeries(context, together)));
			queries.push(...(isPlanned('requestRate') ? [] : await countsOfLatency(context)));
			countsHere = isPlanned('requestRate');
			notes.push(...(countsHere ? countNotes(server) : []));
		}

		if (countsHere && !isPlanned('latency')) {
			queries.push(...(await latencySeries(context)));
		}

		countsHere = asked.own.rate !== undefined;

		queries.push(
			...(await servedSeries(
				context,
				apart.filter(key => !isPlanned(key)),
			)),
		);
	}

	const reason = reasons.length > 0 ? reasons.join('; ') : 'no metric of a known server';
	const missing = [...together, ...apart, 'latency' as const]
		.filter(key => !isPlanned(key))
		.map(series => ({series, reason}));
	return {queries, notes, missing};
}

/** Sentences on what a server's number of requests is not. */
function countNotes({name, countsArrivals, countsProbes}: KnownServer): string[] {
	return [
		...(countsArrivals === true
			? []
			: [`The requests of ${name} are counted when they are answered, not when they arrive.`]),
		...(countsProbes === true
			? [`The requests of ${name} are all that the pods answer, with probes and scrapes.`]
			: []),
	];
}

function ownQueries({rate, latency}: OwnQueries): PlannedQuery[] {
	return [
		...(rate === undefined ? [] : [{key: 'requestRate' as const, query: {text: rate}}]),
		...(latency === undefined ? [] : [{key: 'latency' as const, query: {text: latency}}]),
	];
}

type Context = {
	readonly source: SeriesStore;
	readonly server: KnownServer;
	readonly names: ReadonlySet<string>;
	readonly matches: readonly LabelMatch[];
	readonly stepSeconds: number;
	readonly notes: string[];
};

async function servedSeries(context: Context, keys: readonly HistorySeries[]): Promise<PlannedQuery[]> {
	const {source, server, names, matches} = context;
	const queries: PlannedQuery[] = [];
	for (const key of keys) {
		const served = server.series[key];
		if (served === undefined || !names.has(served.metric)) {
			continue;
		}

		const {metric, isCounter, anyOf} = served;
		const labels = anyOf === undefined ? new Set<string>() : await source.labelNames({metric, matches});
		const condition = anyOf?.find(({label}) => labels.has(label));
		if (anyOf !== undefined && condition === undefined) {
			continue;
		}

		const query: SeriesQuery = {metric, matches, form: 'newest', by: [], combine: 'sum'};
		const chosen = isCounter ? await rateOf(source, query, context) : query;
		queries.push({key, query: condition === undefined ? chosen : {...chosen, matches: [...matches, condition]}});
	}

	return queries;
}

async function countsOfLatency(context: Context): Promise<PlannedQuery[]> {
	const {source, server, names, matches} = context;
	const metric = `${server.latency?.family}_count`;
	if (server.latency === undefined || !names.has(metric)) {
		return [];
	}

	const query: SeriesQuery = {metric, matches, form: 'newest', by: [], combine: 'sum'};
	return [{key: 'requestRate', query: await rateOf(source, query, context)}];
}

async function latencySeries(context: Context): Promise<PlannedQuery[]> {
	const {source, server, names, matches} = context;
	const {family, scale} = server.latency ?? {family: '', scale: 1};
	if (!names.has(`${family}_bucket`)) {
		return [];
	}

	const query = (metric: string, by: readonly string[]): SeriesQuery => ({
		metric,
		matches,
		form: 'newest',
		by,
		combine: 'sum',
	});
	const buckets = await rateOf(source, query(`${family}_bucket`, ['le']), context);
	const seconds = {...query(`${family}_sum`, []), form: 'rate', window: buckets.window!} as const;
	return [
		{key: 'latency', query: buckets, scale},
		{key: 'latencySeconds', query: seconds, scale},
	];
}

type Choice = {readonly matches: readonly LabelMatch[]; readonly note?: string} | {readonly reason: string};

/** Conditions that choose a server's series of the workload, or why there are none. */
async function selectionOf(
	source: SeriesStore,
	{server, metric, workload, pods}: Asked & {readonly server: KnownServer; readonly metric: string},
): Promise<Choice> {
	const isAboutOthers = server.place === 'ingress';
	const places = await placeLabels(source, {metric, matches: []}, isAboutOthers);
	const {namespace, name} = workload;
	const ofNamespace = labelIs(places.namespace, namespace);
	switch (server.place) {
		case 'pods':
			return places.pod === undefined
				? {reason: `${metric} has no label with the name of the pod`}
				: present(source, metric, [...ofNamespace, ...labelIs(places.pod, pods.pattern, '=~')]);
		case 'istio':
			return present(source, metric, [
				...labelIs('reporter', 'destination'),
				...labelIs('destination_workload', name),
				...labelIs('destination_workload_namespace', namespace),
			]);
		case 'ingress': {
			const service = ['exported_service', 'service'].find(label => places.all.has(label));
			return present(source, metric, [...ofNamespace, ...labelIs(service, name)]);
		}

		case 'gateway': {
			const choice = await present(source, metric, ofNamespace);
			const note = `${metric} does not say which pods it is of: all of its requests in ${namespace} are taken.`;
			return 'reason' in choice ? choice : {...choice, note};
		}
	}
}

async function present(source: SeriesStore, metric: string, matches: readonly LabelMatch[]): Promise<Choice> {
	const sets = await source.labelSets({metric, matches});
	const words = matches.map(({label, operator, value}) => `${label}${operator}"${value}"`).join(', ');
	if (sets.length === 0) {
		return {reason: `${metric} has no series with ${words}`};
	}

	// Two jobs that scrape one pod would count each request twice.
	const [job, ...others] = jobsOfOnePod(sets);
	return job === undefined || others.length === 0
		? {matches}
		: {
				matches: [...matches, {label: 'job', operator: '=', value: job}],
				note: `The jobs ${[job, ...others].join(' and ')} scrape the same pods: the series of ${job} are taken.`,
			};
}

/** Jobs by which one pod, or one address, is scraped, in the order of their names; the most of any. */
function jobsOfOnePod(sets: readonly MetricLabels[]): string[] {
	const jobs = new Map<string, Set<string>>();
	for (const labels of sets) {
		const pod = labels['pod'] ?? labels['kubernetes_pod_name'] ?? labels['pod_name'];
		if (pod !== undefined && labels['job'] !== undefined) {
			jobs.set(pod, (jobs.get(pod) ?? new Set()).add(labels['job']));
		}
	}

	return [...([...jobs.values()].sort((a, b) => b.size - a.size)[0] ?? [])].sort();
}

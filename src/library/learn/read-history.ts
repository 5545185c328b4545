import {join} from 'node:path';
import {readWorkload} from '../../cluster/live/read-workload.ts';
import {PrometheusApi} from '../../cluster/prometheus/prometheus-api.ts';
import {PrometheusSource} from '../../cluster/prometheus/prometheus-source.ts';
import {UserError} from '../../errors.ts';
import {type WantedWorkload, wantedWorkload} from '../../history/find-workload.ts';
import {type HistoryQuestion, readFromSource} from '../../history/read-from-source.ts';
import type {History} from '../../records/history.ts';
import {readWorkloadManifests, type WorkloadObjects} from '../../store/history/workload-manifests.ts';
import type {UseCaseOptions} from '../use-case.ts';
import {gridOfSpan} from './history-span.ts';
import {savedStore} from './saved-store.ts';

/** Options of reading a history; one of `prometheus` and `exports` has to be given. */
export type ReadHistoryOptions = UseCaseOptions & {
	/** URL of a Prometheus server or of what answers its HTTP API; a name and a password in it are its basic auth. */
	readonly prometheus?: string;
	/** File that holds a bearer token; the environment variable PROMETHEUS_TOKEN when left out. */
	readonly tokenFile?: string;
	/** Saved answers of `query_range`: a file, or a folder of such files. */
	readonly exports?: string;
	/** Reads the objects of the kubeconfig's current cluster. */
	readonly live?: boolean;
	/** Files or folders with the manifests of the workload and its autoscaler. */
	readonly manifests?: readonly string[];
	/** `NAMESPACE/NAME`, or `NAME` where only one namespace has it. */
	readonly workload?: string;
	/** Cluster, where a store has the series of several, by their label `cluster`. */
	readonly cluster?: string;
	/** Begin: a duration before `until` such as `7d`, or a time such as `2026-11-20T00:00:00Z`; default `7d`, or all of the exports. */
	readonly since?: string;
	/** End, in the same forms, a duration being before now; default the newest that can be read. */
	readonly until?: string;
	/** Distance of the steps, such as `15s`; default `15s`, or the exports' own. */
	readonly step?: string;
	/** Folder under which pieces of a long history are kept while it is read. */
	readonly out: string;
	/** Queries of the user's own, which go before known metrics. */
	readonly queries?: HistoryQueries;
};

/** PromQL for series that no known metric has. */
export type HistoryQueries = {
	/** Requests that arrive [1/s]. */
	readonly rate?: string;
	/** Buckets of a histogram of response times [s] as rates by `le`. */
	readonly latency?: string;
};

/** Time after which a scrape is stored [s]. */
const scrapeDelay = 30;

/** Folder of the pieces below `out`. */
const piecesFolder = 'history';

/**
 * Reads what a monitoring system kept of a workload and its autoscaler. The objects of the cluster, or else the manifests, go
 * before what metrics say of them.
 *
 * @throws {UserError} E_USAGE where the options do not say what to read, E_CLUSTER where a server does not answer, E_FILE and
 *   E_CONFIG for files
 */
export async function readHistory(options: ReadHistoryOptions): Promise<History> {
	const {prometheus, exports, workload, cluster, queries} = options;
	if ((prometheus === undefined) === (exports === undefined)) {
		const got = prometheus === undefined ? 'neither' : 'both';
		throw new UserError(
			'E_USAGE',
			`Expected either the address of a Prometheus server (prometheus) or saved answers of one (exports), got ${got}`,
		);
	}

	const named = workload === undefined ? undefined : wantedWorkload(workload);
	const objects = await objectsOf(options, named);
	const wanted = named ?? objects?.workload;
	const asked = {
		...(wanted !== undefined && {workload: withNamespace(wanted, objects)}),
		...(queries !== undefined && {own: queries}),
		...(cluster !== undefined && {cluster}),
	};
	const history =
		prometheus === undefined ? await readSaved(exports!, options, asked) : await readServer(prometheus, options, asked);
	return objects === undefined ? history : withObjects(history, objects);
}

type Asked = Omit<HistoryQuestion, 'grid'>;

async function objectsOf(
	{live, manifests}: ReadHistoryOptions,
	wanted?: WantedWorkload,
): Promise<WorkloadObjects | undefined> {
	if (live === true) {
		return readWorkload(wanted);
	}

	return manifests === undefined || manifests.length === 0 ? undefined : readWorkloadManifests(manifests, wanted);
}

/** The workload with the namespace and the kind of its object, where those are known. */
function withNamespace(wanted: WantedWorkload, objects: WorkloadObjects | undefined): WantedWorkload {
	const {namespace, kind} = objects?.workload ?? {};
	return {
		...(kind !== undefined && {kind}),
		...(namespace !== undefined && {namespace}),
		...wanted,
	};
}

async function readSaved(path: string, options: ReadHistoryOptions, asked: Asked): Promise<History> {
	const {source, grid, namespace = 'default'} = await savedStore(path, options);
	return readFromSource(source, {
		...asked,
		grid,
		assumed: {kind: 'Deployment', name: 'workload', namespace, ...asked.workload},
	});
}

async function readServer(url: string, options: ReadHistoryOptions, asked: Asked): Promise<History> {
	const {tokenFile, out, signal, onProgress} = options;
	const now = Date.now() / 1000;
	const grid = gridOfSpan(options, now);
	const api = new PrometheusApi(url, {
		...(tokenFile !== undefined && {tokenFile}),
		...(signal !== undefined && {signal}),
	});
	const doing = `Reading ${api.url}`;
	let [done, total] = [0, 0];
	const source = new PrometheusSource(api, {
		grid,
		pieces: join(out, piecesFolder),
		onPiece(pieces, all) {
			[done, total] = [pieces, all];
			onProgress?.({doing, done, total, unit: 'pieces'});
		},
	});
	onProgress?.({doing});
	let isRead = false;
	try {
		const history = await readFromSource(source, {...asked, grid, recordedUntil: now - scrapeDelay});
		isRead = true;
		return history;
	} finally {
		onProgress?.({doing, done, total, unit: 'pieces', isOver: true, ...(!isRead && {hasFailed: true})});
	}
}

/** A history with the objects in the place of what metrics say of them. */
function withObjects(history: History, objects: WorkloadObjects): History {
	const {workload, autoscaler, containers, nodes, notes} = objects;
	const chosen = autoscaler ?? history.autoscaler;
	return {
		...history,
		workload: {
			...history.workload,
			...(workload?.document !== undefined && {document: workload.document}),
		},
		...(chosen !== undefined && {autoscaler: chosen}),
		containers: containers.length > 0 ? containers : history.containers,
		nodes: nodes.length > 0 ? nodes : history.nodes,
		notes: [...history.notes, ...notes],
	};
}

import type {IncomingMessage, ServerResponse} from 'node:http';
import {createServer, type Server} from 'node:https';
import {selfSignedCertificate} from './certificate.ts';
import {labelSelector} from './label-selector.ts';

/** Metrics of a pod, as metrics.k8s.io has them. */
type PodMetrics = {
	readonly metadata: {
		readonly name: string;
		readonly namespace: string;
		readonly labels?: Readonly<Record<string, string>>;
	};
};

const group = 'metrics.k8s.io';
const apiVersion = `${group}/v1beta1`;
const root = `/apis/${apiVersion}`;

/** Pods of all namespaces, of one, or one pod of one. */
const podsPath = new RegExp(`^${root}(?:/pods|/namespaces/(?<namespace>[^/]+)/pods(?:/(?<name>[^/]+))?)$`);

/** Metrics of some 10,000 pods [bytes]. */
const longestBody = 2 ** 23;

/** Documents by which clients learn what the API has. */
const discovery: Readonly<Record<string, unknown>> = {
	[`/apis/${group}`]: {
		kind: 'APIGroup',
		apiVersion: 'v1',
		name: group,
		versions: [{groupVersion: apiVersion, version: 'v1beta1'}],
		preferredVersion: {groupVersion: apiVersion, version: 'v1beta1'},
	},
	[root]: {
		kind: 'APIResourceList',
		apiVersion: 'v1',
		groupVersion: apiVersion,
		resources: [
			{name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list']},
			{name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list']},
		],
	},
};

/** Answer to a request: a status and what is sent as JSON. */
type Answer = {readonly status: number; readonly body: unknown};

/**
 * Server of metrics.k8s.io for pods that nobody runs: it serves the metrics that were last put there as a whole, under
 * `/usages`.
 */
export class MetricsApi {
	#pods: readonly PodMetrics[] = [];

	/** HTTPS server with a certificate of its own, not listening yet. */
	server(): Server {
		return createServer(selfSignedCertificate('replicast-metrics'), (incoming, outgoing) => {
			void this.#take(incoming, outgoing).catch(() => outgoing.destroy()); // the client broke off
		});
	}

	async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const {status, body} = incoming.method === 'PUT' ? await this.#put(incoming) : this.answer(incoming.url ?? '/');
		outgoing.writeHead(status, {'content-type': 'application/json'});
		outgoing.end(JSON.stringify(body));
	}

	/** Answer to a GET. */
	answer(path: string): Answer {
		const {pathname, searchParams} = new URL(path, 'https://metrics');
		if (pathname === '/readyz' || pathname in discovery) {
			return {status: 200, body: discovery[pathname] ?? 'ok'};
		}

		if (pathname === `${root}/nodes`) {
			return {status: 200, body: {kind: 'NodeMetricsList', apiVersion, metadata: {}, items: []}};
		}

		const {namespace, name} = podsPath.exec(pathname)?.groups ?? {};
		if (!podsPath.test(pathname)) {
			return failure(404, 'the server could not find the requested resource');
		}

		if (name === undefined) {
			return this.#list(namespace, searchParams.get('labelSelector') ?? '');
		}

		const found = this.#pods.find(({metadata}) => metadata.namespace === namespace && metadata.name === name);
		return found === undefined
			? failure(404, `podmetrics.metrics.k8s.io "${namespace}/${name}" not found`)
			: {status: 200, body: {kind: 'PodMetrics', apiVersion, ...found}};
	}

	#list(namespace: string | undefined, selector: string): Answer {
		const selects = labelSelector(selector);
		if (selects === undefined) {
			return failure(400, `unable to parse requirement: ${selector}`);
		}

		const items = this.#pods.filter(
			({metadata}) => (namespace === undefined || metadata.namespace === namespace) && selects(metadata.labels ?? {}),
		);
		return {status: 200, body: {kind: 'PodMetricsList', apiVersion, metadata: {}, items}};
	}

	async #put(incoming: IncomingMessage): Promise<Answer> {
		if (incoming.url !== '/usages') {
			return failure(404, 'the server could not find the requested resource');
		}

		const parts: Buffer[] = [];
		let length = 0;
		for await (const part of incoming as AsyncIterable<Buffer>) {
			length += part.length;
			if (length > longestBody) {
				return failure(413, 'Request entity too large');
			}

			parts.push(part);
		}

		const items = itemsOf(Buffer.concat(parts).toString());
		if (items === undefined) {
			return failure(400, 'Expected a list of PodMetrics');
		}

		this.#pods = items;
		return {status: 200, body: {pods: items.length}};
	}
}

/** Metrics of pods in the text of a list; undefined when it is none. */
function itemsOf(text: string): PodMetrics[] | undefined {
	try {
		const {items} = JSON.parse(text) as {items?: PodMetrics[]};
		return items?.every(({metadata: {name, namespace}}) => typeof name === 'string' && typeof namespace === 'string')
			? items
			: undefined;
	} catch {
		return undefined;
	}
}

function failure(status: number, message: string): Answer {
	return {status, body: {kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status}};
}

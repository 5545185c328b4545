import {request as httpRequest, type IncomingMessage} from 'node:http';
import {Agent, request as httpsRequest, type RequestOptions} from 'node:https';
import {createInterface} from 'node:readline';
import {text} from 'node:stream/consumers';
import type {KubeConfig} from '@kubernetes/client-node';
import {UserError} from '../../errors.ts';

/** The API answered with something else than a success. */
export class KubeRefusal extends Error {
	override readonly name = 'KubeRefusal';
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

type Send = {
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	readonly body?: unknown;
	readonly contentType?: string;
};

type Reached = {
	readonly config: KubeConfig;
	readonly server: string;
	/** Time to wait for an answer [s]. */
	readonly patience: number;
};

/** Client of one cluster's API server: JSON documents, lines of a watch or a log, plain text. */
export class KubeApi {
	/** Namespace of the kubeconfig's current context. */
	readonly namespace: string;
	readonly #config: KubeConfig;
	readonly #server: string;
	readonly #patience: number;
	readonly #agent = new Agent({keepAlive: true, maxSockets: 8});

	private constructor({config, server, patience}: Reached) {
		this.#config = config;
		this.#server = server.replace(/\/$/, '');
		this.#patience = patience;
		this.namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
	}

	/** @param path - a kubeconfig whose current context is the cluster's */
	static async open(path: string): Promise<KubeApi> {
		return KubeApi.#reach(config => config.loadFromFile(path), 20);
	}

	/**
	 * Client of the user's own current context: `KUBECONFIG`, `~/.kube/config`, or the pod's own account.
	 *
	 * @throws {UserError} E_CLUSTER when there is no kubeconfig that can be read
	 */
	static async current(): Promise<KubeApi> {
		return KubeApi.#reach(config => {
			try {
				config.loadFromDefault();
			} catch (error) {
				throw new UserError('E_CLUSTER', `Expected a kubeconfig that can be read, got ${(error as Error).message}`, {
					cause: error,
				});
			}
		}, 10);
	}

	static async #reach(load: (config: KubeConfig) => void, patience: number): Promise<KubeApi> {
		const {KubeConfig} = await import('@kubernetes/client-node');
		const config = new KubeConfig();
		load(config);
		const server = config.getCurrentCluster()?.server;
		if (server === undefined) {
			throw new UserError('E_CLUSTER', 'Expected a kubeconfig with a current context, got none');
		}

		return new KubeApi({config, server, patience});
	}

	/** @throws {KubeRefusal} when the answer is not a success */
	async get<Answer>(path: string): Promise<Answer> {
		return JSON.parse(await this.text(path)) as Answer;
	}

	/** Reads an object; undefined when there is none. */
	async find<Answer>(path: string): Promise<Answer | undefined> {
		try {
			return await this.get<Answer>(path);
		} catch (error) {
			if (error instanceof KubeRefusal && error.status === 404) {
				return undefined;
			}

			throw error;
		}
	}

	async text(path: string): Promise<string> {
		return this.send(path, {method: 'GET'});
	}

	async send(path: string, send: Send): Promise<string> {
		const response = await this.#request(path, send, {agent: this.#agent, timeout: this.#patience * 1000});
		return text(response);
	}

	/** Changes a part of an object by a JSON merge patch. */
	async merge(path: string, body: unknown): Promise<void> {
		await this.send(path, {method: 'PATCH', body, contentType: 'application/merge-patch+json'});
	}

	/** Deletes an object; one that is not there is as good. */
	async remove(path: string, options: object = {}): Promise<void> {
		try {
			await this.send(path, {method: 'DELETE', body: options});
		} catch (error) {
			if (!(error instanceof KubeRefusal && error.status === 404)) {
				throw error;
			}
		}
	}

	/** Lines of an answer that does not end by itself, over a connection of their own. */
	async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
		const response = await this.#request(path, {method: 'GET'}, {agent: new Agent({keepAlive: false}), signal});
		response.socket.setKeepAlive(true, 15_000);
		yield* createInterface({input: response, crlfDelay: Number.POSITIVE_INFINITY});
	}

	close(): void {
		this.#agent.destroy();
	}

	async #request(path: string, send: Send, {agent, ...rest}: RequestOptions): Promise<IncomingMessage> {
		const url = new URL(this.#server + path);
		const body = send.body === undefined ? undefined : JSON.stringify(send.body);
		const options: RequestOptions = {...rest, method: send.method, headers: headersOf(send, body)};
		if (url.protocol === 'https:') {
			await this.#config.applyToHTTPSOptions(options); // a proxy such as `kubectl proxy` speaks http and wants no proof
			options.agent = agent;
		}

		const response = await this.#exchange(url, options, body);
		const status = response.statusCode ?? 0;
		if (status < 200 || status > 299) {
			throw new KubeRefusal(status, messageOf(await text(response)) ?? `status ${status}`);
		}

		return response;
	}

	async #exchange(url: URL, options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
		return new Promise<IncomingMessage>((resolve, reject) => {
			const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve);
			outgoing.on('error', reject);
			outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${this.#patience} s`)));
			outgoing.end(body);
		}).catch((error: NodeJS.ErrnoException) => {
			const got = error.code ?? error.message;
			throw new UserError('E_CLUSTER', `Expected the cluster at ${url.origin} to answer, got ${got}`, {cause: error});
		});
	}
}

function headersOf({contentType}: Send, body: string | undefined): Record<string, string | number> {
	return {
		accept: 'application/json, text/plain',
		...(body !== undefined && {
			'content-type': contentType ?? 'application/json',
			'content-length': Buffer.byteLength(body),
		}),
	};
}

/** Message of an answer that refuses: a Status object of the API, or the first line of a text. */
function messageOf(body: string): string | undefined {
	try {
		return (JSON.parse(body) as {message?: string}).message;
	} catch {
		return body.trim().split('\n', 1)[0] || undefined;
	}
}

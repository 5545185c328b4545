import {request as httpRequest, type IncomingMessage} from 'node:http';
import {Agent, request as httpsRequest, type RequestOptions} from 'node:https';
import {createInterface} from 'node:readline';
import {text} from 'node:stream/consumers';
import type {KubeConfig} from '@kubernetes/client-node';
import {UserError} from '../../errors.ts';
import {KubeRefusal} from '../live/kube-get.ts';

export type Send = {
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	readonly body?: unknown;
	readonly contentType?: string;
};

/** The API server of one cluster, as the replay asks it: JSON documents, lines of a watch or a log, plain text. */
export class KubeApi {
	readonly #config: KubeConfig;
	readonly #server: string;
	readonly #agent = new Agent({keepAlive: true, maxSockets: 8});

	private constructor(config: KubeConfig, server: string) {
		this.#config = config;
		this.#server = server.replace(/\/$/, '');
	}

	/** @param path - a kubeconfig whose current context is the cluster's */
	static async open(path: string): Promise<KubeApi> {
		const {KubeConfig} = await import('@kubernetes/client-node');
		const config = new KubeConfig();
		config.loadFromFile(path);
		const server = config.getCurrentCluster()?.server;
		if (server === undefined) {
			throw new UserError('E_CLUSTER', 'Expected a kubeconfig with a current context, got none');
		}

		return new KubeApi(config, server);
	}

	/** @throws {KubeRefusal} when the answer is not a success */
	async get<Answer>(path: string): Promise<Answer> {
		return JSON.parse(await this.text(path)) as Answer;
	}

	/** The same, but nothing where there is no such thing. */
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
		const response = await this.#request(path, send, {agent: this.#agent, timeout: 20_000});
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

	async #request(path: string, send: Send, extra: RequestOptions): Promise<IncomingMessage> {
		const url = new URL(this.#server + path);
		const body = send.body === undefined ? undefined : JSON.stringify(send.body);
		const {agent, ...rest} = extra;
		const options: RequestOptions = {
			...rest,
			method: send.method,
			headers: {
				accept: 'application/json, text/plain',
				...(body !== undefined && {
					'content-type': send.contentType ?? 'application/json',
					'content-length': Buffer.byteLength(body),
				}),
			},
		};
		if (url.protocol === 'https:') {
			await this.#config.applyToHTTPSOptions(options);
			options.agent = agent;
		}

		const response = await new Promise<IncomingMessage>((resolve, reject) => {
			const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve);
			outgoing.on('error', reject);
			outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in 20 s')));
			outgoing.end(body);
		}).catch((error: Error) => {
			throw new UserError('E_CLUSTER', `Expected the cluster at ${url.origin} to answer, got ${error.message}`, {
				cause: error,
			});
		});
		const status = response.statusCode ?? 0;
		if (status < 200 || status > 299) {
			throw new KubeRefusal(status, refusal(await text(response)) ?? `status ${status}`);
		}

		return response;
	}
}

function refusal(body: string): string | undefined {
	try {
		return (JSON.parse(body) as {message?: string}).message;
	} catch {
		return body.trim().split('\n', 1)[0] || undefined;
	}
}

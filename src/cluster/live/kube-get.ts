import {get as httpGet, type IncomingMessage} from 'node:http';
import {get as httpsGet, type RequestOptions} from 'node:https';
import {text} from 'node:stream/consumers';
import {UserError} from '../../errors.ts';

/** Reads one path of the cluster's API; nothing else is asked of a cluster here. */
export type KubeGet = (path: string) => Promise<unknown>;

export type Kube = {
	readonly get: KubeGet;
	/** Namespace of the current context. */
	readonly namespace: string;
};

/** The API answered with something else than 200. */
export class KubeRefusal extends Error {
	override readonly name = 'KubeRefusal';
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

/**
 * The cluster of the current kubeconfig: `KUBECONFIG`, `~/.kube/config`, or the pod's own account.
 *
 * @throws {UserError} E_CLUSTER when there is no kubeconfig, or later when the cluster does not answer
 */
export async function currentKube(): Promise<Kube> {
	const {KubeConfig} = await import('@kubernetes/client-node');
	const config = new KubeConfig();
	try {
		config.loadFromDefault();
	} catch (error) {
		throw new UserError('E_CLUSTER', `Expected a kubeconfig that can be read, got ${(error as Error).message}`, {
			cause: error,
		});
	}

	const server = config.getCurrentCluster()?.server;
	if (server === undefined) {
		throw new UserError('E_CLUSTER', 'Expected a kubeconfig with a current context, got none');
	}

	return {
		namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
		async get(path) {
			const options: RequestOptions = {headers: {accept: 'application/json'}, timeout: 10_000};
			const url = new URL(server.replace(/\/$/, '') + path);
			if (url.protocol === 'https:') {
				await config.applyToHTTPSOptions(options); // a proxy such as `kubectl proxy` speaks http and wants no proof
			}

			return request(url, options);
		},
	};
}

async function request(url: URL, options: RequestOptions): Promise<unknown> {
	const get = url.protocol === 'http:' ? httpGet : httpsGet;
	const response = await new Promise<IncomingMessage>((resolve, reject) => {
		const sent = get(url, options, resolve);
		sent.on('error', reject);
		sent.on('timeout', () => sent.destroy(new Error('no answer in 10 s')));
	}).catch((error: NodeJS.ErrnoException) => {
		throw new UserError(
			'E_CLUSTER',
			`Expected the cluster at ${url.origin} to answer, got ${error.code ?? error.message}`,
			{
				cause: error,
			},
		);
	});
	const body = await text(response);
	const status = response.statusCode ?? 0;
	if (status !== 200) {
		throw new KubeRefusal(status, refusal(body) ?? `status ${status}`);
	}

	return JSON.parse(body);
}

function refusal(body: string): string | undefined {
	try {
		return (JSON.parse(body) as {message?: string}).message;
	} catch {
		return body.trim().split('\n', 1)[0] || undefined;
	}
}

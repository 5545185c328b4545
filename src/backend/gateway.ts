import {Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {Counter, Gauge, Histogram, Registry} from 'prom-client';

/** Settings of the gateway: its Service, and its bounds for requests that find no pod. Times in seconds. */
export type GatewayConfiguration = {
	readonly port: number;
	/** Service in front of the pods. */
	readonly upstream: URL;
	/** Requests that it holds at most; 0: it holds none. */
	readonly queue: number;
	/** A request that was held so long is refused. */
	readonly timeout: number;
};

/** Body of a chat at most: what the backend takes. */
const longestBody = 65_536;

/** Pause between two attempts of the request that was held longest [ms]. */
const retryPauseMs = 100;

/** Connections that nothing answered: no pod is behind the Service, or it went before it took the request. */
const refusals = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250];

type Waiter = {readonly release: () => void};

/**
 * Gateway in front of a Service: it passes requests on, holds a request that finds no pod until one takes it, and exports how
 * many it has.
 */
export class Gateway {
	readonly #configuration: GatewayConfiguration;
	readonly #agent = new Agent({keepAlive: false}); // so that kube-proxy balances each request
	readonly #registry = new Registry();
	readonly #held: Waiter[] = [];
	readonly #arrived: Counter;
	readonly #completed: Counter<'code'>;
	readonly #latency: Histogram;
	#inFlight = 0;
	#isTrying = false;

	constructor(configuration: GatewayConfiguration) {
		this.#configuration = configuration;
		const registers = [this.#registry];
		const describe = (name: string, help: string) => ({name: `replicast_gateway_${name}`, help, registers});
		const gauge = (name: string, help: string, read: () => number) =>
			new Gauge({
				...describe(name, help),
				collect() {
					this.set(read());
				},
			});
		gauge('in_flight', 'Requests at the gateway and in the pods', () => this.#inFlight);
		gauge('waiting', 'Requests that are held because no pod takes them', () => this.#held.length);
		this.#arrived = new Counter(describe('requests_total', 'Requests that came'));
		this.#completed = new Counter({
			...describe('responses_total', 'Requests that were answered'),
			labelNames: ['code'],
		});
		this.#latency = new Histogram({...describe('latency_seconds', 'Time of a request that was answered'), buckets});
	}

	/** HTTP server, not listening yet. */
	server(): Server {
		return createServer((incoming, outgoing) => {
			if (incoming.url === '/healthz') {
				outgoing.end('ok');
			} else if (incoming.url === '/metrics') {
				void this.#registry.metrics().then(text => {
					outgoing.setHeader('content-type', this.#registry.contentType);
					outgoing.end(text);
				});
			} else {
				void this.#take(incoming, outgoing);
			}
		});
	}

	async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const began = performance.now();
		const left = new AbortController();
		outgoing.on('close', () => left.abort());
		this.#arrived.inc();
		this.#inFlight++;
		try {
			const body = await bodyOf(incoming);
			const code = body === undefined ? refuse(outgoing, 413) : await this.#pass(incoming, outgoing, {body, left});
			if (code !== undefined) {
				this.#completed.inc({code: String(code)});
				this.#latency.observe((performance.now() - began) / 1000);
			}
		} catch {
			outgoing.destroy(); // the pod broke off in the middle of its answer, or the client left
		} finally {
			this.#inFlight--;
		}
	}

	/** @returns status of the answer; undefined when the client left before */
	async #pass(
		incoming: IncomingMessage,
		outgoing: ServerResponse,
		{body, left}: {readonly body: Buffer; readonly left: AbortController},
	): Promise<number | undefined> {
		const {queue, timeout} = this.#configuration;
		const until = performance.now() + timeout * 1000;
		for (;;) {
			if (left.signal.aborted) {
				return undefined;
			}

			try {
				return await this.#send(incoming, outgoing, {body, signal: left.signal});
			} catch (error) {
				if (left.signal.aborted || !refusals.has((error as NodeJS.ErrnoException).code ?? '')) {
					throw error;
				}
			}

			if (this.#held.length >= queue || performance.now() >= until) {
				return refuse(outgoing, 503);
			}

			await this.#hold(until, left.signal);
		}
	}

	/** Waits for the next attempt, whose turn comes in the order of arrival. */
	#hold(until: number, signal: AbortSignal): Promise<void> {
		return new Promise(resolve => {
			const waiter: Waiter = {
				release: () => {
					clearTimeout(timer);
					const index = this.#held.indexOf(waiter);
					if (index !== -1) {
						this.#held.splice(index, 1);
					}

					resolve();
				},
			};
			const timer = setTimeout(waiter.release, Math.min(2 ** 31 - 1, Math.max(0, until - performance.now())));
			signal.addEventListener('abort', waiter.release, {once: true});
			this.#held.push(waiter);
			void this.#probe();
		});
	}

	/** Asks whether a pod answers, as long as requests are held, and lets all of them try once one does. */
	async #probe(): Promise<void> {
		if (this.#isTrying) {
			return;
		}

		this.#isTrying = true;
		while (this.#held.length > 0) {
			await sleep(retryPauseMs);
			if (await this.#answers()) {
				for (const {release} of [...this.#held]) {
					release();
				}
			}
		}

		this.#isTrying = false;
	}

	#answers(): Promise<boolean> {
		return new Promise(resolve => {
			const {upstream} = this.#configuration;
			const probe = request({...addressOf(upstream), path: '/healthz', agent: this.#agent, timeout: 1000});
			probe.on('response', response => {
				response.resume();
				resolve(true);
			});
			probe.on('timeout', () => probe.destroy());
			probe.on('error', () => resolve(false));
			probe.on('close', () => resolve(false));
			probe.end();
		});
	}

	#send(
		{method, url, headers}: IncomingMessage,
		outgoing: ServerResponse,
		{body, signal}: {readonly body: Buffer; readonly signal: AbortSignal},
	): Promise<number> {
		return new Promise((resolve, reject) => {
			const {upstream} = this.#configuration;
			const {connection: _, 'transfer-encoding': __, ...passed} = headers;
			const upward = request({
				...addressOf(upstream),
				method,
				path: url,
				headers: {...passed, host: upstream.host, 'content-length': body.length},
				agent: this.#agent,
				signal,
			});
			upward.on('error', reject);
			upward.on('response', response => {
				outgoing.writeHead(response.statusCode ?? 502, response.headers);
				response.on('error', reject);
				response.on('aborted', () => reject(new Error('the answer broke off')));
				response.on('end', () => resolve(response.statusCode ?? 502));
				response.pipe(outgoing);
			});
			upward.setNoDelay(true);
			upward.end(body);
		});
	}
}

function addressOf({hostname: host, port}: URL) {
	return {host, port: port === '' ? 80 : Number(port)};
}

/** Body of a request; undefined when it is too long. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
	const parts: Buffer[] = [];
	let length = 0;
	for await (const part of incoming as AsyncIterable<Buffer>) {
		length += part.length;
		if (length > longestBody) {
			return undefined;
		}

		parts.push(part);
	}

	return Buffer.concat(parts);
}

function refuse(outgoing: ServerResponse, status: 413 | 503): number {
	outgoing.writeHead(status, {'content-type': 'application/json'});
	outgoing.end(JSON.stringify({error: status === 503 ? 'No pod takes requests' : 'Body too long'}));
	return status;
}

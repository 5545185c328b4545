import {createServer, type Server} from 'node:http';
import {Counter, Gauge, Histogram, Registry} from 'prom-client';

type Labels = Readonly<Record<string, string>>;
type Served = {readonly labels: Labels; readonly value: number};

/** Exporter of metrics on a port of loopback. */
export class Exporter {
	readonly #server: Server;
	registry: Registry;

	private constructor(server: Server, registry: Registry) {
		this.#server = server;
		this.registry = registry;
	}

	static async start(registry: Registry): Promise<Exporter> {
		const server = createServer((_, response) => {
			void exporter.registry.metrics().then(text => {
				response.setHeader('content-type', exporter.registry.contentType);
				response.end(text);
			});
		});
		const exporter: Exporter = new Exporter(server, registry);
		await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
		return exporter;
	}

	get target(): string {
		return `127.0.0.1:${(this.#server.address() as {port: number}).port}`;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise(resolve => this.#server.close(resolve));
	}
}

/** Gauges of an exporter that speaks of others, such as kube-state-metrics, by the name of the metric. */
export function gaugesOf(metrics: Readonly<Record<string, readonly Served[]>>): Registry {
	const registry = new Registry();
	for (const [name, series] of Object.entries(metrics)) {
		const labelNames = [...new Set(series.flatMap(({labels}) => Object.keys(labels)))];
		const gauge = new Gauge({name, help: name, labelNames, registers: [registry]});
		for (const {labels, value} of series) {
			gauge.set(labels, value);
		}
	}

	return registry;
}

/** Counter that grows with time from 0 on. @param rates - of each series [1/s] */
export function growing(registry: Registry, name: string, rates: readonly Served[]): void {
	const begun = Date.now();
	const counted = rates.map(() => 0);
	new Counter({
		name,
		help: name,
		labelNames: [...new Set(rates.flatMap(({labels}) => Object.keys(labels)))],
		registers: [registry],
		collect() {
			for (const [index, {labels, value}] of rates.entries()) {
				const due = (value * (Date.now() - begun)) / 1000;
				this.inc(labels, due - counted[index]!);
				counted[index] = due;
			}
		},
	});
}

/** What a vLLM server exports that answers requests of one length, each after as many seconds. */
export function vllmMetrics({
	perSecond,
	seconds,
	running,
}: {
	perSecond: number;
	seconds: number;
	running: number;
}): Registry {
	const registry = new Registry();
	const labels = {model_name: 'llama'};
	growing(registry, 'vllm:request_success_total', [
		{labels: {...labels, finished_reason: 'stop'}, value: perSecond},
		{labels: {...labels, finished_reason: 'abort'}, value: 0},
	]);
	growing(registry, 'vllm:prompt_tokens_total', [{labels, value: 800 * perSecond}]);
	growing(registry, 'vllm:generation_tokens_total', [{labels, value: 200 * perSecond}]);
	const gauge = (name: string, value: number) =>
		new Gauge({name, help: name, labelNames: ['model_name'], registers: [registry]}).set(labels, value);
	gauge('vllm:num_requests_running', running);
	gauge('vllm:num_requests_waiting', 1);
	const begun = Date.now();
	let seen = 0;
	new Histogram({
		name: 'vllm:e2e_request_latency_seconds',
		help: 'latency',
		labelNames: ['model_name'],
		buckets: [1, 2.5, 5, 10],
		registers: [registry],
		collect() {
			for (const due = (perSecond * (Date.now() - begun)) / 1000; seen + 1 <= due; seen++) {
				this.observe(labels, seconds);
			}
		},
	});
	return registry;
}

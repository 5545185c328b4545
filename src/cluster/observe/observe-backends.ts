import {setTimeout as sleep} from 'node:timers/promises';
import {namespace} from '../setup/cluster.ts';
import {unixNow} from './clock.ts';
import type {BackendEntry, PodEntry} from './entry.ts';
import type {Observer} from './observe-pods.ts';

/** Period of scrapes, the same as Prometheus': each answer costs the pod some of its CPU. */
const periodMs = 15_000;

/** Asks the backend of each Ready pod, through the API server, how many chats wait and run. */
export async function observeBackends(
	{api, write, signal}: Observer,
	pods: ReadonlyMap<string, PodEntry>,
): Promise<void> {
	while (!signal.aborted) {
		await sleep(periodMs, undefined, {signal}).catch(() => undefined);
		const ready = signal.aborted ? [] : [...pods.values()].filter(({view}) => view.ready?.status === true);
		await Promise.all(
			ready.map(async ({view: {name: pod}}) => {
				const path = `/api/v1/namespaces/${namespace}/pods/${pod}:8080/proxy/metrics`;
				const text = await api.text(path).catch(() => '');
				for (const gauges of readGauges(text)) {
					write({type: 'backend', at: unixNow(), pod, ...gauges});
				}
			}),
		);
	}
}

type Gauges = Pick<BackendEntry, 'tenant' | 'inFlight' | 'queueLength'>;

/** Chats in flight and waiting by tenant, from a page in Prometheus' form. */
export function readGauges(page: string): Gauges[] {
	const byTenant = new Map<string, Gauges>();
	for (const [, name, tenant = '', value] of page.matchAll(
		/^replicast_backend_(in_flight|queue_length)\{tenant="([^"]*)"\} (\S+)$/gm,
	)) {
		const gauges = byTenant.get(tenant) ?? {tenant, inFlight: 0, queueLength: 0};
		gauges[name === 'in_flight' ? 'inFlight' : 'queueLength'] = Number(value);
		byTenant.set(tenant, gauges);
	}

	return [...byTenant.values()];
}

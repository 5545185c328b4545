import {setTimeout as sleep} from 'node:timers/promises';
import {parseQuantity} from '../../kubernetes/quantity.ts';
import type {List, LivePodMetrics} from '../live-objects.ts';
import {seconds, windowSeconds} from '../live-views.ts';
import {namespace, podSelector} from '../setup/manifest.ts';
import {unixNow} from './clock.ts';
import type {SampleEntry} from './entry.ts';
import type {Observer} from './observe-pods.ts';

/** metrics.k8s.io cannot be watched, and the autoscaler may look a moment after a scrape: so it is asked each second. */
const periodMs = 1000;

const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(podSelector)}`;

/**
 * Asks for the metrics of the pods and writes the new ones.
 *
 * @param samples - every sample of each pod that is served, the newest last
 */
export async function observeSamples(
	{api, write, signal}: Observer,
	samples: Map<string, SampleEntry[]>,
): Promise<void> {
	while (!signal.aborted) {
		const items = await api
			.get<List<LivePodMetrics>>(path)
			.then(list => list.items)
			.catch(() => []); // the API has nothing: neither has the autoscaler
		const at = unixNow();
		const served = new Set(items.map(({metadata}) => metadata.name));
		for (const pod of [...samples.keys()].filter(name => !served.has(name))) {
			samples.delete(pod);
			write({type: 'sampleLost', at, pod});
		}

		for (const item of items) {
			const entry = sampleOf(item, at);
			const known = samples.get(entry.pod) ?? [];
			const last = known.at(-1);
			if (last?.timestamp !== entry.timestamp || last.window !== entry.window) {
				samples.set(entry.pod, [...known, entry]);
				write(entry);
			}
		}

		await sleep(periodMs, undefined, {signal}).catch(() => undefined);
	}
}

function sampleOf({metadata, timestamp, window, containers}: LivePodMetrics, at: number): SampleEntry {
	return {
		type: 'sample',
		at,
		pod: metadata.name,
		timestamp: seconds(timestamp),
		window: windowSeconds(window),
		containers: containers.map(({name, usage}) => ({
			name,
			cpu: parseQuantity(usage['cpu'] ?? '0'),
			memory: parseQuantity(usage['memory'] ?? '0'),
		})),
	};
}

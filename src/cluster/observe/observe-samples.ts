import {setTimeout as sleep} from 'node:timers/promises';
import {goDuration} from '../../autoscaler/api-time.ts';
import {parseQuantity} from '../../autoscaler/quantity.ts';
import type {List, LivePodMetrics} from '../live/live-objects.ts';
import {unixSeconds} from '../live/live-views.ts';
import {namespace, podSelector} from '../setup/cluster.ts';
import {unixNow} from './clock.ts';
import type {SampleEntry} from './entry.ts';
import type {Observer} from './observe-pods.ts';

/**
 * metrics.k8s.io cannot be watched, and the autoscaler may look a moment after a scrape. So it is asked once a second,
 * and more often around the time at which metrics-server scrapes next [s].
 */
const period = {usual: 1, close: 0.1, scrape: 15, margin: 1.2} as const;

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
	let newAt = Number.NEGATIVE_INFINITY;
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
			if (!isSame(known.at(-1), entry)) {
				samples.set(entry.pod, [...known, entry]);
				write(entry);
				newAt = at;
			}
		}

		await sleep(waitAfter(at - newAt) * 1000, undefined, {signal}).catch(() => undefined);
	}
}

/** @param age - since the last scrape that brought something [s] */
function waitAfter(age: number): number {
	return Math.abs(age - period.scrape) < period.margin ? period.close : period.usual;
}

/** The usage counts, too: a pod has the time of its oldest container's point, which stays while another's moves on. */
function isSame(a: SampleEntry | undefined, b: SampleEntry): boolean {
	return a !== undefined && JSON.stringify({...a, at: b.at}) === JSON.stringify(b);
}

function sampleOf({metadata, timestamp, window, containers}: LivePodMetrics, at: number): SampleEntry {
	return {
		type: 'sample',
		at,
		pod: metadata.name,
		timestamp: unixSeconds(timestamp),
		window: goDuration(window),
		containers: containers
			.map(({name, usage}) => ({
				name,
				cpu: parseQuantity(usage['cpu'] ?? '0'),
				memory: parseQuantity(usage['memory'] ?? '0'),
			}))
			.sort((a, b) => a.name.localeCompare(b.name)), // the API has them in any order
	};
}

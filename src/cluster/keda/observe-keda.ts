import {setTimeout as sleep} from 'node:timers/promises';
import {replayedHpa} from '../../autoscaler/hpa-manifest.ts';
import {compositeMetric, type KedaSpec} from '../../autoscaler/keda/keda-spec.ts';
import {servedNames} from '../../autoscaler/keda/served-names.ts';
import {parseQuantityMilli} from '../../autoscaler/quantity.ts';
import {unixNow} from '../observe/clock.ts';
import type {Observer} from '../observe/observe-pods.ts';
import {watchList} from '../observe/watch-list.ts';
import {namespace} from '../setup/cluster.ts';

type WatchedScaledObject = {
	metadata: {name: string; resourceVersion?: string; creationTimestamp?: string};
	status?: {
		lastActiveTime?: string;
		conditions?: {type: string; status: string}[];
	};
};

const {name} = replayedHpa.metadata;

/** Watches the status that KEDA's operator writes at its polls: whether a trigger is active, and when one last was. */
export async function observeScaledObject({api, write, signal}: Observer): Promise<void> {
	let last = '';
	await watchList<WatchedScaledObject>(api, {
		path: `/apis/keda.sh/v1alpha1/namespaces/${namespace}/scaledobjects`,
		signal,
		onGap: seconds => write({type: 'gap', at: unixNow(), what: 'scaledobject', seconds}),
		onChange(change, {metadata, status = {}}) {
			if (change === 'gone' || metadata.name !== name) {
				return;
			}

			const conditions = status.conditions ?? [];
			const state = {
				active: conditions.find(({type}) => type === 'Active')?.status ?? '',
				...timeOf('created', metadata.creationTimestamp),
				...timeOf('lastActive', status.lastActiveTime),
			};
			if (JSON.stringify(state) !== last) {
				last = JSON.stringify(state);
				write({type: 'scaledObject', at: unixNow(), ...state});
			}
		},
	});
}

function timeOf<Key extends 'created' | 'lastActive'>(key: Key, time: string | undefined): {[key in Key]?: number} {
	return time === undefined ? {} : ({[key]: Date.parse(time) / 1000} as {[key in Key]?: number});
}

/** Each question makes KEDA ask Prometheus; its answer changes with each scrape at most. */
const periodMs = 500;

type ExternalValues = {readonly items: readonly {readonly value: string}[]};

/**
 * Asks external.metrics.k8s.io for what it serves the autoscaler, and writes what changed. Where KEDA counts failures for a
 * fallback nothing is asked, as each question counts.
 */
export async function observeExternal({api, write, signal}: Observer, keda: KedaSpec): Promise<void> {
	const names = keda.fallback === undefined ? servedNames(keda, compositeMetric) : [];
	const selector = encodeURIComponent(`scaledobject.keda.sh/name=${name}`);
	const last = new Map<string, number | undefined>();
	while (!signal.aborted && names.length > 0) {
		await Promise.all(
			names.map(async metric => {
				const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${encodeURIComponent(metric)}`;
				const value = await api
					.get<ExternalValues>(`${path}?labelSelector=${selector}`)
					.then(({items}) => sumOf(items))
					.catch(() => undefined);
				if (!last.has(metric) || last.get(metric) !== value) {
					last.set(metric, value);
					write({type: 'external', at: unixNow(), metric, ...(value !== undefined && {value})});
				}
			}),
		);
		await sleep(periodMs, undefined, {signal}).catch(() => undefined);
	}
}

/** As the autoscaler adds them up. */
function sumOf(items: ExternalValues['items']): number | undefined {
	return items.length === 0 ? undefined : items.reduce((sum, {value}) => sum + parseQuantityMilli(value), 0) / 1000;
}

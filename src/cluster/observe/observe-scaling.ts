import type {HpaStatus} from '../../autoscaler/live-answer.ts';
import {namespace, workload} from '../setup/cluster.ts';
import {unixNow} from './clock.ts';
import type {Observer} from './observe-pods.ts';
import {watchList} from './watch-list.ts';

type Named = {metadata: {name: string; resourceVersion?: string}};
type WatchedDeployment = Named & {spec: {replicas?: number}; status?: {replicas?: number}};
type WatchedHpa = Named & {status?: HpaStatus};
type WatchedSlice = Named & {
	endpoints?: {conditions?: {ready?: boolean}; targetRef?: {name?: string}}[] | null;
};
type WatchedEvent = Named & {
	reason?: string;
	message?: string;
	count?: number;
	series?: {count?: number};
	involvedObject: {kind?: string; name?: string};
};

/** Watches the Deployment's scale, one entry for each change of it. */
export async function observeScale({api, write, signal}: Observer): Promise<void> {
	let last = '';
	await watchList<WatchedDeployment>(api, {
		path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
		signal,
		onGap: seconds => write({type: 'gap', at: unixNow(), what: 'deployment', seconds}),
		onChange(change, {metadata, spec, status}) {
			const scale = {specReplicas: spec.replicas ?? 1, statusReplicas: status?.replicas ?? 0};
			if (change === 'there' && metadata.name === workload && JSON.stringify(scale) !== last) {
				last = JSON.stringify(scale);
				write({type: 'scale', at: unixNow(), ...scale});
			}
		},
	});
}

/** Watches the autoscaler's status. */
export async function observeHpa({api, write, signal}: Observer): Promise<void> {
	await watchList<WatchedHpa>(api, {
		path: `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`,
		signal,
		onGap: seconds => write({type: 'gap', at: unixNow(), what: 'hpa', seconds}),
		onChange(change, {metadata, status}) {
			if (change === 'there' && metadata.name === workload && status !== undefined) {
				write({type: 'hpa', at: unixNow(), status});
			}
		},
	});
}

/** Watches which pods the Service sends requests to. */
export async function observeEndpoints({api, write, signal}: Observer): Promise<void> {
	const slices = new Map<string, string[]>();
	let last = '[]';
	await watchList<WatchedSlice>(api, {
		path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
		selector: `kubernetes.io/service-name=${workload}`,
		signal,
		onGap: seconds => write({type: 'gap', at: unixNow(), what: 'endpoints', seconds}),
		onChange(change, {metadata: {name}, endpoints}) {
			const ready = (endpoints ?? []).filter(({conditions}) => conditions?.ready !== false);
			slices.set(name, change === 'gone' ? [] : ready.flatMap(({targetRef}) => targetRef?.name ?? []));
			const all = [...slices.values()].flat().sort();
			if (JSON.stringify(all) !== last) {
				last = JSON.stringify(all);
				write({type: 'endpoints', at: unixNow(), ready: all});
			}
		},
	});
}

/** Watches the namespace's events. */
export async function observeEvents({api, write, signal}: Observer): Promise<void> {
	const began = unixNow();
	await watchList<WatchedEvent>(api, {
		path: `/api/v1/namespaces/${namespace}/events`,
		signal,
		onGap: () => undefined,
		onChange(change, {involvedObject: {kind = '', name = ''}, reason = '', message = '', count, series}) {
			// Events of earlier replays stay for an hour and are listed at first.
			if (change === 'there' && unixNow() - began > 1) {
				const object = `${kind}/${name}`;
				write({type: 'event', at: unixNow(), object, reason, message, count: series?.count ?? count ?? 1});
			}
		},
	});
}

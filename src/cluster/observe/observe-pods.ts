import type {KubeApi} from '../api/kube-api.ts';
import type {LivePod} from '../live/live-objects.ts';
import {podView} from '../live/live-views.ts';
import {namespace, podSelector} from '../setup/cluster.ts';
import {unixNow} from './clock.ts';
import type {ContainerState, JournalEntry, PodEntry} from './entry.ts';
import {watchList} from './watch-list.ts';

type ContainerStatus = {
	name: string;
	containerID?: string;
	restartCount: number;
	state?: {running?: object};
	lastState?: {terminated?: {reason?: string}};
};
type WatchedPod = LivePod & {readonly status: {readonly containerStatuses?: ContainerStatus[]}};

/** Surroundings of an observer: the cluster, where to write, and when to stop. */
export type Observer = {
	readonly api: KubeApi;
	readonly write: (entry: JournalEntry) => void;
	readonly signal: AbortSignal;
};

const path = `/api/v1/namespaces/${namespace}/pods`;

/**
 * Watches the pods with their conditions and container states.
 *
 * @param backend - container whose log says when the model is loaded; undefined where there is no log
 * @param pods - kept up to date with what each pod that is there was last seen as
 */
export async function observePods(
	{api, write, signal, backend}: Observer & {readonly backend: string | undefined},
	pods: Map<string, PodEntry>,
): Promise<void> {
	const last = new Map<string, string>();
	const seeModel = backend === undefined ? () => undefined : modelWatcher(api, {write, backend});
	await watchList<WatchedPod>(api, {
		path,
		selector: podSelector,
		signal,
		onGap: seconds => write({type: 'gap', at: unixNow(), what: 'pods', seconds}),
		onChange(change, pod) {
			const {name} = pod.metadata;
			if (change === 'gone') {
				pods.delete(name);
				write({type: 'gone', at: unixNow(), pod: name});
				return;
			}

			const state = stateOf(pod);
			const text = JSON.stringify(state);
			const entry: PodEntry = {type: 'pod', at: unixNow(), ...state};
			pods.set(name, entry);
			if (last.get(name) !== text) {
				last.set(name, text);
				write(entry);
				seeModel(entry);
			}
		},
	});
}

function stateOf(pod: WatchedPod): Omit<PodEntry, 'type' | 'at'> {
	const conditions = pod.status.conditions ?? [];
	return {
		view: podView(pod),
		isScheduled: conditions.some(({type, status}) => type === 'PodScheduled' && status === 'True'),
		...(pod.spec.nodeName !== undefined && {node: pod.spec.nodeName}),
		containers: (pod.status.containerStatuses ?? []).map(containerState).sort((a, b) => a.name.localeCompare(b.name)),
	};
}

function containerState({name, containerID = '', restartCount, state, lastState}: ContainerStatus): ContainerState {
	const lastEnd = lastState?.terminated?.reason;
	return {
		name,
		id: containerID.replace(/^.*:\/\//, ''),
		restarts: restartCount,
		isRunning: state?.running !== undefined,
		...(lastEnd !== undefined && {lastEnd}),
	};
}

/** Whenever a pod becomes Ready, its backend's log says since when the model is loaded. */
function modelWatcher(
	api: KubeApi,
	{write, backend}: {readonly write: Observer['write']; readonly backend: string},
): (pod: PodEntry) => void {
	const asked = new Set<string>();
	const written = new Set<string>();
	return ({view: {name, ready}}) => {
		const occasion = `${name} ${ready?.lastTransitionTime}`;
		if (ready?.status !== true || asked.has(occasion)) {
			return;
		}

		asked.add(occasion);
		void api
			.text(`${path}/${name}/log?container=${backend}&tailLines=200`)
			.then(log => {
				const at = loadedAt(log);
				if (at !== undefined && !written.has(`${name} ${at}`)) {
					written.add(`${name} ${at}`);
					write({type: 'model', at, pod: name});
				}
			})
			.catch(() => undefined); // the log of a pod that goes is lost; Ready stands for it then
	};
}

/** @returns when the model was last loaded, by the log of a backend, in seconds since 1970 */
export function loadedAt(log: string): number | undefined {
	const line = log.split('\n').findLast(text => text.includes('"Ollama has loaded'));
	if (line === undefined) {
		return undefined;
	}

	try {
		return (JSON.parse(line) as {time: number}).time / 1000;
	} catch {
		return undefined;
	}
}

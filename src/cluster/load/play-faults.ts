import {pick} from '../../engine/pick.ts';
import {RandomStream} from '../../engine/random-stream.ts';
import type {Experiment, Fault} from '../../experiment/experiment.ts';
import {runTool} from '../machine/run-tool.ts';
import {unixNow} from '../observe/clock.ts';
import type {Entry, PodEntry} from '../observe/entry.ts';
import type {Cluster} from '../setup/cluster.ts';
import {namespace, workload} from '../setup/manifest.ts';
import {restoreMetrics, stopMetrics} from '../setup/metrics-api.ts';
import {playedReplication} from './play-requests.ts';
import {pressNode} from './press-node.ts';
import {sleepUntil} from './sleep-until.ts';

export type FaultOptions = {
	readonly cluster: Cluster;
	readonly experiment: Experiment;
	readonly pods: ReadonlyMap<string, PodEntry>;
	/** Time 0 [s since 1970]. */
	readonly start: number;
	readonly write: (entry: Entry) => void;
	readonly signal: AbortSignal;
};

/** Makes the experiment's faults happen at their times. */
export async function playFaults(options: FaultOptions): Promise<void> {
	const {experiment, start, signal} = options;
	await Promise.all(
		experiment.faults.map(async (fault, index) => {
			await sleepUntil(start + fault.at, signal);
			if (!signal.aborted && fault.at < experiment.duration) {
				const {seed} = experiment;
				const stream = new RandomStream({seed, replication: playedReplication, purpose: 'fault', entity: index});
				const at = unixNow();
				const hit = await happen(fault, stream, options);
				options.write({type: 'fault', at, kind: fault.kind, index, hit});
				if (fault.kind === 'metrics-outage') {
					await endOutage(fault, options);
				}
			}
		}),
	);
}

/** @returns what was hit */
async function happen(fault: Fault, stream: RandomStream, options: FaultOptions): Promise<string[]> {
	const {cluster, experiment, pods, signal} = options;
	switch (fault.kind) {
		case 'pod-kill':
			return hitPods(pick(readyPods(pods), fault.count, stream), async ({view: {name}}) =>
				cluster.api.remove(`/api/v1/namespaces/${namespace}/pods/${name}`, {gracePeriodSeconds: 0}),
			);
		case 'container-restart': {
			const container = fault.container ?? experiment.deployment.llm.container;
			return hitPods(pick(readyPods(pods), fault.count, stream), async pod => killContainer(cluster, pod, container));
		}

		case 'node-pressure': {
			const nodes = pick(cluster.nodes, fault.count, stream);
			void Promise.all(nodes.map(async node => pressNode(node, fault, signal)));
			return nodes;
		}

		case 'metrics-outage':
			await stopMetrics(cluster.api);
			return ['metrics.k8s.io'];
		case 'rollout':
			await cluster.api.merge(`/apis/apps/v1/namespaces/${namespace}/deployments/${workload}`, {
				spec: {template: {metadata: {annotations: {'kubectl.kubernetes.io/restartedAt': new Date().toISOString()}}}},
			});
			return [workload];
	}
}

type Outage = Extract<Fault, {kind: 'metrics-outage'}>;

/** Waits until an outage is over, and ends it unless another one goes on. An aborted replay ends it at once. */
async function endOutage(fault: Outage, {cluster, experiment, start, signal}: FaultOptions): Promise<void> {
	const end = fault.at + fault.duration;
	await sleepUntil(start + end, signal);
	const goesOn = experiment.faults.some(
		other => other.kind === fault.kind && other.at <= end && other.at + other.duration > end,
	);
	if (!goesOn || signal.aborted) {
		await restoreMetrics(cluster.api);
	}
}

async function hitPods(pods: readonly PodEntry[], hit: (pod: PodEntry) => Promise<void>): Promise<string[]> {
	await Promise.all(pods.map(hit));
	return pods.map(({view}) => view.name);
}

/** Kills the container's process at once where the node is in reach; else asks it to end. */
async function killContainer({nodes, kubeconfig}: Cluster, {view, containers}: PodEntry, name: string): Promise<void> {
	const id = containers.find(container => container.name === name)?.id ?? '';
	const kill = ['ctr', '--namespace', 'k8s.io', 'tasks', 'kill', '--signal', 'SIGKILL', id];
	const kills = nodes.map(async node => runTool('docker', ['exec', node, ...kill]));
	const isKilled = (await Promise.allSettled(kills)).some(({status}) => status === 'fulfilled');
	if (!isKilled) {
		const words = ['--kubeconfig', kubeconfig, '--namespace', namespace, 'exec', view.name, '--container', name];
		await runTool('kubectl', [...words, '--', 'sh', '-c', 'kill 1']);
	}
}

function readyPods(pods: ReadonlyMap<string, PodEntry>): PodEntry[] {
	return [...pods.values()].filter(({view}) => view.ready?.status === true && view.deletionTimestamp === undefined);
}

import {pick, RandomStream} from '../../engine/random-stream.ts';
import type {Experiment, FaultPlan} from '../../experiment/experiment.ts';
import {runTool} from '../machine/run-tool.ts';
import {unixNow} from '../observe/clock.ts';
import type {JournalEntry, PodEntry} from '../observe/entry.ts';
import {type Cluster, namespace, workload} from '../setup/cluster.ts';
import {restoreMetrics, stopMetrics} from '../setup/metrics-api.ts';
import {replayedReplication} from './send-requests.ts';
import {sleepUntil} from './sleep-until.ts';

/**
 * Loops that are busy for a part of every tenth of a second and end by themselves. They stand at the node's highest
 * priority, so that what they take is taken from the pods.
 */
const script = `
cores=$(nproc); busy=$(( cores * $2 )); end=$(( SECONDS + $1 ))
loop() {
  while [ $SECONDS -lt $end ]; do
    now=\${EPOCHREALTIME/[.,]/}
    until [ $(( \${EPOCHREALTIME/[.,]/} - now )) -ge $(( $1 * 100 )) ]; do :; done
    [ $1 -ge 1000 ] || read -r -t 0.$(printf %06d $(( (1000 - $1) * 100 ))) _ <><(:)
  done
}
renice -n -20 $$ >/dev/null 2>&1
while [ $busy -gt 0 ]; do
  loop $(( busy > 1000 ? 1000 : busy )) &
  busy=$(( busy - 1000 ))
done
wait
`;

/** Takes a fraction of a node's CPU away for a while [s]; `node` is a container of docker. */
async function pressNode(
	node: string,
	{duration, cpuFraction}: {readonly duration: number; readonly cpuFraction: number},
	signal: AbortSignal,
): Promise<void> {
	const words = ['exec', node, 'timeout', `${Math.ceil(duration) + 1}s`, 'bash', '-c', script, 'press'];
	await runTool('docker', [...words, String(Math.ceil(duration)), String(Math.round(cpuFraction * 1000))], {
		signal,
	}).catch(
		() => undefined, // a run that ends stops it, and it ends by itself in any case
	);
}

export type FaultOptions = {
	readonly cluster: Cluster;
	readonly experiment: Experiment;
	readonly pods: ReadonlyMap<string, PodEntry>;
	/** Time 0 [s since 1970]. */
	readonly start: number;
	readonly write: (entry: JournalEntry) => void;
	readonly signal: AbortSignal;
	/** Called once metrics.k8s.io was stopped, and once it was restored. */
	readonly outage?: (isOut: boolean) => Promise<void>;
};

/** Makes the experiment's faults happen beside a load; none happens after it has ended. */
export async function withFaults(options: FaultOptions, load: () => Promise<void>): Promise<void> {
	const over = new AbortController();
	const faults = injectFaults({...options, signal: AbortSignal.any([options.signal, over.signal])});
	faults.catch(() => undefined); // thrown below
	try {
		await load();
		over.abort();
		await faults;
	} finally {
		over.abort();
		await faults.catch(() => undefined);
	}
}

/** Makes the experiment's faults happen at their times. */
export async function injectFaults(options: FaultOptions): Promise<void> {
	const {experiment, start, signal} = options;
	await Promise.all(
		experiment.faults.map(async (fault, index) => {
			await sleepUntil(start + fault.at, signal);
			if (!signal.aborted && fault.at < experiment.duration) {
				const {seed} = experiment;
				const stream = new RandomStream({seed, replication: replayedReplication, purpose: 'fault', entity: index});
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
async function happen(fault: FaultPlan, stream: RandomStream, options: FaultOptions): Promise<string[]> {
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
			await options.outage?.(true);
			return ['metrics.k8s.io'];
		case 'rollout':
			await cluster.api.merge(`/apis/apps/v1/namespaces/${namespace}/deployments/${workload}`, {
				spec: {template: {metadata: {annotations: {'kubectl.kubernetes.io/restartedAt': new Date().toISOString()}}}},
			});
			return [workload];
		case 'spot-interruption':
		case 'zone-outage':
			throw new TypeError(`Expected a fault that a cluster can be given, got ${fault.kind}`);
	}
}

type Outage = Extract<FaultPlan, {kind: 'metrics-outage'}>;

/** Waits until an outage is over, and ends it unless another one goes on. An aborted replay ends it at once. */
async function endOutage(fault: Outage, {cluster, experiment, start, signal, outage}: FaultOptions): Promise<void> {
	const end = fault.at + fault.duration;
	await sleepUntil(start + end, signal);
	const goesOn = experiment.faults.some(
		other => other.kind === fault.kind && other.at <= end && other.at + other.duration > end,
	);
	if (!goesOn || signal.aborted) {
		await restoreMetrics(cluster.api);
		await outage?.(false);
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

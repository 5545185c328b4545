import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';

type Pod = {
	metadata: {name: string; creationTimestamp: string};
	status: {conditions?: {type: string; status: string; lastTransitionTime: string}[]};
};
type Hpa = {spec: {minReplicas: number}; status?: {desiredReplicas?: number; currentMetrics?: unknown[]}};

/** What kubectl said of the pods and the autoscaler while a replay went on. */
export type Seen = {
	/** When each pod was created and became Ready [s since 1970]; NaN for one that was never seen Ready. */
	readonly pods: Map<string, {created: number; ready: number}>;
	readonly desiredReplicas: number[];
};

/** Asks kubectl every second, by itself, until `isOver`. */
export async function follow(cluster: string, isOver: () => boolean): Promise<Seen> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-kubectl-'));
	const kubeconfig = join(folder, 'kubeconfig');
	const seen: Seen = {pods: new Map(), desiredReplicas: []};
	while (!isOver()) {
		await execa('kind', ['export', 'kubeconfig', '--name', cluster, '--kubeconfig', kubeconfig], {reject: false});
		const pods = await get<Pod>(kubeconfig, 'pods');
		for (const {metadata, status} of pods) {
			const ready = status.conditions?.find(({type}) => type === 'Ready');
			const known = seen.pods.get(metadata.name)?.ready ?? Number.NaN;
			const since = ready?.status === 'True' && Number.isNaN(known) ? seconds(ready.lastTransitionTime) : known;
			seen.pods.set(metadata.name, {created: seconds(metadata.creationTimestamp), ready: since});
		}

		const [hpa] = await get<Hpa>(kubeconfig, 'hpa');
		if (hpa?.status?.desiredReplicas !== undefined) {
			seen.desiredReplicas.push(hpa.status.desiredReplicas);
		}

		await sleep(1000);
	}

	await rm(folder, {recursive: true, force: true});
	return seen;
}

async function get<Item>(kubeconfig: string, resource: string): Promise<Item[]> {
	const words = ['--kubeconfig', kubeconfig, '--namespace', 'replicast', 'get', resource, '--output', 'json'];
	const {stdout, failed} = await execa('kubectl', words, {reject: false});
	return failed ? [] : (JSON.parse(stdout) as {items: Item[]}).items;
}

function seconds(time: string): number {
	return Date.parse(time) / 1000;
}

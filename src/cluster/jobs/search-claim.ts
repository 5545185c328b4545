import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {KubeApi} from '../api/kube-api.ts';
import {type OnStepProgress, runSteps} from '../replay/step.ts';
import type {ClusterAccess} from '../setup/cluster.ts';
import {callerIn} from './call-in-pod.ts';
import {claimStore, type ShardStore} from './claim-store.ts';
import {claimObjects, collectionPath, type JobNames} from './job-objects.ts';
import type {JobOptions} from './job-options.ts';
import {type JobPod, troubleOf} from './pod-trouble.ts';
import {clearSearch, makeObject} from './search-objects.ts';

/** How long pods may wait for a node while none of them runs: some clusters make a node first [s]. */
export const patience = 300;

type ClaimOptions = Pick<JobOptions, 'claim' | 'namespace' | 'keeps'> & {
	/** Name of the search. */
	readonly search: string;
	readonly signal: AbortSignal;
	readonly onProgress: OnStepProgress;
};

type Storing = {
	readonly access: ClusterAccess;
	readonly names: JobNames;
	/** Receives the steps that take back what was made. */
	readonly undo: (() => Promise<void>)[];
};

/** Makes the claim of a search and the pod that keeps it, and waits until that pod runs. */
export async function prepareClaim(options: ClaimOptions, {access, names, undo}: Storing): Promise<ShardStore> {
	const {claim, search, namespace, keeps, signal, onProgress} = options;
	const {api, kubeconfig} = access;
	undo.push(async () => {
		if (!keeps) {
			await clearSearch(api, {namespace, search});
		}
	});
	for (const object of claimObjects(names)) {
		await makeObject(api, {namespace, object, signal});
	}

	const step = {
		title: `Claim of ${claim.size}`,
		async run() {
			const report = (line: string) => onProgress({doing: line, isOver: true});
			await waitForKeeper(api, {namespace, name: search, signal, report, patience});
			return 'there';
		},
	};
	await runSteps([step], onProgress);
	return claimStore(callerIn({kubeconfig, namespace}), search);
}

export type KeeperWait = {
	readonly namespace: string;
	readonly name: string;
	readonly signal: AbortSignal;
	readonly report: (line: string) => void;
	/** How long it may take [s]. */
	readonly patience: number;
};

/** Waits until the pod that keeps the claim runs. */
export async function waitForKeeper(
	api: Pick<KubeApi, 'get'>,
	{namespace, name, signal, report, patience}: KeeperWait,
): Promise<void> {
	let reported = '';
	for (const end = Date.now() + patience * 1000; ; ) {
		const pod = await api.get<JobPod>(`${collectionPath('Pod', namespace)}/${name}`);
		if (pod.status.containerStatuses?.some(({state}) => state?.running !== undefined)) {
			return;
		}

		const trouble = troubleOf([pod]);
		if (Date.now() > end || trouble?.mayPass === false) {
			const why = trouble?.why ?? `phase ${pod.status.phase}`;
			throw new UserError('E_CLUSTER', `Expected the pod ${name}, which keeps the claim, to run, got ${why}`);
		}

		const line = trouble === undefined ? '' : `Waiting for the claim: ${trouble.why}`;
		if (line !== '' && line !== reported) {
			reported = line;
			report(line);
		}

		await sleep(500, undefined, {signal});
	}
}

import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {KubeApi} from '../setup/kube-api.ts';
import {collectionPath} from './job-objects.ts';
import {type JobPod, troubleOf} from './pod-trouble.ts';

export type KeeperWait = {
	readonly namespace: string;
	readonly name: string;
	readonly signal: AbortSignal;
	readonly say: (line: string) => void;
	/** How long it may take [s]. */
	readonly patience: number;
};

/** Waits until the pod that keeps the claim runs. */
export async function waitForKeeper(
	api: Pick<KubeApi, 'get'>,
	{namespace, name, signal, say, patience}: KeeperWait,
): Promise<void> {
	let said = '';
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
		if (line !== '' && line !== said) {
			said = line;
			say(line);
		}

		await sleep(500, undefined, {signal});
	}
}

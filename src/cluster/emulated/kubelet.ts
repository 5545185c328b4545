import type {KubeApi} from '../api/kube-api.ts';
import {namespace} from '../setup/cluster.ts';

const pods = `/api/v1/namespaces/${namespace}/pods`;

/** Annotations by which the stages of `k8s/kwok/kwok.yaml` know when to act. */
const annotations = {started: 'replicast/started-at', ready: 'replicast/ready-at'} as const;

/** Part of a kubelet that KWOK does not know by itself: when a pod starts, and when it may go. */
export class Kubelet {
	readonly #api: Pick<KubeApi, 'merge' | 'remove'>;
	readonly #failed: (error: Error) => void;

	/** @param failed - called when the API refuses something that it should not */
	constructor(api: Pick<KubeApi, 'merge' | 'remove'>, failed: (error: Error) => void) {
		this.#api = api;
		this.#failed = failed;
	}

	/** Plans when a pod's containers run, and when it is Ready [s since 1970]. */
	plan(pod: string, {started, ready}: {readonly started: number; readonly ready: number}): void {
		const patch = {
			metadata: {annotations: {[annotations.started]: timeOf(started), [annotations.ready]: timeOf(ready)}},
		};
		this.#send(this.#api.merge(`${pods}/${pod}`, patch));
	}

	/** Ends a pod that has nothing left to do. */
	end(pod: string): void {
		this.#send(this.#api.remove(`${pods}/${pod}`, {gracePeriodSeconds: 0}));
	}

	#send(sending: Promise<void>): void {
		sending.catch((error: Error) => {
			// A pod that went before the message came needs it no more.
			if (!('status' in error && error.status === 404)) {
				this.#failed(error);
			}
		});
	}
}

function timeOf(unixSeconds: number): string {
	return new Date(unixSeconds * 1000).toISOString();
}

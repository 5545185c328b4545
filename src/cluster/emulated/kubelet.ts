import type {KubeApi} from '../api/kube-api.ts';
import {joiningKey} from '../observe/observe-pool-nodes.ts';
import {namespace} from '../setup/cluster.ts';

const pods = `/api/v1/namespaces/${namespace}/pods`;

/** Annotations by which the stages of `k8s/kwok/kwok.yaml` know when to act. */
const annotations = {started: 'replicast/started-at', ready: 'replicast/ready-at'} as const;

/** Status of an answer that needs no action: the object is gone, or is another one than the patch was made for. */
const gone: readonly number[] = [404];
const unprocessable = 422;

/** Part of a kubelet that KWOK does not know by itself: when its node joins, when a pod starts, and when it may go. */
export class Kubelet {
	readonly #api: Pick<KubeApi, 'merge' | 'remove' | 'send'>;
	readonly #failed: (error: Error) => void;

	/** @param failed - called when the API refuses something that it should not */
	constructor(api: Pick<KubeApi, 'merge' | 'remove' | 'send'>, failed: (error: Error) => void) {
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

	/** Plans when a node of a node autoscaler is Ready [s since 1970]. */
	join(node: string, ready: number): void {
		this.#send(
			this.#api.merge(`/api/v1/nodes/${node}`, {metadata: {annotations: {[annotations.ready]: timeOf(ready)}}}),
		);
	}

	/**
	 * Lets pods onto a node that is up.
	 *
	 * @param taint - index of the taint that kept them away; where it is another one by now, the node is seen again
	 */
	open(node: string, taint: number): void {
		const path = `/spec/taints/${taint}`;
		const body = [
			{op: 'test', path: `${path}/key`, value: joiningKey},
			{op: 'remove', path},
		];
		this.#send(
			this.#api.send(`/api/v1/nodes/${node}`, {method: 'PATCH', body, contentType: 'application/json-patch+json'}),
			[...gone, unprocessable],
		);
	}

	/** Ends a pod that has nothing left to do. */
	end(pod: string): void {
		this.#send(this.#api.remove(`${pods}/${pod}`, {gracePeriodSeconds: 0}));
	}

	#send(sending: Promise<unknown>, harmless = gone): void {
		sending.catch((error: Error) => {
			// A pod or node that went before the message came needs it no more.
			if (!('status' in error && harmless.includes(error.status as number))) {
				this.#failed(error);
			}
		});
	}
}

function timeOf(unixSeconds: number): string {
	return new Date(unixSeconds * 1000).toISOString();
}

import {setTimeout as sleep} from 'node:timers/promises';
import {KubeRefusal} from '../kube-get.ts';
import type {KubeApi} from '../setup/kube-api.ts';
import {collectionPath} from './job-objects.ts';

/** A namespace has the account of its pods a moment after itself; on a cluster that was only just made that takes seconds [s]. */
const times = {most: 60, between: 0.5} as const;

type Making = {
	readonly namespace: string;
	readonly object: {readonly kind: string};
	readonly signal: AbortSignal;
	/** Between two tries [s]. */
	readonly between?: number;
};

/**
 * Makes an object in a namespace that may be new.
 *
 * @throws {KubeRefusal} when the API refuses it for another reason than an account that is still to come
 */
export async function makeObject(
	api: Pick<KubeApi, 'send'>,
	{namespace, object, signal, between = times.between}: Making,
): Promise<void> {
	for (let tries = times.most / times.between; ; tries--) {
		try {
			await api.send(collectionPath(object.kind, namespace), {method: 'POST', body: object});
			return;
		} catch (error) {
			if (tries <= 1 || !isWithoutAccount(error)) {
				throw error;
			}
		}

		await sleep(between * 1000, undefined, {signal});
	}
}

function isWithoutAccount(error: unknown): boolean {
	return error instanceof KubeRefusal && error.status === 403 && /serviceaccount "[^"]*" not found/.test(error.message);
}

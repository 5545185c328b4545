import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import {type KubeApi, KubeRefusal} from '../api/kube-api.ts';
import {collectionPath, searchLabel} from './job-objects.ts';

type Api = Pick<KubeApi, 'get' | 'find' | 'remove'>;

type Items = {readonly items: readonly {readonly metadata: {readonly name: string}}[]};

/** Kinds of objects that a search makes, owners first. */
const kinds = ['Job', 'Pod', 'PersistentVolumeClaim'];

/** Longest time in which a removed object may go [s]. */
const mostSeconds = 90;

/** Removes all that a search has made in its namespace, and waits until it is gone. */
export async function clearSearch(
	api: Api,
	{namespace, search}: {readonly namespace: string; readonly search: string},
): Promise<void> {
	const selector = `labelSelector=${encodeURIComponent(`${searchLabel}=${search}`)}`;
	const gone: string[] = [];
	for (const kind of kinds) {
		const collection = collectionPath(kind, namespace);
		const {items} = await api.get<Items>(`${collection}?${selector}`);
		for (const {metadata} of items) {
			await api.remove(`${collection}/${metadata.name}`, {propagationPolicy: 'Background'});
			gone.push(`${collection}/${metadata.name}`);
		}
	}

	for (const path of gone) {
		await untilGone(api, path);
	}
}

/** Waits until an object that was removed is gone. */
export async function untilGone(api: Pick<KubeApi, 'find'>, path: string): Promise<void> {
	for (let tries = 0; tries < 2 * mostSeconds; tries++) {
		if ((await api.find(path)) === undefined) {
			return;
		}

		await sleep(500);
	}

	throw new UserError('E_CLUSTER', `Expected ${path} to be deleted within ${mostSeconds} s, got it still there`);
}

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

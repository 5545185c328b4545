import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {KubeApi} from '../setup/kube-api.ts';
import {collectionPath, searchLabel} from './job-objects.ts';

type Api = Pick<KubeApi, 'get' | 'find' | 'remove'>;
type Items = {readonly items: readonly {readonly metadata: {readonly name: string}}[]};

/** What a search may have made, those that hold others first. */
const kinds = ['Job', 'Pod', 'PersistentVolumeClaim', 'Secret'];

/** How long what was removed may take to go [s]. */
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

	throw new UserError('E_CLUSTER', `Expected ${path} to go within ${mostSeconds} s, got it still there`);
}

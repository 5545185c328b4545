import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import {bucketStore} from '../../shards/bucket-store.ts';
import {type ShardSetup, setupName, storedForm} from '../../shards/shard-work.ts';
import {KubeRefusal} from '../kube-get.ts';
import type {ClusterAccess} from '../setup/cluster.ts';
import {reachForeignCluster} from '../setup/foreign-cluster.ts';
import {holdCluster} from '../setup/hold-cluster.ts';
import {deleteKindCluster, ensureKindCluster, reachKindCluster} from '../setup/kind-cluster.ts';
import type {RunSteps} from '../step.ts';
import {callerIn} from './call-in-pod.ts';
import {claimStore, type ShardStore} from './claim-store.ts';
import {clearSearch, untilGone} from './clear-search.ts';
import type {JobSite} from './cluster-player.ts';
import {countShards} from './count-shards.ts';
import {type JobNames, namespaceObject, storageObjects} from './job-objects.ts';
import type {JobOptions} from './job-options.ts';
import {makeObject} from './make-object.ts';
import {provideImage, shardProgram} from './shard-image.ts';
import {waitForKeeper} from './wait-for-keeper.ts';

export type SiteOptions = JobOptions & {
	/** Name of the search: the same command has the same. */
	readonly search: string;
	readonly setup: Omit<ShardSetup, 'program'>;
	readonly signal: AbortSignal;
	readonly runSteps: RunSteps;
	readonly say: (line: string) => void;
};

export type OpenSite = JobSite & {
	/** Removes what was made, unless it is to be kept. */
	readonly close: () => Promise<void>;
};

/** How long pods may wait for a node while none of them runs: some clusters make a node first [s]. */
const patience = 300;

/** The oldest release whose Jobs count the retries of each index by themselves. */
const oldestMinor = 29;

/** Makes a cluster ready for the Jobs of a search; what an earlier one of the same name left is removed. */
export async function openSite(options: SiteOptions): Promise<OpenSite> {
	const scratch = mkdtempSync(join(tmpdir(), 'replicast-'));
	const undo: (() => Promise<void>)[] = [async () => rmSync(scratch, {recursive: true, force: true})];
	const close = async () => {
		for (const step of undo.splice(0).reverse()) {
			await step().catch((error: Error) => options.say(error.message));
		}
	};
	try {
		return {...(await open(options, {scratch, undo})), close};
	} catch (error) {
		await close();
		throw error;
	}
}

type Opening = {readonly scratch: string; readonly undo: (() => Promise<void>)[]};

async function open(options: SiteOptions, {scratch, undo}: Opening): Promise<JobSite> {
	const {place, namespace, search, memory, storage, keeps, signal, say} = options;
	let access: ClusterAccess | undefined;
	let names: JobNames | undefined;
	let program = '';
	await options.runSteps([
		{
			title: `Cluster ${place.kind === 'kind' ? place.name : place.context}`,
			async run() {
				const isMade = place.kind === 'kind' && (await ensureKindCluster({name: place.name, scratch, signal}));
				if (isMade && !keeps) {
					undo.push(async () => deleteKindCluster(place.name));
				}

				access = await (place.kind === 'kind'
					? reachKindCluster({name: place.name, scratch})
					: reachForeignCluster({context: place.context, scratch}));
				const {api} = access;
				undo.push(async () => api.close());
				await enter(access, options, undo);
				return isMade ? 'made' : 'there';
			},
		},
		{
			title: 'Image',
			async run(tell) {
				program = await shardProgram();
				const provided = await provideImage(options, {access: access!, signal, say: tell});
				names = {namespace, search, image: provided.image, memory, storage};
				return provided.how;
			},
		},
	]);
	const store = await prepareStorage(options, {access: access!, names: names!, undo});
	const {text, digest: setup} = storedForm({...options.setup, program});
	await store.put(setupName, text);
	const {api} = access!;
	const shards = options.shards ?? (await countShards(api, names!));
	say(`Shards of a Job: up to ${shards}`);
	return {api, names: names!, store, setup, shards, say, patience, keeps};
}

/** Sees to the release, the namespace and that nobody else is at the same search; removes what one that was killed left. */
async function enter(access: ClusterAccess, options: SiteOptions, undo: Opening['undo']): Promise<void> {
	const {api} = access;
	const {namespace, search, keeps} = options;
	const {minor, gitVersion} = await api.get<{minor: string; gitVersion: string}>('/version');
	if (Number.parseInt(minor, 10) < oldestMinor) {
		throw new UserError('E_CLUSTER', `Expected Kubernetes 1.${oldestMinor} or newer for the Jobs, got ${gitVersion}`);
	}

	if (await makeNamespace(access, namespace)) {
		undo.push(async () => {
			if (!keeps) {
				await api.remove(`/api/v1/namespaces/${namespace}`);
			}
		});
	}

	const lease = {namespace, name: search, what: 'tuning of the same into the same folder'};
	undo.push(await holdCluster({api, name: access.name, lease}));
	await clearSearch(api, {namespace, search});
}

/** @returns whether there was none */
async function makeNamespace({api}: ClusterAccess, name: string): Promise<boolean> {
	const path = `/api/v1/namespaces/${name}`;
	type Namespace = {readonly status?: {readonly phase?: string}};
	const there = await api.find<Namespace>(path).catch((error: unknown): Namespace => {
		if (error instanceof KubeRefusal && error.status === 403) {
			return {}; // who may not look at namespaces was given one
		}

		throw error;
	});
	if (there?.status?.phase === 'Terminating') {
		await untilGone(api, path);
	} else if (there !== undefined) {
		return false;
	}

	await api.send('/api/v1/namespaces', {method: 'POST', body: namespaceObject(name)});
	return true;
}

type Storing = {readonly access: ClusterAccess; readonly names: JobNames; readonly undo: Opening['undo']};

async function prepareStorage(options: SiteOptions, {access, names, undo}: Storing): Promise<ShardStore> {
	const {storage, search, namespace, keeps, signal, runSteps, say} = options;
	const {api, kubeconfig} = access;
	undo.push(async () => {
		if (!keeps) {
			await clearSearch(api, {namespace, search});
		}
	});
	for (const object of storageObjects(names)) {
		await makeObject(api, {namespace, object, signal});
	}

	if (storage.kind === 'bucket') {
		const {endpoint, prefix} = storage.bucket;
		const bucket = await bucketStore({endpoint, prefix: `${prefix}${search}/`}, storage.keys);
		undo.push(async () => {
			if (!keeps) {
				await bucket.clear();
			}
		});
		return {
			put: bucket.put,
			async getAll(wanted) {
				const found = await Promise.all(wanted.map(async name => [name, await bucket.get(name)] as const));
				return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
			},
		};
	}

	await runSteps([
		{
			title: `Claim of ${storage.size}`,
			async run() {
				await waitForKeeper(api, {namespace, name: search, signal, say, patience});
				return 'there';
			},
		},
	]);
	return claimStore(callerIn({kubeconfig, namespace}), search);
}

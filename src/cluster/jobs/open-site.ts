import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import {type KubeApi, KubeRefusal} from '../api/kube-api.ts';
import {type OnStepProgress, runSteps} from '../replay/step.ts';
import type {ClusterAccess} from '../setup/cluster.ts';
import {reachForeignCluster} from '../setup/foreign-cluster.ts';
import {holdCluster} from '../setup/hold-cluster.ts';
import {deleteKindCluster, ensureKindCluster, reachKindCluster} from '../setup/kind-cluster.ts';
import {callerIn} from './call-in-pod.ts';
import {claimStore, type ShardStore} from './claim-store.ts';
import type {JobSite} from './job-evaluator.ts';
import {claimObjects, collectionPath, type JobNames, namespaceObject, searchLabel} from './job-objects.ts';
import type {JobOptions} from './job-options.ts';
import {type ShardSetup, setupName, storedForm} from './pod/shard-work.ts';
import {type JobPod, troubleOf} from './pod-trouble.ts';
import {countShards, provideImage, shardProgram} from './shard-image.ts';

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

	throw new UserError('E_CLUSTER', `Expected ${path} to go within ${mostSeconds} s, got it still there`);
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

export type SiteOptions = JobOptions & {
	/** Name of the search: the same command has the same. */
	readonly search: string;
	readonly setup: Omit<ShardSetup, 'program'>;
	readonly signal: AbortSignal;
	readonly onProgress: OnStepProgress;
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
			await step().catch((error: Error) => options.onProgress({doing: error.message, isOver: true}));
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
	const {place, namespace, search, memory, claim, keeps, signal, onProgress} = options;
	let access: ClusterAccess | undefined;
	let names: JobNames | undefined;
	let program = '';
	const cluster = {
		title: `Cluster ${place.kind === 'kind' ? place.name : place.context}`,
		async run() {
			const reached = await reach(options, {scratch, undo});
			access = reached.access;
			await enter(access, options, undo);
			return reached.isMade ? 'made' : 'there';
		},
	};
	const image = {
		title: 'Image',
		async run(report: (detail: string) => void) {
			program = await shardProgram();
			const provided = await provideImage(options, {access: access!, signal, report});
			names = {namespace, search, image: provided.image, memory, claim};
			return provided.how;
		},
	};
	await runSteps([cluster, image], onProgress);
	const store = await prepareClaim(options, {access: access!, names: names!, undo});
	const {text, digest: setup} = storedForm({...options.setup, program});
	await store.put(setupName, text);
	const {api} = access!;
	const shards = options.shards ?? (await countShards(api, names!));
	const report = (line: string) => onProgress({doing: line, isOver: true});
	report(`Shards of a Job: up to ${shards}`);
	return {api, names: names!, store, setup, shards, report, patience, keeps};
}

/** Reaches the cluster, and makes it first if there is none of its name. */
async function reach({place, keeps, signal}: SiteOptions, {scratch, undo}: Opening) {
	const isMade = place.kind === 'kind' && (await ensureKindCluster({name: place.name, scratch, signal}));
	if (isMade && !keeps) {
		undo.push(async () => deleteKindCluster(place.name));
	}

	const access = await (place.kind === 'kind'
		? reachKindCluster({name: place.name, scratch})
		: reachForeignCluster({context: place.context, scratch}));
	undo.push(async () => access.api.close());
	return {access, isMade};
}

/** Checks the release, makes the namespace, holds the search's Lease, and removes what a killed search of its name left. */
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

async function prepareClaim(options: SiteOptions, {access, names, undo}: Storing): Promise<ShardStore> {
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

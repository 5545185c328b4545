import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import {KubeRefusal} from '../api/kube-api.ts';
import {type OnStepProgress, runSteps} from '../replay/step.ts';
import type {ClusterAccess} from '../setup/cluster.ts';
import {reachForeignCluster} from '../setup/foreign-cluster.ts';
import {holdCluster} from '../setup/hold-cluster.ts';
import {deleteKindCluster, ensureKindCluster, reachKindCluster} from '../setup/kind-cluster.ts';
import type {JobSite} from './job-evaluator.ts';
import {type JobNames, namespaceObject} from './job-objects.ts';
import type {JobOptions} from './job-options.ts';
import {type ShardSetup, setupName, storedForm} from './pod/shard-work.ts';
import {patience, prepareClaim} from './search-claim.ts';
import {clearSearch, untilGone} from './search-objects.ts';
import {countShards, provideImage, shardProgram} from './shard-image.ts';

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

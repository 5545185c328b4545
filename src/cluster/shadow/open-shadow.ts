import {type ControllerConfig, controllerConfig} from '../../autoscaler/contracts.ts';
import {nearestRelease, type Release} from '../../autoscaler/controller-flags.ts';
import type {KedaSpec} from '../../autoscaler/keda/keda-spec.ts';
import {kedaSpecOf} from '../../autoscaler/keda/scaled-object.ts';
import {ScaledObject} from '../../autoscaler/keda/scaled-object-schema.ts';
import {UserError} from '../../errors.ts';
import {type KubeApi, KubeRefusal} from '../api/kube-api.ts';
import {targetsPath} from '../live/ask-hpa.ts';
import type {List, LiveHpa, LivePod, LiveScale} from '../live/live-objects.ts';
import {queryOf} from '../observe/watch-list.ts';
import {readControllerFlags} from '../setup/controller-settings.ts';

/** Objects that a shadow watches, by list path and selector. */
type Watches = {
	readonly hpa: {readonly path: string; readonly fields: string};
	readonly target: {readonly path: string; readonly fields: string};
	readonly pods: {readonly path: string; readonly selector: string};
	/** Left out where the HPA is no ScaledObject's. */
	readonly scaledObject?: {readonly path: string; readonly fields: string};
};

/** HPA of a cluster that is about to be followed, and the controller that reconciles it. */
export type ShadowSubject = {
	readonly name: string;
	readonly namespace: string;
	/** ScaledObject by whose name the HPA was found. */
	readonly scaledObject?: string;
	/** Rules of that ScaledObject; left out where one of its parts is not modelled. */
	readonly keda?: KedaSpec;
	/** `Deployment chat`. */
	readonly target: string;
	/** Version as the server reports it, such as `v1.34.4`. */
	readonly gitVersion: string;
	readonly release: Release;
	readonly controller: ControllerConfig;
	/** Period of the controller [s]. */
	readonly period: number;
	/** Whether the flags could be read; else they are Kubernetes' defaults. */
	readonly hasReadFlags: boolean;
	readonly watches: Watches;
	/** The objects as they were at first. */
	readonly first: {
		readonly hpa: LiveHpa;
		readonly target: LiveTarget;
		readonly pods: readonly LivePod[];
		readonly scaledObject?: LiveScaledObject;
	};
};

/** A ScaledObject, as far as it is read. */
export type LiveScaledObject = {
	readonly metadata: LiveHpa['metadata'] & {readonly creationTimestamp?: string};
	readonly status?: {readonly hpaName?: string; readonly lastActiveTime?: string};
};

/** A Deployment, ReplicaSet or StatefulSet, as far as it is read. */
export type LiveTarget = {
	readonly metadata: LiveHpa['metadata'];
	readonly spec: {readonly replicas?: number};
	readonly status?: {readonly replicas?: number};
};

/** Period of the controller that is assumed where its flags cannot be read [s]. */
const usualPeriod = 15;

const scaledObjects = (namespace: string) => `/apis/keda.sh/v1alpha1/namespaces/${namespace}/scaledobjects`;
const hpas = (namespace: string) => `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;

/**
 * Finds an HPA by its own name or by that of a ScaledObject, and tries every list and watch that following it takes.
 *
 * @throws {UserError} E_CLUSTER when there is none of that name, or something may not be read
 */
export async function openShadow(api: KubeApi, name: string, namespace: string): Promise<ShadowSubject> {
	refuseOtherNames({'the HPA': name, 'the namespace': namespace});
	const found = await findHpa(api, name, namespace);
	const hpaName = found.hpa.metadata.name;
	const {scaleTargetRef} = found.hpa.spec;
	const targets = targetsPath(scaleTargetRef, namespace);
	const scale = await reading(`the scale of ${scaleTargetRef.kind} ${namespace}/${scaleTargetRef.name}`, () =>
		api.get<LiveScale>(`${targets}/${scaleTargetRef.name}/scale`),
	);
	const watches: Watches = {
		hpa: {path: hpas(namespace), fields: `metadata.name=${hpaName}`},
		target: {path: targets, fields: `metadata.name=${scaleTargetRef.name}`},
		pods: {path: `/api/v1/namespaces/${namespace}/pods`, selector: scale.status?.selector ?? ''},
		...(found.scaledObject !== undefined && {
			scaledObject: {path: scaledObjects(namespace), fields: `metadata.name=${name}`},
		}),
	};
	const lists = await Promise.all([
		tryWatch<LiveHpa>(api, watches.hpa),
		tryWatch<LiveTarget>(api, watches.target),
		tryWatch<LivePod>(api, watches.pods),
		watches.scaledObject === undefined ? [] : tryWatch<LiveScaledObject>(api, watches.scaledObject),
	]);
	const {gitVersion} = await reading('the version', () => api.get<{gitVersion: string}>('/version'));
	const flags = await readControllerFlags(api);
	const release = nearestRelease(gitVersion);
	return {
		name: hpaName,
		namespace,
		...(found.scaledObject !== undefined && {scaledObject: name, ...kedaOf(found.scaledObject)}),
		target: `${scaleTargetRef.kind} ${scaleTargetRef.name}`,
		gitVersion,
		release,
		controller: controllerConfig({kubernetes: release, controller: flags ?? {}}),
		period: flags?.syncPeriod ?? usualPeriod,
		hasReadFlags: flags !== undefined,
		watches,
		first: {
			hpa: lists[0][0] ?? found.hpa,
			target: targetIn(lists[1], scale, scaleTargetRef.name),
			pods: lists[2],
			...firstOf(lists[3]),
		},
	};
}

function refuseOtherNames(names: Readonly<Record<string, string>>): void {
	for (const [what, name] of Object.entries(names)) {
		if (!/^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/.test(name)) {
			throw new UserError('E_USAGE', `Expected ${what} to have a name of Kubernetes, got ${JSON.stringify(name)}`);
		}
	}
}

async function findHpa(
	api: KubeApi,
	name: string,
	namespace: string,
): Promise<{readonly hpa: LiveHpa; readonly scaledObject?: LiveScaledObject}> {
	const hpa = await reading(`the HPA ${namespace}/${name}`, () => api.find<LiveHpa>(`${hpas(namespace)}/${name}`));
	if (hpa !== undefined) {
		return {hpa};
	}

	const path = `${scaledObjects(namespace)}/${name}`;
	const scaledObject = await reading(`the ScaledObject ${namespace}/${name}`, () => api.find<LiveScaledObject>(path));
	const made = scaledObject?.status?.hpaName ?? `keda-hpa-${name}`;
	const keda =
		scaledObject === undefined
			? undefined
			: await reading(`the HPA ${namespace}/${made}`, () => api.find<LiveHpa>(`${hpas(namespace)}/${made}`));
	if (keda === undefined || scaledObject === undefined) {
		throw new UserError('E_CLUSTER', `Expected an HPA or a ScaledObject ${namespace}/${name}, got neither`);
	}

	return {hpa: keda, scaledObject};
}

/** Rules of a ScaledObject, where they are all modelled. */
function kedaOf(scaledObject: LiveScaledObject): {readonly keda?: KedaSpec} {
	return ScaledObject.safeParse(scaledObject).success ? {keda: kedaSpecOf(scaledObject)} : {};
}

function firstOf([scaledObject]: readonly LiveScaledObject[]): {readonly scaledObject?: LiveScaledObject} {
	return scaledObject === undefined ? {} : {scaledObject};
}

function targetIn([target]: readonly LiveTarget[], scale: LiveScale, name: string): LiveTarget {
	return target ?? {metadata: {name}, spec: scale.spec ?? {}, status: scale.status ?? {}};
}

type Watch = {readonly path: string; readonly fields?: string; readonly selector?: string};

/** Lists objects, and opens a watch of them for a moment: a role may allow the one and not the other. */
async function tryWatch<Item>(api: KubeApi, watch: Watch): Promise<readonly Item[]> {
	const what = watch.path.split('/').at(-1)!;
	type Answer = List<Item> & {readonly metadata: {readonly resourceVersion: string}};
	const {items, metadata} = await reading(what, () => api.get<Answer>(queryOf(watch, {})));
	const query = {watch: 'true', timeoutSeconds: '1', resourceVersion: metadata.resourceVersion};
	await reading(`changes of ${what}`, () => api.text(queryOf(watch, query)));
	return items;
}

async function reading<Answer>(what: string, read: () => Promise<Answer>): Promise<Answer> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof KubeRefusal) {
			throw new UserError('E_CLUSTER', `Expected to read ${what}, got ${error.message}`, {cause: error});
		}

		throw error;
	}
}

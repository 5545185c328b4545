import {nearestRelease} from '../../autoscaler/controller-flags.ts';
import {type Explanation, explain} from '../../autoscaler/explain.ts';
import {hypotheticalHpaSpecOf} from '../../autoscaler/hpa-manifest.ts';
import {HypotheticalSpec} from '../../autoscaler/hpa-schema.ts';
import {defaultControllerConfig, type ReconcileInput} from '../../autoscaler/reconcile.ts';
import {UserError} from '../../errors.ts';
import {currentKube, type Kube, KubeRefusal} from './kube-get.ts';
import {readLiveMetrics} from './live-metrics.ts';
import type {List, LiveHpa, LivePod, LiveScale, ObjectReference} from './live-objects.ts';
import {podView} from './live-views.ts';

/** A decision about an HPA of a cluster, and what Kubernetes says of the same HPA. */
export type LiveAnswer = {
	readonly name: string;
	readonly namespace: string;
	readonly input: ReconcileInput;
	readonly explanation: Explanation;
	readonly status: NonNullable<LiveHpa['status']>;
	/** What the metrics APIs refused, in their words. */
	readonly refusals: readonly string[];
};

/**
 * What the autoscaler would do with an HPA of a cluster now. It only reads. The controller's memory cannot be read, so
 * no earlier recommendation and no earlier change of size is known; its flags are taken to be the defaults.
 *
 * @param outside - the cluster and the clock [ms]; the current kubeconfig's when left out
 * @throws {UserError} E_CLUSTER when the cluster does not answer or has no such HPA
 */
export async function askLive(
	name: string,
	namespace?: string,
	outside?: {readonly kube: Kube; readonly nowMs: () => number},
): Promise<LiveAnswer> {
	const kube = outside?.kube ?? (await currentKube());
	const where = namespace ?? kube.namespace;
	try {
		return await ask(kube, name, where, outside?.nowMs ?? Date.now);
	} catch (error) {
		if (error instanceof KubeRefusal) {
			throw new UserError('E_CLUSTER', `Expected to read the HPA ${where}/${name}, got ${error.message}`, {
				cause: error,
			});
		}

		throw error;
	}
}

async function ask({get}: Kube, name: string, namespace: string, nowMs: () => number): Promise<LiveAnswer> {
	const hpaPath = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`;
	const hpa = (await get(hpaPath)) as LiveHpa;
	const {gitVersion} = (await get('/version')) as {gitVersion: string};
	const scale = (await get(scalePath(hpa.spec.scaleTargetRef, namespace))) as LiveScale;
	const selector = scale.status?.selector ?? '';
	const query = `labelSelector=${encodeURIComponent(selector)}`;
	const pods = (await get(`/api/v1/namespaces/${namespace}/pods?${query}`)) as List<LivePod>;
	const {refusals, ...metrics} = await readLiveMetrics({get, namespace, selector, metrics: hpa.spec.metrics ?? []});
	const input: ReconcileInput = {
		now: nowMs() / 1000,
		spec: hypotheticalHpaSpecOf(HypotheticalSpec.parse(hpa.spec)),
		controller: {...defaultControllerConfig, kubernetes: nearestRelease(gitVersion)},
		specReplicas: scale.spec?.replicas ?? 0,
		statusReplicas: scale.status?.replicas ?? 0,
		pods: pods.items.map(podView),
		...metrics,
		namespace,
	};
	const explanation = explain(input, {recommendations: [], scaleUps: [], scaleDowns: []});
	return {name, namespace, input, explanation, status: hpa.status ?? {}, refusals};
}

const resources: Readonly<Record<string, string>> = {
	Deployment: 'deployments',
	ReplicaSet: 'replicasets',
	StatefulSet: 'statefulsets',
};

function scalePath({kind, name}: ObjectReference, namespace: string): string {
	const resource = resources[kind];
	if (resource === undefined) {
		throw new UserError(
			'E_CLUSTER',
			`Expected scaleTargetRef.kind to be one of ${Object.keys(resources).join(', ')}, got ${kind}`,
		);
	}

	return `/apis/apps/v1/namespaces/${namespace}/${resource}/${name}/scale`;
}

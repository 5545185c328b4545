import {nearestRelease} from '../../autoscaler/controller-flags.ts';
import {explain} from '../../autoscaler/explain.ts';
import {hypotheticalHpaSpecOf} from '../../autoscaler/hpa-manifest.ts';
import {HypotheticalSpec} from '../../autoscaler/hpa-schema.ts';
import type {LiveAnswer} from '../../autoscaler/live-answer.ts';
import {defaultControllerConfig, type ReconcileInput} from '../../autoscaler/reconcile.ts';
import {UserError} from '../../errors.ts';
import {KubeApi, KubeRefusal} from '../api/kube-api.ts';
import {readLiveMetrics} from './live-metrics.ts';
import type {List, LiveHpa, LivePod, LiveScale, ObjectReference} from './live-objects.ts';
import {podView} from './live-views.ts';

/** A cluster that is only read, and the namespace of an HPA that is given without one. */
type LiveSource = Pick<KubeApi, 'get' | 'namespace'>;

/**
 * Decides about an HPA of a cluster as it stands now, by the rules of the cluster's release. The cluster is only read.
 * The controller's memory cannot be read, so no earlier recommendation and no earlier change of size is known; its flags
 * are taken to be the defaults.
 *
 * @param source - the current kubeconfig's cluster when left out
 * @throws {UserError} E_CLUSTER when the cluster does not answer or has no such HPA
 */
export async function askHpa(name: string, namespace?: string, source?: LiveSource): Promise<LiveAnswer> {
	if (source === undefined) {
		const api = await KubeApi.current();
		return askHpa(name, namespace, api).finally(() => api.close());
	}

	const where = namespace ?? source.namespace;
	try {
		return await decideFrom(source, name, where);
	} catch (error) {
		if (error instanceof KubeRefusal) {
			throw new UserError('E_CLUSTER', `Expected to read the HPA ${where}/${name}, got ${error.message}`, {
				cause: error,
			});
		}

		throw error;
	}
}

async function decideFrom(api: Pick<KubeApi, 'get'>, name: string, namespace: string): Promise<LiveAnswer> {
	const hpaPath = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`;
	const hpa = await api.get<LiveHpa>(hpaPath);
	const {gitVersion} = await api.get<{gitVersion: string}>('/version');
	const scale = await api.get<LiveScale>(scalePath(hpa.spec.scaleTargetRef, namespace));
	const selector = scale.status?.selector ?? '';
	const query = `labelSelector=${encodeURIComponent(selector)}`;
	const pods = await api.get<List<LivePod>>(`/api/v1/namespaces/${namespace}/pods?${query}`);
	const {refusals, ...metrics} = await readLiveMetrics({api, namespace, selector, metrics: hpa.spec.metrics ?? []});
	const input: ReconcileInput = {
		now: Date.now() / 1000,
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

function scalePath(target: ObjectReference, namespace: string): string {
	return `${targetsPath(target, namespace)}/${target.name}/scale`;
}

/**
 * Path of the objects of a target's kind.
 *
 * @throws {UserError} E_CLUSTER for a kind whose scale is not read
 */
export function targetsPath({kind}: ObjectReference, namespace: string): string {
	const resource = resources[kind];
	if (resource === undefined) {
		throw new UserError(
			'E_CLUSTER',
			`Expected scaleTargetRef.kind to be one of ${Object.keys(resources).join(', ')}, got ${kind}`,
		);
	}

	return `/apis/apps/v1/namespaces/${namespace}/${resource}`;
}

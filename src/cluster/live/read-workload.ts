import {UserError} from '../../errors.ts';
import type {HistoryAutoscaler, HistoryNode} from '../../records/history.ts';
import {amounts, autoscalerDocument, containersOfPod, servingDocument} from '../../store/history/object-documents.ts';
import type {WorkloadObjects} from '../../store/history/workload-manifests.ts';
import {KubeApi, KubeRefusal} from '../api/kube-api.ts';
import type {List, ObjectReference} from './live-objects.ts';

/** Cluster that is only read. */
type ReadOnlyCluster = Pick<KubeApi, 'get' | 'namespace'>;

type Owned = {
	readonly apiVersion?: string;
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string;
		readonly ownerReferences?: readonly ObjectReference[];
	};
};
type ScalingObject = Owned & {readonly spec: {readonly scaleTargetRef: ObjectReference}};
type Workload = Owned & {
	readonly spec?: {
		readonly selector?: {readonly matchLabels?: Readonly<Record<string, string>>};
		readonly template?: {readonly spec?: unknown};
	};
};
type RunningPod = {readonly metadata: {readonly deletionTimestamp?: string}; readonly spec?: unknown};
type NodeObject = {readonly metadata: {readonly name: string}; readonly status?: {readonly allocatable?: unknown}};
type PodUse = {readonly window?: string};

const workloadKinds = [
	{kind: 'Deployment', resource: 'deployments'},
	{kind: 'StatefulSet', resource: 'statefulsets'},
] as const;

/**
 * Reads a workload of a cluster, what scales it, its pods' containers and the nodes. Nothing but GET is asked, and nothing
 * beyond the table of docs/history.md.
 *
 * @param wanted - left out where the namespace of the kubeconfig has one HorizontalPodAutoscaler
 * @param source - the current kubeconfig's cluster when left out
 * @throws {UserError} E_CLUSTER when the cluster does not answer or has no such workload
 */
export async function readWorkload(
	wanted?: {readonly name: string; readonly namespace?: string},
	source?: ReadOnlyCluster,
): Promise<WorkloadObjects> {
	if (source === undefined) {
		const api = await KubeApi.current();
		return readWorkload(wanted, api).finally(() => api.close());
	}

	const namespace = wanted?.namespace ?? source.namespace;
	const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
	const {items} = await asked(source.get<List<ScalingObject>>(path), `the HorizontalPodAutoscalers of ${namespace}`);
	const hpa = wanted === undefined ? onlyOf(items, namespace) : items.find(one => targets(one, wanted.name));
	const name = wanted?.name ?? hpa!.spec.scaleTargetRef.name;
	const {kind, object} = await workloadNamed(source, {namespace, name});
	const notes: string[] = [];
	const optional = async <Item>(where: string, what: string): Promise<readonly Item[]> => {
		try {
			return (await source.get<List<Item>>(where)).items;
		} catch (error) {
			if (!(error instanceof KubeRefusal)) {
				throw error;
			}

			notes.push(`The cluster does not give ${what}: ${error.message}`);
			return [];
		}
	};
	const selector = Object.entries(object.spec?.selector?.matchLabels ?? {}).map(
		([label, value]) => `${label}=${value}`,
	);
	const query = `labelSelector=${encodeURIComponent(selector.join(','))}`;
	const pods = await optional<RunningPod>(`/api/v1/namespaces/${namespace}/pods?${query}`, 'the pods');
	const nodes = await optional<NodeObject>('/api/v1/nodes', 'the nodes');
	const uses = await optional<PodUse>(
		`/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods?${query}`,
		'metrics of pods',
	);
	const window = uses.find(use => use.window !== undefined)?.window;
	if (window !== undefined) {
		notes.push(`The metrics API of the cluster measures the use of a pod over ${window}.`);
	}

	const autoscaler = hpa === undefined ? undefined : await autoscalerOf(source, hpa, namespace);
	const running = pods.find(pod => pod.metadata.deletionTimestamp === undefined);
	return {
		workload: {kind, name, namespace, document: servingDocument({kind, apiVersion: 'apps/v1', ...object})},
		...(autoscaler !== undefined && {autoscaler}),
		// A pod has the sidecars that are put in when it is made.
		containers: containersOfPod(running?.spec ?? object.spec?.template?.spec),
		nodes: nodes.map((node): HistoryNode => ({name: node.metadata.name, ...amounts(node.status?.allocatable)})),
		notes,
	};
}

function targets({spec}: ScalingObject, name: string): boolean {
	return spec.scaleTargetRef.name === name && workloadKinds.some(({kind}) => kind === spec.scaleTargetRef.kind);
}

function onlyOf(items: readonly ScalingObject[], namespace: string): ScalingObject {
	const [only, ...more] = items;
	if (only === undefined || more.length > 0) {
		const names = items.slice(0, 20).map(({spec}) => `${namespace}/${spec.scaleTargetRef.name}`);
		throw new UserError(
			'E_USAGE',
			names.length === 0
				? `Expected the workload to be given as NAMESPACE/NAME, since ${namespace} has no HorizontalPodAutoscaler, got none`
				: `Expected the workload to be one that has an autoscaler, ${names.join(', ')}, got none`,
		);
	}

	return only;
}

async function workloadNamed(
	source: ReadOnlyCluster,
	{namespace, name}: {readonly namespace: string; readonly name: string},
): Promise<{kind: string; object: Workload}> {
	for (const {kind, resource} of workloadKinds) {
		const found = await asked(
			source.get<Workload>(`/apis/apps/v1/namespaces/${namespace}/${resource}/${name}`).catch(absentAsUndefined),
			`the ${kind} ${namespace}/${name}`,
		);
		if (found !== undefined) {
			return {kind, object: found};
		}
	}

	throw new UserError('E_CLUSTER', `Expected a Deployment or a StatefulSet ${namespace}/${name}, got none`);
}

/** The ScaledObject that a HorizontalPodAutoscaler was made of, or itself. */
async function autoscalerOf(
	source: ReadOnlyCluster,
	hpa: ScalingObject,
	namespace: string,
): Promise<HistoryAutoscaler> {
	const owner = hpa.metadata.ownerReferences?.find(({kind}) => kind === 'ScaledObject');
	if (owner === undefined) {
		const {name} = hpa.metadata;
		const document = autoscalerDocument({apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', ...hpa});
		return {kind: 'HorizontalPodAutoscaler', name, document, isFromMetrics: false};
	}

	const path = `/apis/keda.sh/v1alpha1/namespaces/${namespace}/scaledobjects/${owner.name}`;
	const object = await asked(source.get<object>(path), `the ScaledObject ${namespace}/${owner.name}`);
	const document = autoscalerDocument({apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', ...object});
	return {kind: 'ScaledObject', name: owner.name, document, isFromMetrics: false};
}

function absentAsUndefined(error: unknown): undefined {
	if (!(error instanceof KubeRefusal && error.status === 404)) {
		throw error;
	}
}

async function asked<Answer>(answer: Promise<Answer>, what: string): Promise<Answer> {
	try {
		return await answer;
	} catch (error) {
		throw error instanceof KubeRefusal
			? new UserError('E_CLUSTER', `Expected to read ${what}, got ${error.message}`, {cause: error})
			: error;
	}
}

import type {Manifest} from '../setup/cluster.ts';
import type {JobClaim} from './job-options.ts';

/** A Kubernetes object as the API takes it. */
type KubeObject = Omit<Manifest, 'metadata'> & {
	readonly metadata: Manifest['metadata'] & {readonly labels: Readonly<Record<string, string>>};
};

/** Names that the objects of one search share. */
export type JobNames = {
	readonly namespace: string;
	/** Name of the search, its claim and its keeper; names of its Jobs begin with it. */
	readonly search: string;
	readonly image: string;
	readonly memory: string;
	readonly claim: JobClaim;
};

/** Label by which everything of a search is found. */
export const searchLabel = 'replicast/search';

/** Paths of the API at which objects of a kind are made. */
const groups: Readonly<Record<string, readonly [group: string, resource: string]>> = {
	Job: ['/apis/batch/v1', 'jobs'],
	Pod: ['/api/v1', 'pods'],
	PersistentVolumeClaim: ['/api/v1', 'persistentvolumeclaims'],
};

/** Folder at which the claim is mounted. */
const mountPath = '/data';
/** The user and the group of the image. */
const user = 1000;

/** Seconds that a pod has to end by itself: it hears of it between two runs. */
const grace = 5;

/** Path of the API at which objects of a kind are listed and made. */
export function collectionPath(kind: string, namespace: string): string {
	const [group, resource] = groups[kind]!;
	return `${group}/namespaces/${namespace}/${resource}`;
}

export function namespaceObject(name: string): KubeObject {
	const labels = {'pod-security.kubernetes.io/enforce': 'restricted', 'app.kubernetes.io/managed-by': 'replicast'};
	return {apiVersion: 'v1', kind: 'Namespace', metadata: {name, labels}};
}

/** Objects that the Jobs of a search need before the first of them: the claim and the pod that keeps it. */
export function claimObjects(names: JobNames): KubeObject[] {
	const {size, accessMode, storageClass} = names.claim;
	const spec = {
		accessModes: [accessMode],
		resources: {requests: {storage: size}},
		...(storageClass !== undefined && {storageClassName: storageClass}),
	};
	const metadata = metadataOf(names, names.search);
	return [{apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec}, keeperPod(names)];
}

/** A pod that does nothing but hold the claim: work is written and records are read in it. */
function keeperPod(names: JobNames): KubeObject {
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: metadataOf(names, names.search, 'keeper'),
		spec: {
			...podBasics(names),
			restartPolicy: 'Always',
			containers: [
				{
					...containerBasics(names),
					name: 'keeper',
					args: ['keep'],
					resources: {requests: {cpu: '10m', memory: '64Mi'}, limits: {cpu: '1', memory: '512Mi'}},
				},
			],
		},
	};
}

/** Indexed Job that evaluates a batch, one index a shard. */
export function shardJob(
	names: JobNames,
	{batch, shards}: {readonly batch: string; readonly shards: number},
): KubeObject {
	const name = jobName(names, batch);
	return {
		apiVersion: 'batch/v1',
		kind: 'Job',
		metadata: metadataOf(names, name),
		spec: {
			completionMode: 'Indexed',
			completions: shards,
			parallelism: shards,
			backoffLimitPerIndex: 4,
			maxFailedIndexes: 0,
			// Another release is never going to work; a drained node is nobody's fault.
			podFailurePolicy: {
				rules: [
					{action: 'FailJob', onExitCodes: {containerName: 'shard', operator: 'In', values: [2]}},
					{action: 'Ignore', onPodConditions: [{type: 'DisruptionTarget', status: 'True'}]},
				],
			},
			ttlSecondsAfterFinished: 24 * 3600,
			template: {metadata: {labels: labelsOf(names, 'shard')}, spec: shardPod(names, batch)},
		},
	};
}

export function jobName({search}: Pick<JobNames, 'search'>, batch: string): string {
	return `${search}-${batch}`;
}

function shardPod(names: JobNames, batch: string) {
	const {memory} = names;
	const {env, ...basics} = containerBasics(names);
	return {
		...podBasics(names),
		restartPolicy: 'Never',
		...placement(names),
		containers: [
			{
				...basics,
				name: 'shard',
				args: ['evaluate'],
				env: [...env, {name: 'BATCH', value: batch}],
				resources: {requests: {cpu: '400m', memory}, limits: {cpu: '1', memory}},
			},
		],
	};
}

/** On the node that has the claim where it can be on one only, else spread over all. */
function placement(names: JobNames) {
	const topologyKey = 'kubernetes.io/hostname';
	if (names.claim.accessMode === 'ReadWriteOnce') {
		const labelSelector = {matchLabels: labelsOf(names, 'keeper')};
		return {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector, topologyKey}]}}};
	}

	const labelSelector = {matchLabels: labelsOf(names, 'shard')};
	const spread = {maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector};
	return {topologySpreadConstraints: [spread]};
}

function podBasics({search}: JobNames) {
	return {
		automountServiceAccountToken: false,
		enableServiceLinks: false,
		terminationGracePeriodSeconds: grace,
		securityContext: {
			runAsNonRoot: true,
			runAsUser: user,
			runAsGroup: user,
			fsGroup: user,
			seccompProfile: {type: 'RuntimeDefault'},
		},
		volumes: [{name: 'data', persistentVolumeClaim: {claimName: search}}],
	};
}

function containerBasics({image}: JobNames) {
	return {
		image,
		imagePullPolicy: 'IfNotPresent',
		env: [{name: 'STORE', value: mountPath}],
		volumeMounts: [{name: 'data', mountPath}],
		securityContext: {
			allowPrivilegeEscalation: false,
			readOnlyRootFilesystem: true,
			capabilities: {drop: ['ALL']},
		},
	};
}

function metadataOf(names: JobNames, name: string, component?: string): KubeObject['metadata'] {
	return {name, namespace: names.namespace, labels: labelsOf(names, component)};
}

function labelsOf({search}: JobNames, component?: string): Record<string, string> {
	return {
		'app.kubernetes.io/managed-by': 'replicast',
		[searchLabel]: search,
		...(component !== undefined && {'app.kubernetes.io/component': component}),
	};
}

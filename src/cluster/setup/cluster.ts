import {replayedHpa} from '../../autoscaler/hpa-manifest.ts';
import type {KubeApi} from '../api/kube-api.ts';

/** Access to a cluster. */
export type ClusterAccess = {
	readonly name: string;
	/** Path of a kubeconfig whose current context is this cluster's. */
	readonly kubeconfig: string;
	readonly api: KubeApi;
	/** Containers of docker that are its nodes; none where the nodes are out of reach. */
	readonly nodes: readonly string[];
};

/** A cluster to replay on. */
export type Cluster = ClusterAccess & {
	/** Address of the Service: the only one that requests are sent to. */
	readonly address: {readonly host: string; readonly port: number};
	/** Whether this process made it, and is to remove it. */
	readonly isOurs: boolean;
	/** Lets other replays on; absent until this one holds the cluster. */
	readonly release?: () => Promise<void>;
};

/** A Kubernetes object as a manifest holds it. */
export type Manifest = {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: {readonly name: string; readonly namespace?: string};
	readonly spec?: unknown;
};

/** Namespace of every replay. */
export const {namespace} = replayedHpa.metadata;

/** Name of the Deployment, the Service and the HPA. */
export const workload = replayedHpa.metadata.name;

/** Label selector of the replayed pods. */
export const podSelector = 'app.kubernetes.io/name=llm';

/** Port of each node at which the Service answers. */
export const nodePort = 30080;

/** Namespace of what an emulated replay brings into its cluster. */
export const emulatedNamespace = 'replicast-emulated';

/** A Kubernetes object as a manifest holds it. */
export type Manifest = {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: {readonly name: string; readonly namespace?: string};
	readonly spec?: unknown;
};

/** Where every replay happens. */
export const namespace = 'replicast';

/** Name of the Deployment, the Service and the HPA. */
export const workload = 'llm';

/** Label selector of the replayed pods. */
export const podSelector = 'app.kubernetes.io/name=llm';

/** Port of each node at which the Service answers. */
export const nodePort = 30080;

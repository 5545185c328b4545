import type {Explanation} from './explain.ts';
import type {ReconcileInput} from './reconcile.ts';

/** A metric of an HPA's status: one source of its type, as `resource` in a metric of type Resource. */
export type HpaMetricStatus = {readonly type: string} & {
	readonly [source in 'resource' | 'containerResource' | 'pods' | 'object' | 'external']?: {
		readonly name?: string;
		readonly metric?: {readonly name: string};
		readonly current?: {
			readonly averageUtilization?: number;
			readonly averageValue?: string;
			readonly value?: string;
		};
	};
};

/** Status of an HPA as the API holds it; everything may be absent that Kubernetes leaves out when it is empty. */
export type HpaStatus = {
	readonly currentReplicas?: number;
	readonly desiredReplicas?: number;
	readonly lastScaleTime?: string;
	readonly currentMetrics?: readonly HpaMetricStatus[] | null;
	readonly conditions?: readonly {
		readonly type: string;
		readonly status: string;
		readonly reason?: string;
		readonly message?: string;
		readonly lastTransitionTime?: string;
	}[];
};

/** Decision about an HPA of a cluster, and the status that Kubernetes reports of it. */
export type LiveAnswer = {
	readonly name: string;
	readonly namespace: string;
	readonly input: ReconcileInput;
	readonly explanation: Explanation;
	readonly status: HpaStatus;
	/** Refusals of the metrics APIs, in their words. */
	readonly refusals: readonly string[];
};

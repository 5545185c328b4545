import type {PodMetricsView} from '../autoscaler/reconcile.ts';
import type {Pod} from './pod.ts';

/** Where the HPA's resource metrics come from. */
export type MetricSource = {
	readonly read: () => PodMetricsView[];
	readonly containerStarted: (pod: Pod, container: number) => void;
	readonly containerStopped: (pod: Pod, container: number) => void;
	/** The pod takes traffic from now on. */
	readonly podReady?: (pod: Pod) => void;
	readonly gone: (pod: Pod) => void;
	readonly startOutage: (duration: number) => void;
};

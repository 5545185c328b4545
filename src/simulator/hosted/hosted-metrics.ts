import type {Experiment} from '../../experiment/experiment.ts';
import type {MetricSource, Recorder, SamplePoint} from '../contracts.ts';

/** Metrics of a pod as metrics.k8s.io serves them. */
export type ServedPod = {
	readonly pod: string;
	/** Whole seconds from time 0. */
	readonly timestamp: number;
	/** [s] */
	readonly window: number;
	/** [1e-9 cores] and [bytes] */
	readonly containers: readonly {readonly name: string; readonly nanocores: number; readonly memory: number}[];
};

/** Metrics that a pipeline serves now, in the resolution of its samples. */
export class HostedMetrics {
	/** Rises whenever the pipeline serves something else. */
	version = 0;
	readonly recorder: Recorder;
	readonly #containers: readonly string[];
	readonly #points = new Map<string, SamplePoint[]>();

	constructor({deployment}: Pick<Experiment, 'deployment'>) {
		this.#containers = deployment.containers.map(({name}) => name);
		this.recorder = {
			sample: (pod, container, point) => {
				const points = this.#points.get(pod) ?? [];
				points[container] = point;
				this.#points.set(pod, points);
				this.version++;
			},
			sampleLost: () => {
				this.version++;
			},
			decision: () => undefined,
			replicas: () => undefined,
			podEvent: () => undefined,
		};
	}

	/** A pod has gone, and its metrics with it. */
	gone(pod: string): void {
		if (this.#points.delete(pod)) {
			this.version++;
		}
	}

	read(source: Pick<MetricSource, 'read'>): ServedPod[] {
		return source.read().map(({name: pod, timestamp, window}) => ({
			pod,
			timestamp,
			window: window ?? 0,
			containers: this.#points.get(pod)!.map(({nanocores, memory}, index) => ({
				name: this.#containers[index]!,
				nanocores,
				memory,
			})),
		}));
	}
}

import {CronWindow} from '../../autoscaler/keda/cron.ts';
import type {KedaSpec, KedaTrigger} from '../../autoscaler/keda/keda-spec.ts';
import type {TriggerReading} from '../../autoscaler/keda/triggers.ts';
import {triggerKey} from '../../experiment/custom-metrics/keda-metrics.ts';
import type {ServiceMetrics} from '../custom-metrics/service-metrics.ts';
import type {Run} from '../run.ts';
import {QueueCounts} from '../waiting/queue-counts.ts';

/** Value that a scaler gets where it gets one. */
type Found = number | undefined;

/** Scalers of a ScaledObject's triggers: what each gets when it asks now. */
export class TriggerReader {
	readonly #run: Run;
	readonly #keda: KedaSpec;
	readonly #custom: ServiceMetrics | undefined;
	readonly #counts: QueueCounts;
	readonly #windows = new Map<KedaTrigger, CronWindow>();
	readonly #rates = new Map<KedaTrigger, ArrivalRate>();

	constructor(run: Run, keda: KedaSpec, custom: ServiceMetrics | undefined) {
		this.#run = run;
		this.#keda = keda;
		this.#custom = custom;
		this.#counts = new QueueCounts(run);
		for (const trigger of keda.triggers) {
			if (trigger.source.kind === 'cron') {
				this.#windows.set(trigger, new CronWindow(trigger.source));
			} else if (trigger.source.kind === 'interceptor' && trigger.source.measure === 'requestRate') {
				this.#rates.set(trigger, new ArrivalRate(trigger.source.window));
			}
		}
	}

	/** @returns an error as the scaler gives it where it gets no value */
	read(trigger: KedaTrigger): TriggerReading {
		const value = this.#valueOf(trigger);
		return value === undefined ? {error: `no value for ${trigger.metric}`} : {value};
	}

	#valueOf(trigger: KedaTrigger): Found {
		const {source, metric} = trigger;
		const {requests, simulation, experiment} = this.#run;
		switch (source.kind) {
			case 'cron': {
				const isActive = this.#windows.get(trigger)!.isActive((experiment.startsAt ?? 0) + simulation.now);
				return isActive ? source.desiredReplicas : 0;
			}

			case 'queue': {
				const {waiting, running} = this.#counts.read();
				return waiting + (source.countsInFlight ? running : 0);
			}

			case 'interceptor': {
				const {waiting, running} = this.#counts.now();
				return source.measure === 'concurrency'
					? waiting + running
					: this.#rates.get(trigger)!.at(simulation.now, requests.takenCount);
			}

			case 'prometheus':
				return this.#ofPrometheus(metric!, source.ignoresNullValues);
			case 'named':
				return this.#ofQueue(source.name) ?? this.#custom?.current(source.name) ?? this.#ofPrometheus(metric!, false);
			case 'resource':
				return undefined;
		}
	}

	/** Requests in front of the pods and in them, where the trigger names such a source itself. */
	#ofQueue(name: string): Found {
		const binding = this.#run.experiment.customMetrics?.series[name];
		if (binding?.source !== name || binding.exporter !== 'gateway' || !(name === 'waiting' || name === 'in-flight')) {
			return undefined;
		}

		const {waiting, running} = this.#counts.read();
		return name === 'waiting' ? waiting : waiting + running;
	}

	/** @see KEDA v2.20 pkg/scalers/prometheus_scaler.go, ExecutePromQuery */
	#ofPrometheus(metric: string, ignoresNullValues: boolean): Found {
		const elements = this.#custom?.query(triggerKey(this.#keda, metric)) ?? [];
		const [only, ...more] = elements;
		if (more.length > 0) {
			return undefined;
		}

		const isValue = only !== undefined && Number.isFinite(only.value);
		return isValue ? only.value : ignoresNullValues ? 0 : undefined;
	}
}

/** Rate of arrivals over a window that ends now, from the counts at the times at which it was asked for. */
class ArrivalRate {
	readonly #window: number;
	readonly #points: {readonly at: number; readonly count: number}[] = [{at: Number.NEGATIVE_INFINITY, count: 0}];

	constructor(window: number) {
		this.#window = window;
	}

	/**
	 * @param count - requests that have come until now
	 * @see KEDA HTTP add-on v0.15 pkg/queue/queue_bucket.go: the window's buckets; rounded up in scaler/handlers.go
	 */
	at(now: number, count: number): number {
		const points = this.#points;
		points.push({at: now, count});
		const from = now - this.#window;
		while (points.length > 2 && points[1]!.at <= from) {
			points.shift();
		}

		const [first, second] = points;
		const share = Number.isFinite(first!.at) ? (from - first!.at) / (second!.at - first!.at) : 0;
		const before = first!.count + Math.max(0, Math.min(1, share)) * (second!.count - first!.count);
		return Math.ceil((count - (Number.isFinite(first!.at) ? before : 0)) / this.#window);
	}
}

import type {SeriesBinding} from '../../experiment/custom-metrics/custom-metrics.ts';
import {HistogramCounters} from './histogram-counters.ts';

/** Counters that one exporter keeps of its requests, from its start on. */
export class RequestCounters {
	arrived = 0;
	completed = 0;
	promptTokens = 0;
	outputTokens = 0;
	/** Histograms by the name of their metric. */
	readonly histograms = new Map<string, {readonly binding: SeriesBinding; readonly counters: HistogramCounters}>();

	/** @param series - metrics of this exporter by name */
	constructor(series: ReadonlyMap<string, SeriesBinding>) {
		for (const [name, binding] of series) {
			if (binding.buckets !== undefined) {
				this.histograms.set(name, {binding, counters: new HistogramCounters(binding.buckets)});
			}
		}
	}

	/**
	 * Takes the times of a completed request into the histograms [s]; NaN where there was none.
	 *
	 * @param arrivedAt - at this exporter
	 */
	observe(arrivedAt: number, startedAt: number, firstTokenAt: number, endedAt: number): void {
		for (const {binding, counters} of this.histograms.values()) {
			const at = binding.source === 'ttft' ? firstTokenAt : binding.source === 'queue-time' ? startedAt : endedAt;
			counters.observe((at - arrivedAt) * (binding.scale ?? 1));
		}
	}
}

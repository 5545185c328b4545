import type {SeriesBinding} from '../../experiment/custom-metrics/custom-metrics.ts';
import {HistogramCounters} from './histogram-counters.ts';

/** Moments of a request as one exporter sees it [s]; NaN where there was none. */
export type RequestTimes = {
	/** Its arrival at the exporter. */
	readonly arrivedAt: number;
	readonly startedAt: number;
	readonly firstTokenAt: number;
	readonly endedAt: number;
};

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

	/** Takes the times of a completed request into the histograms. */
	observe(times: RequestTimes): void {
		for (const {binding, counters} of this.histograms.values()) {
			counters.observe(secondsOf(binding.source, times) * (binding.scale ?? 1));
		}
	}
}

function secondsOf(source: SeriesBinding['source'], times: RequestTimes): number {
	switch (source) {
		case 'ttft':
			return times.firstTokenAt - times.arrivedAt;
		case 'queue-time':
			return times.startedAt - times.arrivedAt;
		default:
			return times.endedAt - times.arrivedAt;
	}
}

import type {ArmSummary, Estimate} from '../../forecast/summary.ts';
import type {CutFigure} from '../../records/timeout-cut.ts';
import {formatEstimate, formatGiven, formatMean, seconds} from './format.ts';

/** Latencies of an arm or a tenant, and what the clients' timeout cuts off of them. */
type Latencies = Pick<ArmSummary, 'latencySeconds' | 'timeout'> & Partial<Pick<ArmSummary, 'ttftSeconds'>>;

/** A latency with its interval: `8.39 s [7.95, 8.83]`, or `≥ 60 s (timeout)` where the clients gave up before. */
export function formatLatency(of: Latencies, figure: CutFigure): string {
	return isCutOff(of, figure) ? timeoutText(of.timeout.seconds) : formatEstimate(completedLatency(of, figure), seconds);
}

/** A latency without its interval. */
export function formatMeanLatency(of: Latencies, figure: CutFigure): string {
	return isCutOff(of, figure)
		? timeoutText(of.timeout.seconds)
		: formatMean(completedLatency(of, figure).mean, seconds);
}

/** A latency as a chart places it: at the timeout, without an interval, where that cuts it off. */
export function latencyEstimate(of: Latencies, figure: CutFigure): Estimate {
	return isCutOff(of, figure) ? {mean: of.timeout.seconds, low: null, high: null} : completedLatency(of, figure);
}

/** `≥ 60 s (timeout)` */
export function timeoutText(timeoutSeconds: number): string {
	return `≥ ${formatGiven(timeoutSeconds, seconds)} (timeout)`;
}

function isCutOff({timeout}: Latencies, figure: CutFigure): boolean {
	return timeout.cutsOff.includes(figure);
}

const unknown: Estimate = {mean: null, low: null, high: null};

function completedLatency({latencySeconds, ttftSeconds}: Latencies, figure: CutFigure): Estimate {
	return figure === 'ttft' ? (ttftSeconds?.p95 ?? unknown) : latencySeconds[figure];
}

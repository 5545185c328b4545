/** Latencies that a timeout may cut off: percentiles, and the 95th of the time to first token. */
export const cutFigures = ['p50', 'p95', 'p99', 'ttft'] as const;
export type CutFigure = (typeof cutFigures)[number];

const ranks: Readonly<Record<CutFigure, number>> = {p50: 0.5, p95: 0.95, p99: 0.99, ttft: 0.95};

/** Part of the timeout from which on a percentile is the timeout, where clients gave up. */
const nearlyAll = 0.98;

type Latencies = {
	/** Latencies of the completed requests [s]; null or NaN where none completed. */
	readonly seconds: Readonly<Record<CutFigure, number | null>>;
	readonly requests: {readonly completed: number; readonly timedOut: number};
};

/**
 * Latencies that the clients' timeout cuts off. Requests that timed out took at least that long and are missing among the
 * completed ones: where they are more than the tail above a percentile, or the completed ones took nearly as long, the
 * percentile of all requests is at least the timeout, however low that of the completed ones is.
 */
export function cutOffFigures({seconds, requests}: Latencies, timeoutSeconds: number): CutFigure[] {
	const {completed, timedOut} = requests;
	const share = timedOut / (completed + timedOut);
	return timedOut === 0
		? []
		: cutFigures.filter(figure => share > 1 - ranks[figure] || isTimeout(seconds[figure], timeoutSeconds));
}

/** Whether a latency [s] is as good as the timeout [s]: what it would be without it is not known. */
export function isTimeout(seconds: number | null, timeoutSeconds: number): boolean {
	return seconds !== null && seconds >= nearlyAll * timeoutSeconds;
}

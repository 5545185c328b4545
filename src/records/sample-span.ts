/**
 * Longest span of a sample that the metrics API can say [s]: Go's longest duration. metrics-server says it, with a CPU use
 * of next to nothing, of a container whose first point it has scraped twice while the pod's other containers have two
 * points already. The autoscaler takes it as it is, and so do records.
 * @see kubernetes-sigs/metrics-server pkg/storage/pod.go, Store
 */
export const longestSpan = 2 ** 63 / 1e9;

/**
 * Whether a sample's use is that of a span of time, which no container of a replay has a day of. A span that nobody recorded
 * (NaN) is one.
 */
export function hasSpan(windowSeconds: number): boolean {
	return !(windowSeconds >= 86_400);
}

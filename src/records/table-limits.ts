/**
 * Most rows of a table that is kept: longer ones would take longer to write than the run to simulate, and more memory
 * [rows]. Apart from the record's form, so that the simulator loads no schemas.
 */
export const longestTables = {requests: 2_000_000, pods: 2_000_000, decisions: 500_000, samples: 2_000_000} as const;

/**
 * Longest span of a sample that the metrics API can have [s]: Go's longest duration. metrics-server gives it, with a CPU use
 * of next to nothing, of a container whose first point it has scraped twice while the pod's other containers have two
 * points already. The autoscaler takes it as it is, and so do records.
 * @see kubernetes-sigs/metrics-server pkg/storage/pod.go, Store
 */
export const longestSpan = 2 ** 63 / 1e9;

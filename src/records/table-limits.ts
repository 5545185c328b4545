/**
 * Most rows of a table that is kept: longer ones would take longer to write than the run to simulate, and more memory
 * [rows]. Apart from the record's form, so that the simulator loads no schemas.
 */
export const longestTables = {requests: 2_000_000, pods: 2_000_000, decisions: 500_000, samples: 2_000_000} as const;

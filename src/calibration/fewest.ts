/** Fewer starts, or less time, do not tell how starts are distributed, nor how metrics are delayed [pods], [s]. */
export const fewest = {pods: 20, metricsSeconds: 1800} as const;

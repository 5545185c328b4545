/**
 * Kinds of work that a request brings along: seconds of the wall clock in service, whatever the CPU limit, or CPU time,
 * which the limit and the other requests of its pod slow. Also the names of their keys and of the columns of a trace.
 */
export const workKinds = ['serviceSeconds', 'cpuSeconds'] as const;

export type WorkKind = (typeof workKinds)[number];

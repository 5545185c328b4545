import type {RatePoint} from '../experiment.ts';

/** Points of the tables of rates that arrivals name, by the keys that lead to the arrivals, such as `workload.arrivals`. */
export type RateCurves = ReadonlyMap<string, readonly RatePoint[]>;

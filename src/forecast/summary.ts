import type {Estimate} from '../statistics/estimate.ts';
import type {Economics} from './economics.ts';

export type {Estimate} from '../statistics/estimate.ts';

/**
 * Summary of one arm, as `run --json` prints it. Seconds, money as `economics.currency` says, watt-hours; utilization
 * as a fraction of the request. A mean is null where no replication had a value (a latency when nothing completed).
 */
export type ArmSummary = {
	/** Replicas asked of the Deployment: time-weighted mean with its interval, and the largest number seen. */
	readonly replicas: Estimate & {readonly max: number};
	readonly podHours: Estimate;
	readonly costPerHour: Estimate;
	readonly energyWattHours: Estimate;
	readonly throughputPerSecond: Estimate;
	readonly availability: Estimate;
	readonly latencySeconds: {
		readonly mean: Estimate;
		readonly p50: Estimate;
		readonly p95: Estimate;
		readonly p99: Estimate;
	};
	readonly waitSeconds: {readonly mean: Estimate; readonly p95: Estimate};
	readonly cpuUtilization: Estimate;
	readonly memoryUtilization: Estimate;
	readonly ttftSeconds: {readonly mean: Estimate; readonly p95: Estimate};
	readonly tpotSeconds: {readonly mean: Estimate};
	readonly sloAttainment: Estimate;
	readonly goodputPerSecond: Estimate;
	readonly tenants: readonly {
		readonly name: string;
		readonly latencySeconds: ArmSummary['latencySeconds'];
		readonly throughputPerSecond: Estimate;
	}[];
	/** Jain's index over the tenants' SLO attainment, 1/tenants to 1. */
	readonly fairness: Estimate;
	/** `[seconds, replicas]` of the first replication at each change. */
	readonly timeline: readonly (readonly [number, number])[];
	/** Counts over all replications. */
	readonly requests: {
		readonly arrived: number;
		readonly completed: number;
		readonly failed: number;
		readonly timedOut: number;
		readonly inFlight: number;
	};
};

/** Fixed minus dynamic, in money; `fraction` of the fixed cost. A month has 30 days, a year 365. */
export type Savings = {
	readonly perHour: Estimate;
	readonly fraction: Estimate;
	readonly perDay: Estimate;
	readonly perMonth: Estimate;
	readonly perYear: Estimate;
};

/** Summary of one experiment, as `run --json` prints it. */
export type Summary = {
	readonly experiment: string;
	readonly seed: number;
	readonly replications: number;
	/** Digest of every arrival and token draw of all replications. */
	readonly scheduleHash: string;
	/** Reasons why the autoscaler is of no use: no valid metric, no effect. */
	readonly warnings: readonly string[];
	/** Assumptions where the experiment gives no value and the result depends on it. */
	readonly assumptions: readonly string[];
	readonly dynamic: ArmSummary;
	readonly fixed: ArmSummary | null;
	readonly savings: Savings | null;
	readonly economics: Economics;
};

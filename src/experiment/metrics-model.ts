import * as z from 'zod';
import {coefficient, modelHead, Status} from './coefficient.ts';
import {SecondsDistribution} from './distribution-schema.ts';
import type {MetricsModel} from './experiment.ts';
import {number} from './leaves.ts';

const Period = number({min: 0.1, max: 3600});
const Jitter = number({min: 0, max: 10});

/** A metrics model file: periods of the chain from a container's counters to the autoscaler's decision. */
export const MetricsModelFile = z
	.strictObject({
		...modelHead('MetricsModel'),
		status: Status,
		housekeeping: z
			.strictObject({
				period: coefficient(Period, 's', 'Wait between two readings of a container’s counters'),
				idlePeriod: coefficient(Period, 's', 'The same while the counters do not move'),
				jitter: coefficient(Jitter, '1', 'Each wait is the period times 1 + jitter × U(0, 1)'),
			})
			.describe('The kubelet’s cAdvisor'),
		scrape: z
			.strictObject({
				period: coefficient(Period, 's', 'Time between two scrapes of all kubelets'),
				jitter: coefficient(Jitter, '1', 'Each wait is the period times 1 + jitter × U(0, 1)'),
			})
			.describe('metrics-server'),
		sync: z
			.strictObject({
				period: coefficient(Period, 's', 'Wait between two reconciles of the autoscaler'),
				latency: coefficient(SecondsDistribution, 's', 'Duration of a reconcile, which adds to the wait'),
			})
			.describe('The HPA controller'),
	})
	.describe('Delays from a container’s counters to the autoscaler’s decision');

/** The metrics model that a parsed file holds. */
export function metricsModelOf({name, housekeeping, scrape, sync}: z.output<typeof MetricsModelFile>): MetricsModel {
	return {name, housekeeping, scrape, sync};
}

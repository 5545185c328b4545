import * as z from 'zod';
import {coefficient, modelHead} from '../coefficient.ts';
import {number} from '../leaves.ts';
import type {PrometheusModel} from './custom-metrics.ts';

const Seconds = number({min: 0, max: 86_400});
const Interval = number({min: 1, max: 3600});

/** A Prometheus model file: periods between an exporter and the answer to a query. */
export const PrometheusModelFile = z
	.strictObject({
		...modelHead('PrometheusModel'),
		scrape: z
			.strictObject({
				interval: coefficient(Interval, 's', 'Time between two scrapes of a target, whose phase is its own'),
				discovery: coefficient(Seconds, 's', 'Longest wait until a new pod is a target'),
			})
			.describe('Scrapes of the pods and of the gateway'),
		lookback: coefficient(Interval, 's', 'Age from which a sample is no longer the newest one of its series'),
		relist: coefficient(
			number({min: 1, max: 86_400}),
			's',
			'Period in which prometheus-adapter lists the metrics that there are, and the age up to which one is listed',
		),
	})
	.describe('Delays from an exporter to the answer to a query');

/** The Prometheus model that a parsed file holds. */
export function prometheusModelOf({
	name,
	scrape,
	lookback,
	relist,
}: z.output<typeof PrometheusModelFile>): PrometheusModel {
	return {name, scrape, lookback, relist};
}

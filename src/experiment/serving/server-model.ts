import * as z from 'zod';
import {coefficient, modelHead, Status} from '../coefficient.ts';
import {type Variation, VariationSchema} from '../conditions/spread.ts';
import {number, whole} from '../leaves.ts';

/** A server whose requests bring their own work: a web service, a worker, anything that is no LLM. */
export type ServerModel = {
	readonly kind: 'server';
	readonly name: string;
	readonly status: 'uncalibrated' | 'calibrated';
	/** Requests that a pod serves at a time. */
	readonly concurrency: number;
	/** Cores that a pod uses at most, within its CPU limit. */
	readonly threads: number;
	/** CPU time of a request on top of its work [CPU s]. */
	readonly perRequest: number;
	/** Part by which each further request that runs in a pod lengthens the CPU time of all; left out: by nothing. */
	readonly contention?: number;
	/** Period of the CPU quota [s]; left out: the quota acts as a speed, not in slices. */
	readonly quotaPeriod?: number;
	/** CPU use of a pod that serves nothing [cores]. */
	readonly idleCpu: number;
	/** Working set [bytes]. */
	readonly memory: {readonly idle: number; readonly perRequest: number};
	/** Left out where nothing is known of it. */
	readonly variation?: Variation;
};

const Bytes = number({min: 0, max: 1e15});

/** A server model file: how a pod works off requests that bring their own work, without tokens. */
export const ServerModelFile = z
	.strictObject({
		...modelHead('ServerModel'),
		status: Status,
		concurrency: coefficient(whole({min: 1, max: 1024}), 'requests', 'Requests that a pod serves at a time'),
		threads: coefficient(whole({min: 1, max: 1024}), 'threads', 'Cores that a pod uses at most, within its CPU limit'),
		perRequest: coefficient(number({min: 0, max: 1e6}), 'CPU s', 'CPU time of a request on top of its work'),
		contention: coefficient(
			number({min: 0, max: 10}),
			'1',
			'Part by which each further request that runs in a pod lengthens the CPU time of all that run; by nothing when left out',
		).exactOptional(),
		quotaPeriod: coefficient(
			number({min: 0.001, max: 1}),
			's',
			'Period of the CPU quota, in slices of which a request ends; the quota acts as a speed when left out',
		).exactOptional(),
		idleCpu: coefficient(number({min: 0, max: 1000}), 'cores', 'CPU use of a pod that serves nothing'),
		memory: z.strictObject({
			idle: coefficient(Bytes, 'bytes', 'Working set of a pod that serves nothing'),
			perRequest: coefficient(Bytes, 'bytes', 'Memory of each request that waits or runs in a pod'),
		}),
		variation: VariationSchema.exactOptional(),
	})
	.describe('Service of requests that bring their own work');

/** The server model that a parsed file holds. */
export function serverModelOf(file: z.output<typeof ServerModelFile>): ServerModel {
	const {name, status, concurrency, threads, perRequest, contention, quotaPeriod, idleCpu, memory, variation} = file;
	const whatItIs = {kind: 'server', name, status, concurrency, threads, perRequest, idleCpu, memory} as const;
	return {
		...whatItIs,
		...(contention !== undefined && {contention}),
		...(quotaPeriod !== undefined && {quotaPeriod}),
		...(variation !== undefined && {variation}),
	};
}

import * as z from 'zod';
import {coefficient, modelHead, Status} from './coefficient.ts';
import type {ServiceModel} from './experiment.ts';
import {number} from './leaves.ts';

const Work = number({min: 0, max: 1e6});
const Bytes = number({min: 0, max: 1e15});

/** A service model file: the work of a request in CPU-seconds and the memory of its pod. */
export const ServiceModelFile = z
	.strictObject({
		...modelHead('ServiceModel'),
		status: Status,
		work: z.strictObject({
			perRequest: coefficient(Work, 'CPU s', 'Work of a request whatever its tokens'),
			perPromptToken: coefficient(Work, 'CPU s', 'Work of a prompt token that is not in the prompt cache'),
			perOutputToken: coefficient(Work, 'CPU s', 'Work of an output token'),
			residualCv: coefficient(
				number({min: 0, max: 10}),
				'1',
				'Coefficient of variation of the lognormal factor on a request’s work',
			),
			perNeighbour: coefficient(
				number({min: 0, max: 10}),
				'1',
				'Part that each other pod at work on the node adds to the time that work takes',
			).exactOptional(),
			backendPerRequest: coefficient(Work, 'CPU s', 'CPU time of the backend for a request'),
		}),
		idleCpu: z.strictObject({
			llm: coefficient(number({min: 0, max: 1000}), 'cores', 'CPU use of the LLM’s container when it serves nothing'),
			backend: coefficient(number({min: 0, max: 1000}), 'cores', 'CPU use of the backend when it serves nothing'),
		}),
		memory: z.strictObject({
			server: coefficient(Bytes, 'bytes', 'Working set of the LLM’s server without a model'),
			weights: coefficient(Bytes, 'bytes', 'Working set of weights and compute buffers, once loaded'),
			perContextToken: coefficient(Bytes, 'bytes', 'KV cache for each token of context and parallel slot'),
			growth: z
				.strictObject({
					bytes: coefficient(Bytes, 'bytes', 'Working set that the LLM’s container gains in the end as it serves'),
					requests: coefficient(number({above: 0, max: 1e6}), 'requests', 'Requests after which 63 % of it are there'),
				})
				.describe('What use adds to the working set; none when left out')
				.exactOptional(),
			backend: coefficient(Bytes, 'bytes', 'Working set of the idle backend'),
			backendPerRequest: coefficient(Bytes, 'bytes', 'Memory of the backend for each request that waits or runs'),
		}),
	})
	.describe('Work of a request and memory of its pod');

/** The service model that a parsed file holds. */
export function serviceModelOf({name, status, work, idleCpu, memory}: z.output<typeof ServiceModelFile>): ServiceModel {
	return {kind: 'work', name, status, ...work, idleCpu, memory};
}

import * as z from 'zod';
import {nodeEffects} from './without-nodes.ts';

const figure = z.number().nullable();

/** Form of the figures of nodes: how many, who waited for them, and the difference that each part makes. */
export const nodesForm = z.object({
	mean: figure,
	most: figure,
	/** Pods of a run that waited for a node, and for how long [s]. */
	waited: figure,
	waitSeconds: figure,
	longestWaitSeconds: figure,
	evicted: figure,
	/** Nodes of a run that the spot market took back, or an outage. */
	lost: figure.default(0),
	/** Means over the same replications with the part and without it. */
	effects: z
		.array(
			z.object({
				effect: z.enum(nodeEffects),
				replications: z.number(),
				p95Seconds: z.object({with: figure, without: figure}),
				costPerHour: z.object({with: figure, without: figure}),
			}),
		)
		.readonly(),
});

export type NodeFigures = z.infer<typeof nodesForm>;

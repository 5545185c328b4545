import type {Distribution} from '../distribution-schema.ts';

/** Stages from the order of a node to a pod that runs on it, in their order. */
export const nodeStages = ['request', 'boot', 'join', 'driver', 'images', 'weights'] as const;

export type NodeStage = (typeof nodeStages)[number];

/** How long each stage takes [s]. */
export type NodeDelays = Readonly<Record<NodeStage, Distribution>>;

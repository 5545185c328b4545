import {RandomStream} from '../engine/random-stream.ts';
import type {Simulation} from '../engine/simulation.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Clocks, Recorder} from './contracts.ts';
import type {Nodes} from './nodes.ts';
import type {RequestPool} from './request-pool.ts';

/** Context of one simulated run, which every part of it is made with. */
export type Run = {
	readonly simulation: Simulation;
	readonly experiment: Experiment;
	readonly replication: number;
	/** Phases of the clocks; drawn by the replication where left out. */
	readonly clocks: Clocks | undefined;
	/** Replication whose draws a purpose has, instead of the run's own. */
	readonly replicationOf: ReplicationOf | undefined;
	readonly nodes: Nodes;
	readonly requests: RequestPool;
	readonly recorder: Recorder;
};

/** Replication whose draws the streams of a purpose have; the run's own where undefined. */
export type ReplicationOf = (purpose: string) => number | undefined;

/** Random stream of the run for one purpose and, where several things draw for it, one of them. */
export function streamOf(
	{experiment: {seed}, replication: own, replicationOf}: Pick<Run, 'experiment' | 'replication' | 'replicationOf'>,
	purpose: string,
	entity?: number,
): RandomStream {
	const replication = replicationOf?.(purpose) ?? own;
	return new RandomStream({seed, replication, purpose, ...(entity !== undefined && {entity})});
}

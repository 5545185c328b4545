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
	readonly nodes: Nodes;
	readonly requests: RequestPool;
	readonly recorder: Recorder;
};

/** Random stream of the run for one purpose and, where several things draw for it, one of them. */
export function streamOf(
	{experiment: {seed}, replication}: Pick<Run, 'experiment' | 'replication'>,
	purpose: string,
	entity?: number,
): RandomStream {
	return new RandomStream({seed, replication, purpose, ...(entity !== undefined && {entity})});
}

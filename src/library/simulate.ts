import {availableParallelism} from 'node:os';
import type {Experiment} from '../experiment/experiment.ts';
import {summarize} from '../forecast/forecast.ts';
import type {Summary} from '../forecast/summary.ts';
import {replicateAll} from '../parallel/replicate-all.ts';

export type SimulateOptions = {
	/** Threads, at least 1; one a core when left out. The result does not depend on it. */
	readonly workers?: number;
	/** Called as each replication ends. */
	readonly onReplication?: () => void;
};

/**
 * Simulates the dynamic arm of an experiment and, where it has one, the fixed arm under the same requests.
 *
 * @returns what `replicast run --json` prints: means over the replications with their 95 % intervals; seconds, dollars,
 *   watt-hours, fractions
 * @throws {RangeError} when `workers` is no integer of at least 1
 */
export async function simulate(
	experiment: Experiment,
	{workers = availableParallelism(), onReplication = () => {}}: SimulateOptions = {},
): Promise<Summary> {
	if (!Number.isInteger(workers) || workers < 1) {
		throw new RangeError(`Expected workers to be an integer of at least 1, got ${workers}`);
	}

	const summaries: Summary[] = [];
	for await (const results of replicateAll([experiment], {workers, onReplication})) {
		summaries.push(summarize(experiment, results));
	}

	return summaries[0]!;
}

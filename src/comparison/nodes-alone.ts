import type {Experiment} from '../experiment/experiment.ts';
import type {Arm} from '../records/record.ts';
import type {Clocks} from '../simulator/contracts.ts';
import {compareFigures, type FigureComparison} from './compare-figures.ts';
import type {Recorded} from './controller-check.ts';
import type {MeasuredSchedule} from './measured-schedule.ts';
import {type Reading, readRun} from './reading.ts';

/** Figures of nodes, from a simulated node autoscaler whose pods were scaled as recorded. */
export type NodesAlone = Readonly<Record<(typeof names)[number], FigureComparison>>;

const names = ['nodesMeanAbsoluteError', 'nodesMean', 'nodesMax', 'nodeHours', 'cost'] as const;

type Simulating = {
	readonly schedule: MeasuredSchedule;
	readonly measured: readonly Reading[];
	/** Clocks of each repeat. */
	readonly clocks: readonly Clocks[];
	/** Replications for each repeat. */
	readonly side: number;
	readonly arm: Arm;
	readonly confidence: number | undefined;
};

/** Whether records say which nodes a node autoscaler made. */
export function haveNodes(records: readonly Recorded[]): boolean {
	return records.length > 0 && records.every(({recording}) => recording.nodes !== undefined);
}

/**
 * Holds each repeat against the simulator with the recorded replicas: the rest of the error is the node autoscaler's.
 *
 * @returns undefined where a record has no nodes
 */
export function* simulateNodesAlone(
	experiment: Experiment,
	records: readonly Recorded[],
	{schedule, measured, clocks, side, arm, confidence}: Simulating,
): Generator<void, NodesAlone | undefined, void> {
	if (!haveNodes(records)) {
		return undefined;
	}

	const simulatedFor: Reading[][] = [];
	for (const [index, {replicas}] of measured.entries()) {
		const runs: Reading[] = [];
		for (let replication = 0; replication < side; replication++) {
			const options = {arm, clocks: clocks[index], scaledAs: replicas.line};
			runs.push(readRun(schedule.simulate(replication, options), experiment));
			yield;
		}

		simulatedFor.push(runs);
	}

	const figures = compareFigures({simulated: simulatedFor.flat(), measured, simulatedFor, confidence}, experiment);
	return Object.fromEntries(names.map(name => [name, figures[name]!])) as NodesAlone;
}

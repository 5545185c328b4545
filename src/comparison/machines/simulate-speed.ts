import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm, Recording} from '../../records/record.ts';
import type {Clocks} from '../../simulator/contracts.ts';
import {compareFigures, type FigureComparison, type Sides} from '../compare-figures.ts';
import type {Recorded} from '../controller-check.ts';
import {MeasuredSchedule} from '../measured-schedule.ts';
import {readRun} from '../reading.ts';
import {atSpeed} from './at-speed.ts';
import {type CalibrationProbes, measuredSpeed} from './speed.ts';

/** Parts of a comparison's input that are needed for it. */
type Probed = {
	readonly experiment: Experiment;
	readonly replications: number;
	readonly arm?: Arm;
	readonly measured: readonly Recorded[];
	readonly calibration?: CalibrationProbes;
	readonly given?: Recording;
};

type Speeding = {
	readonly sides: Sides;
	/** Clocks of each repeat. */
	readonly clocks: readonly Clocks[];
	/** Runs of a side figure, at least. */
	readonly side: number;
	/** The experiment with the tolerances that judge. */
	readonly judging: Experiment;
};

/** Repeats whose machine's speed was probed, by number, and the factor of each. */
function probedRepeats({experiment, measured, calibration, given}: Probed): [repeat: number, factor: number][] {
	return given !== undefined
		? []
		: measured.flatMap(({recording: {head}}, repeat): [number, number][] => {
				const speed = measuredSpeed(head.probes, experiment, calibration);
				return speed === undefined ? [] : [[repeat, speed.factor]];
			});
}

/** Runs that the simulation at the measured speeds takes. */
export function probedRunCount(input: Probed, side: number): number {
	const {length} = probedRepeats(input);
	return length === 0 ? 0 : length * runsEach(input, {side, length});
}

function runsEach({replications}: Probed, {side, length}: {side: number; length: number}): number {
	return Math.max(side, Math.ceil(replications / length));
}

/**
 * Figures of the simulator at the speed that each repeat's machine had, against that repeat alone: what the machine does to
 * both sides then cancels (a control variate). Repeats without probes are left out.
 *
 * @returns undefined where no repeat has probes
 */
export function* simulateMeasuredSpeed(
	input: Probed,
	{sides, clocks, side, judging}: Speeding,
): Generator<void, Readonly<Record<string, FigureComparison>> | undefined, void> {
	const {experiment, arm = 'dynamic'} = input;
	const probed = probedRepeats(input);
	const count = runsEach(input, {side, length: probed.length});
	const simulatedFor: Sides['simulated'][] = [];
	for (const [repeat, factor] of probed) {
		const schedule = new MeasuredSchedule(atSpeed(experiment, factor));
		const runs: ReturnType<typeof readRun>[] = [];
		for (let replication = 0; replication < count; replication++) {
			runs.push(readRun(schedule.simulate(replication, {arm, clocks: clocks[repeat]}), experiment));
			yield;
		}

		simulatedFor.push(runs);
	}

	const kept = probed.map(([repeat]) => repeat);
	const machines = sides.machines === undefined ? undefined : kept.map(repeat => sides.machines![repeat]!);
	return probed.length === 0
		? undefined
		: compareFigures(
				{
					simulated: simulatedFor.flat(),
					measured: kept.map(repeat => sides.measured[repeat]!),
					simulatedFor,
					...(machines !== undefined && {machines}),
				},
				judging,
			);
}

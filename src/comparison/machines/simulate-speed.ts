import {drawConditions, uncertaintyOf} from '../../experiment/conditions/draw-conditions.ts';
import {underConditions} from '../../experiment/conditions/under-conditions.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm, Recording} from '../../records/record.ts';
import type {Clocks} from '../../simulator/contracts.ts';
import {compareFigures, type FigureComparison, type Sides} from '../compare-figures.ts';
import type {Recorded} from '../controller-check.ts';
import {MeasuredSchedule} from '../measured-schedule.ts';
import {type Reading, readRun} from '../reading.ts';
import {type CalibrationProbes, machineOf, measuredSpeed} from './speed.ts';

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

/** Parts of the machine and of the fit that a run may have otherwise than the models; the requests are the measured ones. */
const predictedParts = ['coefficients', 'machine'] as const;

/** Whether a forecast of one run is wider than the simulator's own runs. */
function isUncertain(experiment: Experiment): boolean {
	return uncertaintyOf(experiment).some(part => predictedParts.some(own => own === part));
}

/** Runs that the forecast of one run takes beside the simulator's own. */
export function predictedRunCount({experiment, replications}: Probed): number {
	return isUncertain(experiment) ? replications : 0;
}

/** Runs of the forecast: each on a machine and with coefficients of its own, where the models say how they vary. */
export function* simulatePredicted(
	{experiment, replications, measured, arm = 'dynamic'}: Probed,
	{runs, clocks}: {readonly runs: readonly Reading[]; readonly clocks: readonly Clocks[]},
): Generator<void, readonly Reading[], void> {
	if (!isUncertain(experiment)) {
		return runs;
	}

	const predicted: Reading[] = [];
	for (let replication = 0; replication < replications; replication++) {
		const schedule = new MeasuredSchedule(
			underConditions(experiment, drawConditions(experiment, replication, predictedParts)),
			measured,
		);
		const recording = schedule.simulate(replication, {arm, clocks: clocks[replication % clocks.length]});
		predicted.push(readRun(recording, experiment));
		yield;
	}

	return predicted;
}

/** Repeats whose machine's speed was probed, by number, and the factor to expect of each. */
function probedRepeats({experiment, measured, calibration, given}: Probed): [repeat: number, factor: number][] {
	return given !== undefined
		? []
		: measured.flatMap(({recording: {head}}, repeat): [number, number][] => {
				const speed = measuredSpeed({probes: head.probes, machine: machineOf(head)}, experiment, calibration);
				return speed === undefined ? [] : [[repeat, speed.expected]];
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
 * both sides then cancels (a control variate), as far as the probes tell it. Repeats without probes are left out.
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
		const schedule = new MeasuredSchedule(underConditions(experiment, {speed: factor, load: 1}));
		const runs: Reading[] = [];
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
					confidence: sides.confidence,
				},
				judging,
			);
}

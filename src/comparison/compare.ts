import type {Experiment} from '../experiment/experiment.ts';
import {lacksOf} from '../records/holdings.ts';
import type {Arm, Recording} from '../records/record.ts';
import type {Clocks} from '../simulator/contracts.ts';
import {absoluteErrors, type Baselines, type NoiseFloor, noiseFloorOf, noModelErrors} from './baselines.ts';
import {
	compareFigures,
	compareTenants,
	compareValues,
	type FigureComparison,
	type Judgement,
	judge,
	type Sides,
	type TenantComparison,
	unmeasuredFigures,
} from './compare-figures.ts';
import {checkController, type Recorded} from './controller-check.ts';
import type {Elasticity} from './elasticity.ts';
import {compareElasticity} from './elasticity.ts';
import {areEmulated, judgedBy} from './emulated.ts';
import {type Envelope, envelopeOf} from './envelope.ts';
import {type Judgements, judgeCalibration, judgeForecast} from './machines/judgements.ts';
import {simulateMeasuredSpeed, simulatePredicted} from './machines/simulate-speed.ts';
import {type CalibrationProbes, machineOf, measuredSpeed} from './machines/speed.ts';
import {clocksOf, holdsRequests, MeasuredSchedule, measuredServiceTimes, naive} from './measured-schedule.ts';
import {type NodesAlone, simulateNodesAlone} from './nodes-alone.ts';
import {checkParts, type PartCheck} from './part-checks.ts';
import {type Reading, readRun} from './reading.ts';
import {sideCount} from './run-counts.ts';
import {type CutOff, cutOffPercentiles, toleranceBelowTimeout} from './timeouts/below-timeout.ts';
import {type Triangle, triangleOf} from './triangle.ts';
import {type UtilizationSeries, utilizationSeries} from './utilization-series.ts';
import {type PredictionScore, scorePredictions} from './validation/prediction-scores.ts';

export type Phases = 'measured' | 'random';

export type ComparisonInput = {
	readonly experiment: Experiment;
	/** Replications of the simulator, at least two. */
	readonly replications: number;
	/** Arm that is compared; the dynamic one when left out. */
	readonly arm?: Arm;
	/** Repeats of that arm, at least one. */
	readonly measured: readonly Recorded[];
	/** Repeats of the fixed arm beside a dynamic one, for the savings. */
	readonly measuredFixed?: readonly Recorded[];
	/**
	 * Whether the clocks of scrapes and reconciles stand as in the records, in one after the other, or anyhow;
	 * `measured` when left out.
	 */
	readonly phases?: Phases;
	/** Probes of the records that the models were fitted to; the model's own times where there are none. */
	readonly calibration?: CalibrationProbes;
	/** Confidence of the intervals of the errors, by which figures are judged; 0.9 when left out. */
	readonly confidence?: number;
	/** The one run that stands for the simulated side, instead of the replications. */
	readonly given?: Recording;
};

/** Sides of a comparison as they were read. */
export type ComparisonSides = Omit<ComparisonInput, 'replications'> & {
	/** File of the experiment. */
	readonly file?: string;
	/** Folder of the record that stands for the simulated side. */
	readonly givenFolder: string | undefined;
	/** Records that may not judge the experiment, and why. */
	readonly refused: readonly {readonly folder: string; readonly reason: string}[];
};

type ComparedFigures = Readonly<Record<string, FigureComparison>>;

export type Comparison = Judgement & {
	/** Gaps of the measured records, in words; complete records are left out. */
	readonly lacks: readonly {readonly record: string; readonly lacks: readonly string[]}[];
	/** Figures that no record holds, for what they lack. */
	readonly lacking: readonly string[];
	/** At the calibrated speed: what was forecast. */
	readonly figures: ComparedFigures;
	/** Percentiles that the timeout cuts off, which judge nothing. */
	readonly cutOff: readonly CutOff[];
	/** Forecast, simulator and calibration apart; the comparison's own verdict is the simulator's. */
	readonly judgements: Judgements;
	/** Scores of the prediction of one run, by figure. */
	readonly predictions: readonly PredictionScore[];
	readonly tenants: readonly TenantComparison[];
	readonly elasticity: Readonly<Record<keyof Elasticity, FigureComparison>>;
	readonly utilization: Readonly<Record<string, UtilizationSeries>>;
	readonly envelope: Envelope;
	readonly triangle: Triangle;
	/** Nodes where the replicas follow the recorded ones; null where the records have no nodes. */
	readonly nodesAlone: NodesAlone | null;
	readonly noiseFloor: NoiseFloor | null;
	readonly baselines: Baselines;
};

/** Comparison with what was compared, for reports. */
export type ComparisonWithSides = {
	readonly comparison: Comparison;
	readonly sides: ComparisonSides;
	/** Replications of the simulator. */
	readonly replications: number;
};

/**
 * Compares the simulator with measured records of one experiment.
 *
 * @yields after each simulated run, so that the caller can breathe; the comparison is what the generator returns
 */
export function* compareRuns(asked: ComparisonInput): Generator<void, Comparison, void> {
	const input = {...asked, experiment: judgedBy(asked.experiment, asked.measured)};
	const {experiment, replications, given, arm = 'dynamic'} = input;
	const measured = input.measured.map(({recording}) => readRun(recording, experiment));
	const schedule = new MeasuredSchedule(experiment, input.measured);
	const clocks = clocksOfAll(input);
	const runs: Reading[] = [];
	for (let replication = 0; replication < replications; replication++) {
		runs.push(readRun(schedule.simulate(replication, {arm, clocks: clocks[replication % clocks.length]}), experiment));
		yield;
	}

	const simulated = given === undefined ? runs : [readRun(given, experiment)];
	const cutOff = cutOffPercentiles(runs, measured, experiment);
	const judging = {...experiment, accept: toleranceBelowTimeout(experiment.accept, cutOff)};
	const sides: Sides = {
		simulated,
		measured,
		...(given !== undefined && {spread: runs}),
		confidence: input.confidence,
		machines: input.measured.map(({recording}) => machineOf(recording.head) ?? unknownMachine),
	};
	const side = sideCount(input);
	const savings = yield* compareSavings(input, {schedule, dynamic: runs.slice(0, side), measured});
	const figures = {...compareFigures(sides, judging), ...savings};
	const withMeasuredService = yield* simulateMeasuredService(input, {schedule, measured, clocks, side});
	const atSpeed = yield* simulateMeasuredSpeed(input, {sides, clocks, side, judging});
	const predicted = yield* simulatePredicted(input, {runs, clocks});
	const naiveRuns = yield* simulateNaive(input, side);
	const alone = {schedule, measured, clocks, side, arm, confidence: input.confidence};
	const nodesAlone = yield* simulateNodesAlone(judging, input.measured, alone);
	const lacks = lacksOfAll(input);
	const lacking = lacks.length === 0 ? [] : unmeasuredFigures(measured, figures);
	const judged = {...figures, ...atSpeed};
	const judgement = judge(judged, judging, {hasEvents: measured.some(({events}) => events.length > 0), lacking});
	const parts = checkParts(simulated, measured, experiment);
	return {
		...judgement,
		lacks,
		lacking,
		figures,
		cutOff,
		judgements: {
			forecast: judgeForecast({predicted, measured, judged: judgement.judged, cutOff}),
			simulator: {...judgement, speed: atSpeed === undefined ? 'calibrated' : 'measured', figures: judged},
			...judgeMachines(input, parts),
		},
		predictions: scorePredictions(predicted, measured, cutOff),
		...{tenants: compareTenants(sides), elasticity: compareElasticity(sides, experiment)},
		utilization: utilizationSeries(simulated, measured),
		envelope: envelopeOf(runs.map(lineOf), measured.map(lineOf), measured[0]!.window),
		nodesAlone: nodesAlone ?? null,
		triangle: triangleOf({
			controller: input.measured.map(recorded => checkController(recorded, experiment)),
			...{parts, withMeasuredService, modelled: figures, kind: kindOf(input.measured)},
		}),
		noiseFloor: noiseFloorOf(measured),
		baselines: {naive: absoluteErrors(naiveRuns, measured), noModel: noModelErrors(measured)},
	};
}

const kindOf = (records: ComparisonInput['measured']) => (areEmulated(records) ? 'emulated' : 'measured');

/** Records that do not say where they were measured are taken for ones of one machine. */
const unknownMachine = 'unknown';

/** Machines and speeds of the repeats, and whether they are those of the calibration. */
function judgeMachines(
	{experiment, measured, calibration}: ComparisonInput,
	parts: readonly PartCheck[],
): Pick<Judgements, 'calibration' | 'machines' | 'speeds'> {
	const heads = measured.map(({recording}) => recording.head);
	const machines = [...new Set(heads.flatMap(head => machineOf(head) ?? []))];
	const speeds = heads.map(head =>
		measuredSpeed({probes: head.probes, machine: machineOf(head)}, experiment, calibration),
	);
	return {
		calibration: judgeCalibration({speeds, machines, calibration, parts}),
		machines,
		speeds: speeds.map(speed => speed ?? null),
	};
}

function clocksOfAll({experiment, measured, phases = 'measured'}: ComparisonInput): Clocks[] {
	return measured.map(({recording}) => (phases === 'random' ? {} : clocksOf(recording, experiment)));
}

function lacksOfAll({experiment, measured, measuredFixed = []}: ComparisonInput): Comparison['lacks'] {
	return [...measured, ...measuredFixed].flatMap(({name, recording}) => {
		const lacks = lacksOf(recording, experiment);
		return lacks.length === 0 ? [] : [{record: name, lacks}];
	});
}

const lineOf = ({replicas}: Reading) => replicas.line;

type Simulating = {
	readonly schedule: MeasuredSchedule;
	readonly measured: readonly Reading[];
	/** Clocks of each repeat. */
	readonly clocks: readonly Clocks[];
	readonly side: number;
};

/** Each repeat against the simulator with that repeat's own times in service. */
function* simulateMeasuredService(
	input: ComparisonInput,
	{schedule, measured, clocks, side}: Simulating,
): Generator<void, ComparedFigures[], void> {
	const {experiment, arm = 'dynamic'} = input;
	const comparisons: ComparedFigures[] = [];
	for (const [index, {recording}] of input.measured.entries()) {
		if (!holdsRequests(recording)) {
			continue; // the times in service are the model's
		}

		const serviceTimeOf = measuredServiceTimes(recording);
		const simulated: Reading[] = [];
		for (let replication = 0; replication < side; replication++) {
			simulated.push(readRun(schedule.simulate(replication, {arm, clocks: clocks[index], serviceTimeOf}), experiment));
			yield;
		}

		comparisons.push(compareFigures({simulated, measured: [measured[index]!]}, experiment));
	}

	return comparisons;
}

function* simulateNaive(
	{experiment, measured, arm = 'dynamic'}: ComparisonInput,
	side: number,
): Generator<void, Reading[], void> {
	const schedule = new MeasuredSchedule(naive(experiment), measured);
	const runs: Reading[] = [];
	for (let replication = 0; replication < side; replication++) {
		runs.push(readRun(schedule.simulate(replication, {arm}), experiment));
		yield;
	}

	return runs;
}

/** Compares the savings where both arms were measured: a fraction of the fixed arm's cost. */
function* compareSavings(
	{experiment, measuredFixed = [], confidence}: ComparisonInput,
	{
		schedule,
		dynamic,
		measured,
	}: {schedule: MeasuredSchedule; dynamic: readonly Reading[]; measured: readonly Reading[]},
): Generator<void, {readonly savings?: FigureComparison}, void> {
	const pairs = Math.min(measured.length, measuredFixed.length);
	if (pairs === 0 || experiment.fixed === undefined) {
		return {};
	}

	const fixed: Reading[] = [];
	for (const replication of dynamic.keys()) {
		fixed.push(readRun(schedule.simulate(replication, {arm: 'fixed'}), experiment));
		yield;
	}

	const saved = (run: Reading, other: Reading | undefined) => 1 - run.cost / (other?.cost ?? Number.NaN);
	const fixedMeasured = measuredFixed.map(({recording}) => readRun(recording, experiment));
	const values = {
		unit: '1',
		simulated: dynamic.map((run, index) => saved(run, fixed[index])),
		measured: measured.slice(0, pairs).map((run, index) => saved(run, fixedMeasured[index])),
	};
	return {savings: compareValues({...values, confidence}, experiment.accept['savings'])};
}

import {sampleStandardDeviation} from 'simple-statistics';
import type {Experiment, Tolerance} from '../../experiment/experiment.ts';
import type {Recording} from '../../records/record.ts';
import {levelAt, type SequentialRule} from '../campaign/sequential-rule.ts';
import {type PairFigure, pairFigures, type RunFigure, runFigures} from '../figure-table.ts';
import {type Reading, readRun} from '../reading.ts';
import {type CutOff, cutOffPercentiles, toleranceBelowTimeout} from '../timeouts/below-timeout.ts';
import {repeatsForVerdict} from './repeats-for-verdict.ts';
import {causesIn, HeldRuns, type SpreadCause} from './spread-causes.ts';

/** Spread of a judged figure between runs of an experiment, and the repeats that a verdict takes. */
export type FigurePower = {
	readonly name: string;
	readonly unit: string;
	/** Mean of the simulated runs; null for a figure of two runs. */
	readonly mean: number | null;
	/** Largest error that is allowed, in the figure's unit. */
	readonly tolerance: number;
	/** Standard deviation between runs while nothing is held. */
	readonly deviation: number;
	/** Standard deviation that is left to a comparison: it knows the clocks, and the machine's speed as far as probes tell it. */
	readonly left: number;
	/** Error that a right simulator has on average: of a distance, which is never below 0, more than nothing. */
	readonly expected: number;
	/** By cause: the deviation when it alone varies, and when it alone is held. */
	readonly causes: readonly {readonly cause: SpreadCause; readonly alone: number; readonly without: number}[];
	/** Repeats after which the figure is decided in four of five campaigns; undefined when more than the most are needed. */
	readonly repeats: number | undefined;
};

export type PowerPlan = {
	readonly experiment: Pick<Experiment, 'name' | 'profile' | 'duration'>;
	readonly figures: readonly FigurePower[];
	readonly cutOff: readonly CutOff[];
	/** Record that stands for the held causes, by its folder. */
	readonly record: string | null;
	/** Runs that each spread is of. */
	readonly runs: number;
	/** Repeats after which every figure is decided; undefined when one is not. */
	readonly repeats: number | undefined;
};

type PowerInput = {
	readonly experiment: Experiment;
	/** Runs of each spread, at least 10. */
	readonly runs: number;
	/** Record whose times in service, pods of requests and clocks are held instead of one draw of the simulator's. */
	readonly record?: {readonly name: string; readonly recording: Recording} | undefined;
	/** Rule of the looks at the repeats; one look at 5 % when left out. */
	readonly rule?: SequentialRule | undefined;
};

/** Causes that a comparison has from the record of each run. */
const knownCauses: readonly SpreadCause[] = ['machine', 'clocks'];

/** Most repeats that a plan promises. */
export const mostPlanned = 20;

/** Runs that a plan simulates. */
export function powerRunCount({experiment, runs}: PowerInput): number {
	return runs * (2 + 2 * causesIn(experiment).length);
}

/**
 * Says how much each judged figure differs between runs of an experiment, by cause, and so how many repeats decide it, from
 * the simulator alone.
 *
 * @yields after each simulated run
 */
export function* planPower(input: PowerInput): Generator<void, PowerPlan, void> {
	const {experiment, runs, record, rule} = input;
	const held = new HeldRuns(experiment);
	const all = causesIn(experiment);
	function* spreadWith(causes: readonly SpreadCause[], isProbed = false): Generator<void, Reading[], void> {
		const readings: Reading[] = [];
		for (let replication = 0; replication < runs; replication++) {
			readings.push(readRun(held.simulate(replication, {causes, record: record?.recording, isProbed}), experiment));
			yield;
		}

		return readings;
	}

	const free = yield* spreadWith([]);
	const left = yield* spreadWith(
		knownCauses.filter(cause => all.includes(cause)),
		true,
	);
	const byCause: {cause: SpreadCause; alone: Reading[]; without: Reading[]}[] = [];
	for (const cause of all) {
		const alone = yield* spreadWith(all.filter(other => other !== cause));
		byCause.push({cause, alone, without: yield* spreadWith([cause])});
	}

	const cutOff = cutOffPercentiles(free, [], experiment);
	const accept = toleranceBelowTimeout(experiment.accept, cutOff);
	const figures = Object.entries(accept).flatMap(([name, tolerance]) =>
		figurePower(name, tolerance, {free, left, byCause, rule}),
	);
	const needed = figures.map(({repeats}) => repeats ?? Number.POSITIVE_INFINITY);
	const most = needed.reduce((largest, count) => Math.max(largest, count), 0);
	const {name, profile, duration} = experiment;
	return {
		experiment: {name, duration, ...(profile !== undefined && {profile})},
		figures,
		cutOff,
		record: record?.name ?? null,
		runs,
		repeats: Number.isFinite(most) && figures.length > 0 ? most : undefined,
	};
}

type Spreads = {
	readonly rule: SequentialRule | undefined;
	readonly free: readonly Reading[];
	readonly left: readonly Reading[];
	readonly byCause: readonly {
		readonly cause: SpreadCause;
		readonly alone: readonly Reading[];
		readonly without: readonly Reading[];
	}[];
};

/** Power of one figure; none where the runs do not have it. */
function figurePower(name: string, tolerance: Tolerance, {free, left, byCause, rule}: Spreads): FigurePower[] {
	const run = (runFigures as Readonly<Record<string, RunFigure>>)[name];
	const pair = (pairFigures as Readonly<Record<string, PairFigure>>)[name];
	const figure = run ?? pair;
	if (figure === undefined) {
		return [];
	}

	const valuesOf = (readings: readonly Reading[]) =>
		(run === undefined ? distances(pair!, readings) : readings.map(run.read)).filter(value => !Number.isNaN(value));
	const [values, leftValues] = [valuesOf(free), valuesOf(left)];
	if (values.length < 2 || leftValues.length < 2) {
		return [];
	}

	const mean = meanOf(values);
	const basis = run === undefined ? meanOf(free.map(reading => pair!.basis?.(reading) ?? Number.NaN)) : mean;
	const allowed = 'absolute' in tolerance ? tolerance.absolute : tolerance.fraction * Math.abs(basis);
	const deviation = sampleStandardDeviation(leftValues);
	const isDistance = run === undefined && pair!.isSigned !== true;
	const expected = run === undefined ? meanOf(leftValues) : 0;
	return [
		{
			name,
			unit: figure.unit,
			mean: run === undefined ? null : mean,
			tolerance: allowed,
			deviation: sampleStandardDeviation(values),
			left: deviation,
			expected,
			causes: byCause.map(({cause, alone, without}) => ({
				cause,
				alone: spreadOf(valuesOf(alone)),
				without: spreadOf(valuesOf(without)),
			})),
			repeats: repeatsForVerdict({
				deviation,
				tolerance: allowed,
				bias: isDistance ? expected : Math.abs(expected),
				most: rule?.mostRepeats ?? mostPlanned,
				levelOf: rule && (count => levelAt(count, rule)),
			}),
		},
	];
}

/** Distances of each run to the others, mean over them: of a measured run to the simulated ones. */
function distances({between}: PairFigure, readings: readonly Reading[]): number[] {
	return readings.map((measured, index) =>
		meanOf(
			readings.flatMap((simulated, other) => {
				const distance = other === index ? Number.NaN : between(simulated, measured);
				return Number.isNaN(distance) ? [] : [distance];
			}),
		),
	);
}

function spreadOf(values: readonly number[]): number {
	return values.length < 2 ? Number.NaN : sampleStandardDeviation([...values]);
}

function meanOf(values: readonly number[]): number {
	return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

import type {Interval} from '../../statistics/bootstrap.ts';
import {studentQuantile} from '../../statistics/estimate.ts';
import {predictionInterval, predictionLevel} from '../../statistics/prediction.ts';
import type {FigureComparison, Judgement, Verdict} from '../compare-figures.ts';
import {runFigures} from '../figure-table.ts';
import type {PartCheck} from '../part-checks.ts';
import type {Reading} from '../reading.ts';
import type {CutOff} from '../timeouts/below-timeout.ts';
import type {CalibrationProbes, MeasuredSpeed} from './speed.ts';

/** A figure's prediction interval, and the measured runs in it. */
type PredictedFigure = {
	readonly name: string;
	readonly unit: string;
	/** 90 % interval of one run. */
	readonly low: number;
	readonly high: number;
	/** One value a repeat that has the figure. */
	readonly measured: readonly number[];
	readonly inside: number;
};

/** Whether the measured runs are such as were forecast for one run of the experiment. */
export type ForecastJudgement = {
	readonly verdict: Verdict;
	readonly figures: readonly PredictedFigure[];
	/** Figures that lie outside more often than a 90 % interval lets chance explain. */
	readonly failing: readonly string[];
};

/** Whether the simulator is right at the speed that the machine had. */
export type SimulatorJudgement = Judgement & {
	/** `calibrated`: no run has probes, so that a slower or faster machine counts as an error of the simulator. */
	readonly speed: 'measured' | 'calibrated';
	readonly figures: Readonly<Record<string, FigureComparison>>;
};

/** Whether the machine is still as fast as the one that was calibrated. */
export type CalibrationJudgement = {
	readonly verdict: Verdict;
	/** Factor on the times in service, with its 90 % interval; null where nothing tells it. */
	readonly factor: number | null;
	readonly low: number | null;
	readonly high: number | null;
	/** `requests`: no run has probes, and the experiment's own requests tell the speed. */
	readonly by: 'probes' | 'requests';
	/** Largest part by which the speed may be off. */
	readonly limit: number;
	/** Machines of the records that are not among the calibrated ones, where both are known. */
	readonly otherMachines: readonly string[];
	/** Largest change of the speed during a run, as a factor; null without two probes. */
	readonly drift: number | null;
};

/** The judgements that a comparison makes apart. */
export type Judgements = {
	readonly forecast: ForecastJudgement;
	readonly simulator: SimulatorJudgement;
	readonly calibration: CalibrationJudgement;
	/** Machines of the judging records, by name; empty where none says. */
	readonly machines: readonly string[];
	/** Speed of each repeat; null without probes. */
	readonly speeds: readonly (MeasuredSpeed | null)[];
};

/** Probability of a wrong refusal. */
const alpha = 0.05;
/** Share of the measured figures that lie in their intervals at least, where the forecast is said to hold. */
const leastInside = 0.85;

/** Figures whose prediction is judged in every experiment. */
const usual = ['podHours', 'replicasMean', 'p95', 'cpuUtilization'];

type Forecast = {
	readonly predicted: readonly Reading[];
	readonly measured: readonly Reading[];
	readonly judged: readonly string[];
	readonly cutOff: readonly CutOff[];
};

/**
 * Judges whether the measured runs lie in the prediction interval of one run: refused when a figure lies outside more often
 * than chance explains, by the binomial test with the level shared among the figures (Bonferroni). Held where at least 85 %
 * of all lie inside; fewer may still be chance, as the figures of a run go together.
 */
export function judgeForecast({predicted, measured, judged, cutOff}: Forecast): ForecastJudgement {
	const cut = cutOff.map(({figure}) => figure as string);
	const names = new Set([...usual, ...judged, ...(cut.length > 0 ? ['timeouts', 'latencyUpToTimeout'] : [])]);
	const figures = Object.entries(runFigures).flatMap(([name, {unit, read}]) => {
		const values = measured.map(read).filter(value => !Number.isNaN(value));
		const interval = predictionInterval(predicted.map(read));
		return !names.has(name) || cut.includes(name) || values.length === 0 || interval === undefined
			? []
			: [{name, unit, ...interval, measured: values, inside: values.filter(value => isIn(value, interval)).length}];
	});
	const failing = figures
		.filter(({measured: {length}, inside}) => missProbability(length - inside, length) * figures.length < alpha)
		.map(({name}) => name);
	const count = figures.reduce((sum, figure) => sum + figure.measured.length, 0);
	const inside = figures.reduce((sum, figure) => sum + figure.inside, 0);
	const isOpen = count === 0 || measured.length < 2 || inside < leastInside * count;
	return {verdict: failing.length > 0 ? 'NOT VALID' : isOpen ? 'CANNOT SAY' : 'VALID', figures, failing};
}

function isIn(value: number, {low, high}: Interval): boolean {
	const rounding = 1e-9 * Math.abs(value);
	return value >= low - rounding && value <= high + rounding;
}

/** Probability of at least so many misses among so many runs, where each misses one time in ten. */
function missProbability(misses: number, runs: number): number {
	const miss = 1 - predictionLevel;
	let [probability, term] = [0, powerOf(predictionLevel, runs)];
	for (let count = 0; count <= runs; count++) {
		probability += count >= misses ? term : 0;
		term *= ((runs - count) / (count + 1)) * (miss / predictionLevel);
	}

	return Math.min(1, probability);
}

function powerOf(base: number, exponent: number): number {
	return Array.from({length: exponent}, () => base).reduce((product, factor) => product * factor, 1);
}

/** Part by which the machine may be faster or slower than the calibrated one. */
const speedLimit = 0.1;

type Speeds = {
	readonly speeds: readonly (MeasuredSpeed | undefined)[];
	readonly machines: readonly string[];
	readonly calibration: CalibrationProbes | undefined;
	readonly parts: readonly PartCheck[];
};

/** Judges whether the machine is still the calibrated one, by probes, else by the time in service of the requests. */
export function judgeCalibration({speeds, machines, calibration, parts}: Speeds): CalibrationJudgement {
	const known = speeds.filter(speed => speed !== undefined);
	const estimate = known.length > 0 ? joined(known) : byRequests(parts);
	const calibrated = calibration?.machines ?? [];
	const otherMachines = calibrated.length === 0 ? [] : machines.filter(name => !calibrated.includes(name));
	const drifts = known.flatMap(({drift}) => drift ?? []);
	const {factor = null, low = null, high = null} = estimate ?? {};
	const [least, most] = [1 / (1 + speedLimit), 1 + speedLimit];
	const isIn = low !== null && high !== null && low >= least && high <= most;
	const isOut = low !== null && high !== null && (low > most || high < least);
	return {
		verdict: otherMachines.length > 0 || isOut ? 'NOT VALID' : isIn ? 'VALID' : 'CANNOT SAY',
		factor,
		low,
		high,
		by: known.length > 0 ? 'probes' : 'requests',
		limit: speedLimit,
		otherMachines,
		drift: drifts.length === 0 ? null : drifts.reduce((most, drift) => (size(drift) > size(most) ? drift : most)),
	};
}

function size(factor: number): number {
	return Math.abs(Math.log(factor));
}

/** Mean speed over repeats: its interval is by their spread and by what they have in common, of a single one its own. */
function joined(speeds: readonly MeasuredSpeed[]) {
	const [first] = speeds;
	if (speeds.length === 1) {
		return first!;
	}

	const logs = speeds.map(({factor}) => Math.log(factor));
	const center = logs.reduce((sum, log) => sum + log, 0) / logs.length;
	const squares = logs.reduce((sum, log) => sum + (log - center) ** 2, 0);
	const error = studentQuantile(0.95, logs.length - 1) * Math.sqrt(squares / (logs.length - 1) / logs.length);
	const half = Math.hypot(error, normalQuantile * first!.commonError);
	return {factor: Math.exp(center), low: Math.exp(center - half), high: Math.exp(center + half)};
}

/** Half of a 90 % interval in standard deviations. */
const normalQuantile = 1.645;

/** Measured time in service over the simulated one. */
function byRequests(parts: readonly PartCheck[]) {
	const {simulated = null, error = null} = parts.find(({measure}) => measure === 'time in service')?.comparison ?? {};
	if (simulated === null || error === null || error.low === null || error.high === null) {
		return undefined;
	}

	const of = (difference: number) => (simulated.mean - difference) / simulated.mean;
	return {factor: of(error.value), low: of(error.high), high: of(error.low)};
}

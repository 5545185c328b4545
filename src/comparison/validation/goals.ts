import {type Equivalence, equivalence} from '../../statistics/equivalence.ts';
import type {Comparison} from '../compare.ts';
import type {FigureComparison} from '../compare-figures.ts';
import type {ComparedFigureName} from '../figure-table.ts';
import {figuresBelowTimeout, timeoutShareTolerance} from '../timeouts/below-timeout.ts';

/** `open`: an interval reaches over the edge, so that these runs cannot say. */
export type GoalVerdict = 'met' | 'missed' | 'open';

/** Result of a comparison for one of the goals, in the goal's unit. */
export type GoalOutcome = FigureError & {
	/** Figure of the comparison from which it is computed; null for the decisions. */
	readonly figure: ComparedFigureName | null;
	readonly verdict: GoalVerdict;
};

/** Bound on the simulator in every experiment, whatever the experiment's own tolerances are. */
export type Goal = {
	readonly name: string;
	readonly title: string;
	/** The figure that it is about; null where it is about several or none. */
	readonly figure: ComparedFigureName | null;
	/** Null where it is no number. */
	readonly limit: number | null;
	readonly unit: string;
	/** Judges a comparison; undefined when it has no such figure. */
	readonly judge: (comparison: Comparison) => GoalOutcome | undefined;
};

type Bounded = Omit<Goal, 'judge'> & {readonly figure: ComparedFigureName; readonly limit: number};

/** Errors that have to be shown to be within a limit; one of unit 1 is a fraction of the measured mean. */
const bounded: readonly Bounded[] = [
	{
		name: 'podHours',
		title: 'Pod-hours within 5 % of the measured ones',
		figure: 'podHours',
		limit: 0.05,
		unit: '1',
	},
	{
		name: 'replicas',
		title: 'Replicas off by 0.5 pods at most, averaged over time',
		figure: 'replicasMeanAbsoluteError',
		limit: 0.5,
		unit: 'pods',
	},
	{
		name: 'scaleLag',
		title: 'Scale events 15 s early or late at most, in the median',
		figure: 'scaleLag',
		limit: 15,
		unit: 's',
	},
	{
		name: 'p95',
		title: '95th percentile of latency within 20 % of the measured one',
		figure: 'p95',
		limit: 0.2,
		unit: '1',
	},
];

/** The goals, which stood before anything was measured. */
export const goals: readonly Goal[] = [
	...bounded.map(goal => ({...goal, judge: (comparison: Comparison) => judgeBounded(goal, comparison)})),
	{
		name: 'skill',
		title: 'As near to a repeat as another repeat is: a skill of 1 at most',
		figure: null,
		limit: 1,
		unit: '1',
		judge: worstSkill,
	},
	{
		name: 'savings',
		title: "Measured savings within the forecast's interval",
		figure: 'savings',
		limit: null,
		unit: '1',
		judge: savings,
	},
	{
		name: 'decisions',
		title: "99 % of the live autoscaler's decisions come out again from their recorded inputs",
		figure: null,
		limit: 0.99,
		unit: '1',
		judge: decisions,
	},
];

const verdicts: Readonly<Record<Equivalence, GoalVerdict>> = {within: 'met', outside: 'missed', unclear: 'open'};

function judgeBounded(goal: Bounded, comparison: Comparison): GoalOutcome | undefined {
	const {figure, limit, unit} = goal;
	if (isCutOff(comparison, figure)) {
		return judgeBelowTimeout(goal, comparison);
	}

	const error = errorOf(comparison.judgements.simulator.figures[figure], {isRelative: unit === '1'});
	return error && {figure, ...error, verdict: verdictOf(error, limit)};
}

function verdictOf({low, high}: FigureError, limit: number): GoalVerdict {
	const interval = low === null || high === null ? undefined : {low, high};
	return verdicts[equivalence(interval, limit)];
}

/** Outcomes from the worst on. */
const worstFirst: readonly GoalVerdict[] = ['missed', 'open', 'met'];

/**
 * Outcome where the timeout cuts the percentile off: of the share that timed out and of the latency up to the timeout the
 * one that is worse. Both have to be within their limits.
 */
function judgeBelowTimeout({limit}: Bounded, comparison: Comparison): GoalOutcome | undefined {
	const {figures} = comparison.judgements.simulator;
	const outcomes = figuresBelowTimeout.flatMap((figure): (GoalOutcome & {readonly part: number})[] => {
		const isShare = figure === 'timeouts';
		const error = errorOf(figures[figure], {isRelative: !isShare});
		const allowed = isShare ? timeoutShareTolerance : limit;
		return error === undefined
			? []
			: [{figure, ...error, verdict: verdictOf(error, allowed), part: Math.abs(error.value) / allowed}];
	});
	const [worst] = outcomes.sort(
		(a, b) => worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict) || b.part - a.part,
	);
	if (worst === undefined) {
		return undefined;
	}

	const {part: _, ...outcome} = worst;
	return outcome;
}

/** Whether the timeout cuts a figure off, so that it judges nothing. */
export function isCutOff({cutOff}: Comparison, figure: string): boolean {
	return cutOff.some(cut => cut.figure === figure);
}

/** Repeats that differ by less than this part of a limit have no noise that a simulator could be held against. */
const leastNoise = 0.01;

/** The bounded figure with the largest skill; nothing with a single repeat. */
function worstSkill(comparison: Comparison): GoalOutcome | undefined {
	const {figures} = comparison.judgements.simulator;
	const found = bounded.flatMap(({figure: named, limit, unit}): GoalOutcome[] => {
		const figure = isCutOff(comparison, named) ? 'latencyUpToTimeout' : named;
		const {skill = null, skillRange = null, noiseFloor = null, measured = null} = figures[figure] ?? {};
		const allowed = unit === '1' ? limit * Math.abs(measured?.mean ?? 0) : limit;
		const ends = {low: skillRange?.low ?? null, high: skillRange?.high ?? null};
		return skill === null || noiseFloor === null || noiseFloor < leastNoise * allowed
			? []
			: [{figure, value: skill, ...ends, verdict: skill <= 1 ? 'met' : 'missed'}];
	});
	return found.sort((a, b) => b.value - a.value)[0];
}

/** The interval of the error holds 0 when the forecast's, for as many repeats, holds what was measured. */
function savings(comparison: Comparison): GoalOutcome | undefined {
	const error = figureError(comparison, 'savings', {isRelative: false});
	if (error === undefined) {
		return undefined;
	}

	const {low, high} = error;
	return {
		figure: 'savings',
		...error,
		verdict: low === null || high === null ? 'open' : low <= 0 && high >= 0 ? 'met' : 'missed',
	};
}

function decisions({triangle: {a}}: Comparison): GoalOutcome | undefined {
	return a.share === null
		? undefined
		: {figure: null, value: a.share, low: null, high: null, verdict: a.share >= 0.99 ? 'met' : 'missed'};
}

/** Error of a figure with the ends of its 90 % interval; null when the spread is unknown. */
export type FigureError = {readonly value: number; readonly low: number | null; readonly high: number | null};

/**
 * Error of a comparison's forecast in a figure, at the calibrated speed.
 *
 * @param options - `isRelative`: as a fraction of the measured mean instead of in the figure's unit
 * @returns undefined when no run has the figure, or the timeout cuts it off
 */
export function figureError(
	comparison: Comparison,
	figure: ComparedFigureName,
	options: {readonly isRelative: boolean},
): FigureError | undefined {
	return isCutOff(comparison, figure) ? undefined : errorOf(comparison.figures[figure], options);
}

function errorOf(
	figure: FigureComparison | undefined,
	{isRelative}: {readonly isRelative: boolean},
): FigureError | undefined {
	const {error = null, measured = null} = figure ?? {};
	const basis = isRelative ? Math.abs(measured?.mean ?? 0) : 1;
	if (error === null || !(basis > 0)) {
		return undefined;
	}

	const scaled = (end: number | null) => (end === null ? null : end / basis);
	return {value: error.value / basis, low: scaled(error.low), high: scaled(error.high)};
}

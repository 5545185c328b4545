import {parseDuration} from '../experiment/duration.ts';
import type {Slo} from '../experiment/experiment.ts';
import {parsePercent} from '../experiment/leaves.ts';
import type {CandidateFigureName, CandidateFigures} from './figures.ts';

/** A bound on a figure: on its mean over runs, or on the figure of each run, which a share of them keeps. */
export type Constraint = {
	readonly figure: CandidateFigureName;
	readonly isUpper: boolean;
	readonly bound: number;
	/** Scale of the distance to the bound: the bound, or its complement where a share is to be large. */
	readonly scale: number;
	/** As it was written. */
	readonly text: string;
	/** Share of the runs that is to keep it; left out where the mean is to. */
	readonly share?: number;
};

export type TuneGoal = {readonly minimize: Objective; readonly constraints: readonly Constraint[]};

/** Bounds as they are to be kept: in a share of the runs, or by the mean of them. */
export function keptIn(constraints: readonly Constraint[], kept: BoundsKept): Constraint[] {
	return constraints.map(({share: _, ...constraint}) => (kept === 'mean' ? constraint : {...constraint, share: kept}));
}

/** The way in which a goal's bounds are to be kept. */
export function boundsKeptBy({constraints}: TuneGoal): BoundsKept {
	return constraints[0]?.share ?? 'mean';
}

/** Share of the runs that is to keep each bound, or the mean that is to keep it instead. */
export type BoundsKept = number | 'mean';

/**
 * The way of keeping bounds that a text such as `90%`, `0.9` or `mean` means.
 *
 * @throws {RangeError} when it means none
 */
export function parseBoundsKept(text: string): BoundsKept {
	if (text === 'mean') {
		return text;
	}

	const share = amountOf(text, 'fraction');
	if (share >= 0.5 && share <= 0.999) {
		return share;
	}

	throw new RangeError(
		`Expected --bounds-kept to be mean or a share of the runs from 50% to 99.9%, got ${JSON.stringify(text)}`,
	);
}

/** Figures that can be minimized, by their names for `--minimize`. */
export const objectives = {
	cost: 'costPerHour',
	energy: 'energyWattHours',
	latency: 'p95Seconds',
} as const satisfies Readonly<Record<string, CandidateFigureName>>;

type Objective = (typeof objectives)[keyof typeof objectives];

type Figure = {
	readonly figure: CandidateFigureName;
	readonly unit: 'seconds' | 'fraction' | 'number';
	readonly isUpper: boolean;
};

/** Figures that `--subject-to` takes. */
const bounded: Readonly<Record<string, Figure>> = {
	p50: {figure: 'p50Seconds', unit: 'seconds', isUpper: true},
	p95: {figure: 'p95Seconds', unit: 'seconds', isUpper: true},
	p99: {figure: 'p99Seconds', unit: 'seconds', isUpper: true},
	ttft: {figure: 'ttftSeconds', unit: 'seconds', isUpper: true},
	ttftP95: {figure: 'ttftSeconds', unit: 'seconds', isUpper: true},
	tpotP95: {figure: 'tpotP95Seconds', unit: 'seconds', isUpper: true},
	itlP95: {figure: 'itlP95Seconds', unit: 'seconds', isUpper: true},
	goodput: {figure: 'goodputPerSecond', unit: 'number', isUpper: false},
	availability: {figure: 'availability', unit: 'fraction', isUpper: false},
	sloMisses: {figure: 'sloMisses', unit: 'fraction', isUpper: true},
	churn: {figure: 'churnPerHour', unit: 'number', isUpper: true},
	cost: {figure: 'costPerHour', unit: 'number', isUpper: true},
	energy: {figure: 'energyWattHours', unit: 'number', isUpper: true},
	replicas: {figure: 'meanReplicas', unit: 'number', isUpper: true},
};

/**
 * The bound that a text such as `p95<10s` or `availability>=0.99` means. `<` and `<=` are the same: a mean is never
 * exactly at its bound but by rounding.
 *
 * @throws {RangeError} when it means none
 */
export function parseConstraint(text: string): Constraint {
	const [, name = '', sign = '', amount = ''] = /^\s*(\w+)\s*(<=?|>=?)\s*(\S+)\s*$/.exec(text) ?? [];
	const known = bounded[name];
	const isUpper = sign.startsWith('<');
	if (known === undefined || known.isUpper !== isUpper) {
		const forms = Object.entries(bounded).map(([key, {isUpper: upper}]) => `${key}${upper ? '<' : '>='}`);
		throw new RangeError(`Expected a bound such as p95<10s (one of ${forms.join(', ')}), got ${JSON.stringify(text)}`);
	}

	const bound = amountOf(amount, known.unit);
	if (!(bound >= 0)) {
		const nouns = {seconds: 'a duration such as 10s', fraction: 'a fraction such as 0.99 or 99%', number: 'a number'};
		throw new RangeError(`Expected the bound of ${name} to be ${nouns[known.unit]}, got ${JSON.stringify(amount)}`);
	}

	const scale = (isUpper || known.unit === 'number' ? bound : 1 - bound) || 1;
	return {figure: known.figure, isUpper, bound, scale, text: text.replaceAll(/\s/g, '')};
}

function amountOf(text: string, unit: Figure['unit']): number {
	try {
		if (unit === 'seconds') {
			return parseDuration(text);
		}

		return unit === 'fraction' && text.endsWith('%') ? parsePercent(text) : plainNumber(text);
	} catch {
		return Number.NaN;
	}
}

function plainNumber(text: string): number {
	return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** An experiment's objectives as bounds. The 95 % of requests that keep a time per token keep the other bounds too. */
export function constraintsOf(slo: Slo): Constraint[] {
	const bounds = (['p50', 'p95', 'p99', 'ttft'] as const).flatMap(name =>
		slo[name] === undefined ? [] : [`${name}<${slo[name]}s`],
	);
	const perToken = slo.tpot === undefined ? [] : ['sloMisses<5%'];
	return [...bounds, ...perToken, ...(slo.availability === undefined ? [] : [`availability>=${slo.availability}`])].map(
		parseConstraint,
	);
}

/** Share of runs that keep a bound each. @param runs - at least one */
export function keptShare(constraint: Constraint, runs: readonly CandidateFigures[]): number {
	return runs.filter(run => slackOf(constraint, run) >= 0).length / runs.length;
}

/** Slack of a run against a bound, in parts of its scale; negative when the bound is broken. */
export function slackOf({figure, isUpper, bound, scale}: Constraint, figures: CandidateFigures): number {
	const value = figures[figure] ?? Number.NaN;
	return (isUpper ? bound - value : value - bound) / scale;
}

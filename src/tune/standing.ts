import type {Figures} from './figures.ts';
import {type Goal, slackOf} from './goal.ts';
import {anchoredSample, probabilityAbove, type Sample, sampleOf} from './sample.ts';

/** What is known of a candidate against the goal. */
export type Standing = {
	readonly objective: Sample;
	/** Distance to each bound in parts of its scale, negative beyond it. */
	readonly slacks: readonly Sample[];
	/** Probability that the true means keep every bound; by Bonferroni, so at least that. */
	readonly feasibility: number;
	/** The same at most: of the bound that is kept least. */
	readonly hope: number;
	/** How far the means are beyond the bounds, in parts of their scales; 0 when they keep them. */
	readonly violation: number;
};

/** Feasibility from which a candidate counts as one that keeps the bounds. */
export const sure = 0.9;

/** Feasibility from which others that are worse are given up: they do not come back. */
export const certain = 0.99;

/** Hope at which a candidate certainly misses. */
export const hopeless = 0.01;

/**
 * @param runs - of the first replications, at least one
 * @param anchor - another candidate's, of more replications: it tells how lucky the first ones were
 */
export function standingOf(
	runs: readonly Figures[],
	{minimize, constraints}: Goal,
	anchor: readonly Figures[] = [],
): Standing {
	const over = (value: (run: Figures) => number) => anchoredSample(runs.map(value), anchor.map(value));
	const slacks = constraints.map(constraint => over(run => slackOf(constraint, run)));
	const kept = slacks.map(slack => probabilityAbove(slack, 0));
	return {
		objective: over(run => run[minimize]),
		slacks,
		feasibility: Math.max(
			0,
			kept.reduce((rest, probability) => rest - (1 - probability), 1),
		),
		hope: Math.min(1, ...kept),
		violation: slacks.reduce((sum, {mean}) => sum + Math.max(0, -mean), 0),
	};
}

/** Order by means: those that keep the bounds by objective, then those that come near. */
export function compareMeans(a: Standing, b: Standing): number {
	return a.violation - b.violation || a.objective.mean - b.objective.mean;
}

/** Differences of an objective, pair by pair over the replications that both have played. */
export function pairedDifference(runs: readonly Figures[], reference: readonly Figures[], {minimize}: Goal): Sample {
	const count = Math.min(runs.length, reference.length);
	return sampleOf(Array.from({length: count}, (_, index) => runs[index]![minimize] - reference[index]![minimize]));
}

import type {Arm} from '../../records/record.ts';
import {randomSource} from '../../statistics/bootstrap.ts';
import type {Verdict} from '../compare-figures.ts';
import type {SequentialRule} from './sequential-rule.ts';

/** Progress of one experiment of a campaign. */
export type CampaignExperiment = {
	readonly name: string;
	readonly hash: string;
	/** Arms that each repeat measures. */
	readonly arms: readonly Arm[];
	/** Repeats that are measured whole. */
	readonly repeats: number;
	/** Arms of the next repeat that are measured already. */
	readonly done: readonly Arm[];
	/** Times that the run under way was disturbed. */
	readonly disturbed: number;
	/** Disturbed runs in all. */
	readonly disturbedRuns: number;
	/** Figures by the look that decided them. */
	readonly decided: Readonly<Record<string, FigureDecision>>;
	/** Figures that the last look left open. */
	readonly open: readonly string[];
	/** Undefined while it goes on. */
	readonly verdict?: Verdict;
	/** Reason of a CANNOT SAY that ends it. */
	readonly reason?: string;
};

export type FigureDecision = {readonly verdict: 'within' | 'outside'; readonly repeats: number};

/** State of a campaign: what is kept on disk from run to run. */
export type Campaign = {
	readonly rule: SequentialRule;
	/** Seed of the order of the runs. */
	readonly seed: number;
	/** Model files that were calibrated for it; undefined before. */
	readonly models?: readonly string[];
	readonly experiments: readonly CampaignExperiment[];
};

/** A run that a campaign wants: one arm of one repeat. */
export type CampaignRun = {readonly name: string; readonly arm: Arm; readonly repeat: number};

/** Times that a disturbed run is replayed again before the experiment is given up. */
export const mostDisturbed = 3;

/**
 * Run to replay next: of the open experiments with the fewest repeats one in a random order that the seed draws for each
 * repeat, so that no experiment is always first, and the machine's changes are shared among all.
 *
 * @returns undefined when every experiment has its verdict
 */
export function nextRun({experiments, seed}: Campaign): CampaignRun | undefined {
	const open = experiments.filter(({verdict}) => verdict === undefined);
	const repeat = open.reduce((fewest, {repeats}) => Math.min(fewest, repeats), Number.POSITIVE_INFINITY);
	const order = orderOf(experiments, {seed, repeat});
	const next = order.find(({verdict, repeats}) => verdict === undefined && repeats === repeat);
	const arm = next?.arms.find(one => !next.done.includes(one));
	return next === undefined || arm === undefined ? undefined : {name: next.name, arm, repeat};
}

/** Experiments in the random order of a repeat. */
export function orderOf(
	experiments: readonly CampaignExperiment[],
	{seed, repeat}: {readonly seed: number; readonly repeat: number},
): CampaignExperiment[] {
	if (!Number.isFinite(repeat)) {
		return [];
	}

	const uniform = randomSource(seed * 1000 + repeat);
	const rest = [...experiments];
	const order: CampaignExperiment[] = [];
	while (rest.length > 0) {
		order.push(...rest.splice(Math.floor(uniform() * rest.length), 1));
	}

	return order;
}

/** The campaign after a run whose record is valid. */
export function afterRun(campaign: Campaign, {name, arm}: CampaignRun): Campaign {
	return withExperiment(campaign, name, experiment => {
		const done = [...experiment.done, arm];
		const isWhole = experiment.arms.every(one => done.includes(one));
		return {
			...experiment,
			disturbed: 0,
			repeats: experiment.repeats + (isWhole ? 1 : 0),
			done: isWhole ? [] : done,
		};
	});
}

/** The campaign after a run that failed its own validity check: it is replayed again, but not for ever. */
export function afterDisturbance(campaign: Campaign, {name}: CampaignRun, reasons: readonly string[]): Campaign {
	return withExperiment(campaign, name, experiment => {
		const disturbed = experiment.disturbed + 1;
		const counted = {...experiment, disturbed, disturbedRuns: experiment.disturbedRuns + 1};
		return disturbed < mostDisturbed
			? counted
			: {...counted, verdict: 'CANNOT SAY', reason: `disturbed ${disturbed} times in a row: ${reasons.join('; ')}`};
	});
}

/** Verdicts of the figures of an experiment at a look, by their intervals of the look's level. */
type Look = {
	readonly judged: readonly string[];
	readonly within: readonly string[];
	readonly outside: readonly string[];
};

/**
 * The campaign after a look at an experiment. A figure that a look decided stays decided; the experiment is VALID once every
 * judged figure is within its tolerance, NOT VALID once one is outside, and stays open for good after the last look.
 */
export function afterLook(campaign: Campaign, name: string, {judged, within, outside}: Look): Campaign {
	const {mostRepeats} = campaign.rule;
	return withExperiment(campaign, name, experiment => {
		const {repeats} = experiment;
		const decisions = (names: readonly string[], verdict: FigureDecision['verdict']) =>
			Object.fromEntries(names.map(figure => [figure, {verdict, repeats}]));
		const decided = {...decisions(within, 'within'), ...decisions(outside, 'outside'), ...experiment.decided};
		const open = judged.filter(figure => decided[figure] === undefined);
		const isOff = judged.some(figure => decided[figure]?.verdict === 'outside');
		const isOver = repeats >= mostRepeats;
		const verdict = isOff
			? 'NOT VALID'
			: open.length === 0 && judged.length > 0
				? 'VALID'
				: isOver
					? 'CANNOT SAY'
					: undefined;
		const reason = judged.length === 0 ? 'no run has a figure with a tolerance' : `open after ${repeats} repeats`;
		return {
			...experiment,
			decided,
			open,
			...(verdict !== undefined && {verdict}),
			...(verdict === 'CANNOT SAY' && {reason}),
		};
	});
}

function withExperiment(
	campaign: Campaign,
	name: string,
	change: (experiment: CampaignExperiment) => CampaignExperiment,
): Campaign {
	return {
		...campaign,
		experiments: campaign.experiments.map(experiment => (experiment.name === name ? change(experiment) : experiment)),
	};
}

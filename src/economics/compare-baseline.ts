import type {Experiment} from '../experiment/experiment.ts';
import type {RunAccount} from '../records/run-account.ts';
import {type Estimate, estimate} from '../statistics/estimate.ts';
import {breakEvenShare, loadShape} from './break-even.ts';
import {costOf} from './cost.ts';
import type {AgainstFigures, SavingsFigures} from './economics.ts';
import {meetsSlo} from './meets-slo.ts';
import {perHour} from './run-economics.ts';
import {savingsOf} from './savings.ts';

/** Runs of a baseline: the first of the dynamic arm's replications, or all. */
export type BaselineRuns = {
	readonly baseline: AgainstFigures['baseline'];
	readonly replicas: number | null;
	readonly runs: readonly RunAccount[];
};

/**
 * What dynamic saves against a baseline, at the experiment's own prices and with what both give for it.
 *
 * @param dynamic - at least as many runs as the baseline's, in the same order and under the same requests
 */
export function compareBaseline(
	experiment: Experiment,
	dynamic: readonly RunAccount[],
	{baseline, replicas, runs}: BaselineRuns,
): AgainstFigures {
	const {slo} = experiment;
	const pairs = runs.map((run, index) => [dynamic[index]!, run] as const);
	const attainment = (of: readonly RunAccount[]) =>
		estimate(
			of.map(({requests}) => requests.sloAttainment),
			{min: 0, max: 1},
		);
	const own = pairs.map(([run]) => run);
	return {
		baseline,
		replicas,
		replications: runs.length,
		costPerHour: estimate(
			runs.map(run => costPerHour(experiment, run)),
			{min: 0},
		),
		savings: savingsFigures(experiment, pairs),
		sloAttainment: {dynamic: attainment(own), baseline: attainment(runs)},
		meetsSlo: {
			dynamic: meetsSlo(
				own.map(({requests}) => requests),
				slo,
			),
			baseline: meetsSlo(
				runs.map(({requests}) => requests),
				slo,
			),
		},
		breakEven: replicas === null ? null : breakEven(experiment, own, replicas),
	};
}

/** Savings pair by pair, so that what both share does not widen the interval. */
export function savingsFigures(
	experiment: Experiment,
	pairs: readonly (readonly [dynamic: RunAccount, other: RunAccount])[],
): SavingsFigures {
	const savings = pairs.map(([dynamic, other]) =>
		savingsOf({dynamicPerHour: costPerHour(experiment, dynamic), fixedPerHour: costPerHour(experiment, other)}),
	);
	const over = (figure: (pair: (typeof savings)[number]) => number): Estimate => estimate(savings.map(figure));
	return {
		perHour: over(pair => pair.perHour),
		fraction: over(pair => pair.fraction ?? Number.NaN),
		perDay: over(pair => pair.perDay),
		perMonth: over(pair => pair.perMonth),
		perYear: over(pair => pair.perYear),
	};
}

/** What a run costs at the experiment's own prices [$/h]. */
export function costPerHour({prices, warmup, duration}: Experiment, {pods}: RunAccount): number {
	const window = {fromSeconds: warmup, toSeconds: duration};
	return perHour(costOf(pods, prices, window), window);
}

function breakEven(
	{autoscaler, warmup, duration}: Experiment,
	dynamic: readonly RunAccount[],
	fixedPods: number,
): AgainstFigures['breakEven'] {
	if (autoscaler === 'none') {
		return null;
	}

	const floor = autoscaler.minReplicas;
	const window = {fromSeconds: warmup, toSeconds: duration};
	const shapes = dynamic.map(({pods}) => loadShape(pods, floor, window));
	if (shapes.every(({podsWhileLoaded}) => podsWhileLoaded === undefined)) {
		return null;
	}

	return {
		loadedShare: estimate(
			shapes.map(({loadedShare}) => loadedShare),
			{min: 0, max: 1},
		),
		podsWhileLoaded: estimate(shapes.map(shape => shape.podsWhileLoaded ?? Number.NaN)),
		breakEvenShare: estimate(
			shapes.map(({podsWhileLoaded}) =>
				podsWhileLoaded === undefined ? Number.NaN : breakEvenShare({floor, podsWhileLoaded, fixedPods}),
			),
			{min: 0, max: 1},
		),
	};
}

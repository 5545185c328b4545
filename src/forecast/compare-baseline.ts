import type {Experiment} from '../experiment/experiment.ts';
import {heldSeconds, type PodUsage, type RunAccount} from '../records/pod-usage.ts';
import {type Estimate, estimate} from '../statistics/estimate.ts';
import {type BilledWindow, costOf} from './cost.ts';
import {meetsSlo} from './meets-slo.ts';
import {perHour} from './run-economics.ts';
import type {AgainstFigures, Savings} from './summary.ts';

const hoursPerDay = 24;
const daysPerMonth = 30;
const daysPerYear = 365;

/** Cost of the two arms under the same requests [$/h]. */
type CostPair = {readonly dynamicPerHour: number; readonly fixedPerHour: number};

/** Fixed minus dynamic in dollars; negative when dynamic costs more. */
type PairSavings = {
	readonly perHour: number;
	/** Saving as a fraction of the fixed cost; undefined when that is 0. */
	readonly fraction: number | undefined;
	readonly perDay: number;
	readonly perMonth: number;
	readonly perYear: number;
};

/**
 * Saving of one replication's dynamic arm against its fixed arm: the arms share every arrival, so the difference is
 * taken pair by pair and has a narrower interval than the costs themselves.
 *
 * @returns dollars per hour, day, month of 30 days and year of 365 days
 */
export function savingsOf({dynamicPerHour, fixedPerHour}: CostPair): PairSavings {
	const perHour = fixedPerHour - dynamicPerHour;
	const perDay = perHour * hoursPerDay;
	return {
		perHour,
		fraction: fixedPerHour === 0 ? undefined : perHour / fixedPerHour,
		perDay,
		perMonth: perDay * daysPerMonth,
		perYear: perDay * daysPerYear,
	};
}

/** Runs of a baseline: the first of the dynamic arm's replications, or all. */
export type BaselineRuns = {
	readonly baseline: AgainstFigures['baseline'];
	readonly replicas: number | null;
	readonly runs: readonly RunAccount[];
};

/**
 * Compares dynamic with a baseline: savings at the experiment's own prices, and the quality of service of both.
 *
 * @param dynamic - at least as many runs as the baseline's, in the same order and under the same requests
 */
export function compareBaseline(
	experiment: Experiment,
	dynamic: readonly RunAccount[],
	{baseline, replicas, runs}: BaselineRuns,
): AgainstFigures {
	const objective = {slo: experiment.slo, timeoutSeconds: experiment.workload.timeout};
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
				objective,
			),
			baseline: meetsSlo(
				runs.map(({requests}) => requests),
				objective,
			),
		},
		breakEven: replicas === null ? null : breakEven(experiment, own, replicas),
	};
}

/** Savings pair by pair, so that what both share does not widen the interval. */
export function savingsFigures(
	experiment: Experiment,
	pairs: readonly (readonly [dynamic: RunAccount, other: RunAccount])[],
): Savings {
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

/** Cost of a run at the experiment's own prices [$/h]. */
export function costPerHour({prices, warmup, duration}: Experiment, run: RunAccount): number {
	const window = {fromSeconds: warmup, toSeconds: duration};
	return perHour(costOf(run.pods, prices, window, run.nodes?.nodes), window);
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

/** The shape of a load as an autoscaler answers it: a floor of pods, and more while the load is up. */
type LoadShape = {
	/** Share of the time in which there were more pods than the floor, 0 to 1. */
	readonly loadedShare: number;
	/** Pods while there were more than the floor, on average; undefined when there never were. */
	readonly podsWhileLoaded: number | undefined;
};

/**
 * @param pods - of the dynamic arm; each counts while it is billed
 * @param floor - pods that are always there
 */
export function loadShape(pods: readonly PodUsage[], floor: number, window: BilledWindow): LoadShape {
	const changes = pods
		.filter(pod => heldSeconds(pod) > 0)
		.flatMap(({fromSeconds, toSeconds}) => [
			{at: fromSeconds, by: 1},
			{at: toSeconds, by: -1},
		])
		.sort((a, b) => a.at - b.at);
	let [since, count, loadedSeconds, podSeconds] = [window.fromSeconds, 0, 0, 0];
	for (const {at, by} of [...changes, {at: window.toSeconds, by: 0}]) {
		if (count > floor) {
			loadedSeconds += at - since;
			podSeconds += count * (at - since);
		}

		since = at;
		count += by;
	}

	return {
		loadedShare: loadedSeconds / (window.toSeconds - window.fromSeconds),
		podsWhileLoaded: loadedSeconds === 0 ? undefined : podSeconds / loadedSeconds,
	};
}

/**
 * Share of the time that the load may be up before dynamic costs as much as a fixed number of pods: where
 * `floor + share × (podsWhileLoaded − floor)` is that number.
 *
 * @returns 0 to 1; 1 when dynamic is the cheaper one even under load all the time, 0 when its floor costs more already
 */
export function breakEvenShare({
	floor,
	podsWhileLoaded,
	fixedPods,
}: {
	readonly floor: number;
	readonly podsWhileLoaded: number;
	readonly fixedPods: number;
}): number {
	return Math.min(1, Math.max(0, (fixedPods - floor) / (podsWhileLoaded - floor)));
}

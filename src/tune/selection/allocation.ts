import type {SampleMean} from '../standing.ts';
import type {Contender, Contest} from './contest.ts';

/** Smallest difference that replications are spent on, as a share of the objective or of a bound’s scale. */
const finest = 0.005;

/** Contenders that replications are shared among at a time. */
const mostAtOnce = 32;

/** Share by which a step adds to what was simulated. */
const growth = 0.2;

type Allocating = {
	/** Probability of a good selection that is wanted. */
	readonly enough: number;
	/** Replications of one at most. */
	readonly most: number;
	readonly runsOf: (contender: Contender) => number;
};

/**
 * Replications that the chosen one and its rivals are to have, in a step of the selection: half of them by optimal
 * computing budget allocation with constraints, half to the ones with fewest, so that no early bad luck is final. Rivals
 * that are as good as out get none.
 *
 * @returns none when nobody who matters may have more
 */
export function nextLengths(contest: Contest, {enough, most, runsOf}: Allocating): (readonly [Contender, number])[] {
	const {chosen, rivals} = contest;
	const others = [...new Set([...contest.fallbacks, ...openRivals(contest, enough)])];
	const open = [chosen, ...others.filter(one => runsOf(one) < most).slice(0, mostAtOnce - 1)];
	const simulated = open.map(runsOf);
	const total = simulated.reduce((sum, runs) => sum + runs, 0);
	const step = Math.max(2 * open.length, Math.ceil(growth * total));
	const weights = rivals.length === 0 ? [1] : allocation(open);
	const mosts = simulated.map(runs => Math.min(most, 2 * runs));
	const byWeight = shareOut({weights, simulated, step: Math.ceil(step / 2), mosts});
	const wanted = shareOut({weights: open.map(() => 1), simulated: byWeight, step: Math.floor(step / 2), mosts});
	const lengths = open.map((contender, index) => [contender, wanted[index]!] as const);
	return lengths.filter(([, length], index) => length > simulated[index]!);
}

/** The rivals that may not be left as they are if the claim is to reach what is wanted: the likeliest to be better first. */
function openRivals({rivals}: Contest, enough: number): Contender[] {
	let rest = 0;
	const least = (1 - enough) / 2;
	const closed = new Set<Contender>();
	for (const rival of rivals.toReversed()) {
		rest += rival.risk.good;
		if (rest > least) {
			break;
		}

		closed.add(rival);
	}

	return rivals.filter(rival => !closed.has(rival));
}

/**
 * Weights for sharing replications among contenders: optimal computing budget allocation, with constraints. A rival that
 * loses to the chosen one by missing a bound needs no more than that shows; a better one needs enough to decide whether
 * it keeps the bounds. The chosen one is paired with every other one, so it needs as many as any.
 *
 * @param contenders - the chosen one first, differences against it
 * @returns a weight for each, at least 0
 * @see Lee, Pujowidianto, Li, Chen and Yap, Approximate simulation budget allocation for selecting the best design in the
 * presence of stochastic constraints, 2012
 */
export function allocation([chosen, ...rivals]: readonly Contender[]): number[] {
	const scale = Math.abs(chosen!.standing.objective.mean) || 1;
	const weights = rivals.map(({difference, standing}) => {
		const byBound = standing.slacks.map(noiseToSlack);
		if (difference.mean < -finest * scale) {
			return Math.max(0, ...byBound);
		}

		const byObjective = noiseToSignal(difference.deviation, Math.max(difference.mean, finest * scale));
		return Math.min(byObjective, ...byBound.filter((_, index) => standing.slacks[index]!.mean < 0));
	});
	return [Math.max(0, ...weights, ...chosen!.standing.slacks.map(noiseToSlack)), ...weights];
}

type Shares = {
	readonly weights: readonly number[];
	/** Replications that each has. */
	readonly simulated: readonly number[];
	/** Replications that are added. */
	readonly step: number;
	/** Replications of each at most. */
	readonly mosts: readonly number[];
};

/** How many replications each is to have, in proportion to the weights as far as what is simulated and the caps allow. */
export function shareOut({weights, simulated, step, mosts}: Shares): number[] {
	const even = weights.every(weight => weight === 0);
	const lengths = (level: number) =>
		weights.map((weight, index) =>
			Math.max(simulated[index]!, Math.min(mosts[index]!, Math.floor(level * (even ? 1 : weight)))),
		);
	const added = (level: number) => lengths(level).reduce((sum, length, index) => sum + length - simulated[index]!, 0);
	let [low, high] = [0, 1];
	while (added(high) < step && high < 2 ** 60) {
		[low, high] = [high, high * 2];
	}

	for (let halving = 0; halving < 50; halving++) {
		const middle = (low + high) / 2;
		[low, high] = added(middle) < step ? [middle, high] : [low, middle];
	}

	return lengths(high);
}

function noiseToSlack({mean, deviation}: SampleMean): number {
	return noiseToSignal(deviation, Math.max(Math.abs(mean), finest));
}

function noiseToSignal(deviation: number, signal: number): number {
	return (deviation / signal) ** 2;
}

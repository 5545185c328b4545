import test from 'ava';
import {defaultControllerConfig} from '../../src/autoscaler/contracts.ts';
import {estimate} from '../../src/statistics/estimate.ts';
import type {Task} from '../../src/tune/budgeted-runs.ts';
import {evaluateCandidate} from '../../src/tune/evaluate-candidate.ts';
import type {CandidateFigures} from '../../src/tune/figures.ts';
import {meanFigure} from '../../src/tune/figures.ts';
import {parseConstraint, type TuneGoal} from '../../src/tune/goal.ts';
import {spreadCandidates} from '../../src/tune/proposals.ts';
import {search} from '../../src/tune/search.ts';
import {pipeline} from '../simulator/make-experiment.ts';
import {scaledExperiment, spaceOf} from './make-space.ts';

const experimentOf = (seed: number) =>
	scaledExperiment({
		seed,
		duration: 600,
		workload: {
			loop: 'open',
			arrivals: {
				process: 'poisson',
				cv: 1,
				interpolation: 'step',
				rate: [
					{at: 0, perSecond: 0.4},
					{at: 120, perSecond: 2},
					{at: 330, perSecond: 0.3},
				],
			},
			requests: {
				promptTokens: {distribution: 'constant', value: 10},
				outputTokens: {distribution: 'constant', value: 10},
			},
			tenants: [{name: 'default', share: 1, conversations: 1}],
			connections: 'per-request',
			timeout: 60,
		},
		metrics: pipeline,
		deployment: {startup: {kind: 'total', total: {distribution: 'constant', value: 10}}},
	});

const spaceFor = (seed: number) =>
	spaceOf(
		{
			'cpu.averageUtilization': {from: 50, to: 140, step: 15},
			maxReplicas: {from: 3, to: 6},
			'scaleDown.stabilizationWindowSeconds': {choices: [0, 60, 300]},
		},
		{experiment: experimentOf(seed)},
	);

/** Latency varies by a third from run to run, cost by a few percent: a search tells soon whether that is kept. */
const goal: TuneGoal = {minimize: 'p95Seconds', constraints: [parseConstraint('cost<2.57')]};

const play = (seed: number) => {
	const experiment = experimentOf(seed);
	return async (tasks: readonly Task[]): Promise<CandidateFigures[]> =>
		tasks.map(({candidate, replication}) =>
			evaluateCandidate(experiment, candidate.scaling, {replication, controller: defaultControllerConfig}),
		);
};

/** Replications that an enumeration gives each point, and as many more for the truth. */
const replications = 40;
const seeds = 6;

test('finds what an enumeration of simulations finds, or within 1 % of it, with a fifth of its runs', async t => {
	const everything = spreadCandidates(spaceFor(0), {count: 1000, seed: 0});
	const truths = new Map<string, CandidateFigures[]>();
	for (const candidate of everything) {
		const tasks = Array.from({length: 2 * replications}, (_, replication) => ({candidate, replication}));
		truths.set(candidate.id, await play(0)(tasks));
	}

	const keeping = [...truths.values()].filter(runs => meanFigure(runs, 'costPerHour') <= 2.57);
	const [optimum] = keeping.toSorted((a, b) => meanFigure(a, 'p95Seconds') - meanFigure(b, 'p95Seconds'));
	t.true(keeping.length > 5 && keeping.length < 0.8 * everything.length, `${keeping.length} keep the bound`);
	const mostRuns = 0.2 * everything.length * replications;
	const found: string[] = [];
	let good = 0;
	for (let seed = 1; seed <= seeds; seed++) {
		const {best} = await search(spaceFor(seed), goal, {seed, given: [], evaluate: play(seed), mostRuns});
		const runs = truths.get(best.id)!;
		const ratio = meanFigure(runs, 'p95Seconds') / meanFigure(optimum!, 'p95Seconds');
		const cost = meanFigure(runs, 'costPerHour');
		found.push(`${ratio.toFixed(4)} of the optimum’s latency, ${cost.toFixed(3)} $/h`);
		t.true(cost <= 1.01 * 2.57 && ratio <= 1.05, found.at(-1));
		// As far as the truth is known: latency varies by a third from run to run.
		const {low} = estimate(runs.map(({p95Seconds}, index) => p95Seconds - 1.01 * optimum![index]!.p95Seconds));
		good += low! <= 0 ? 1 : 0;
	}

	t.log(`${good} of ${seeds} seeds within 1 % with ${mostRuns} runs; ${everything.length} points`, ...found);
	t.is(good, seeds, found.join('; '));
});

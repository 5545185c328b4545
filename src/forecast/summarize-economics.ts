import {armEconomics} from '../economics/arm-economics.ts';
import {type BaselineRuns, compareBaseline} from '../economics/compare-baseline.ts';
import {compareBilling, tooSmallNodes} from '../economics/compare-billing.ts';
import type {Economics} from '../economics/economics.ts';
import type {Experiment, PriceBook} from '../experiment/experiment.ts';
import type {SummarizedRun} from './summarize.ts';

/**
 * The economics of an experiment over its replications.
 *
 * @param books - ways of billing to show beside the experiment's own
 */
export function summarizeEconomics(
	experiment: Experiment,
	results: readonly SummarizedRun[],
	books: readonly PriceBook[],
): Economics {
	const dynamic = results.map(result => result.dynamic);
	const fixed = results.flatMap(({fixed}) => fixed ?? []);
	const others = books.filter(({name}) => name !== experiment.prices.name);
	const ways = [experiment.prices, ...others];
	return {
		currency: experiment.prices.currency,
		dynamic: armEconomics(experiment, dynamic),
		fixed: fixed.length === 0 ? null : armEconomics(experiment, fixed),
		billing: compareBilling(experiment, {dynamic, fixed}, ways),
		against: baselineRuns(experiment, results)
			.filter(({runs}) => runs.length > 0)
			.map(baseline => compareBaseline(experiment, dynamic, baseline)),
		tooSmallNodes: tooSmallNodes({dynamic, fixed}, ways),
	};
}

function baselineRuns({fixed}: Experiment, results: readonly SummarizedRun[]): BaselineRuns[] {
	const smallest = results.flatMap(({baselines}) => baselines?.smallest ?? []);
	return [
		{baseline: 'fixed', replicas: fixed?.replicas ?? null, runs: results.flatMap(result => result.fixed ?? [])},
		{baseline: 'smallest-fixed', replicas: smallest[0]?.replicas ?? null, runs: smallest.map(({run}) => run)},
		{baseline: 'ideal', replicas: null, runs: results.flatMap(({baselines}) => baselines?.ideal ?? [])},
	];
}

import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import type {Experiment, PriceBook} from '../experiment/experiment.ts';
import {addUpControl} from '../records/control-counts.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import {assumptions} from './assumptions.ts';
import {type BaselineRuns, compareBaseline, savingsFigures} from './compare-baseline.ts';
import {compareBilling, tooSmallNodes} from './compare-billing.ts';
import {armEconomics} from './economics.ts';
import {findAnswer} from './find-answer.ts';
import {summarizeNodes} from './nodes/node-effects.ts';
import {predict} from './prediction/predict.ts';
import type {ReplicationResult} from './replicate.ts';
import {summarizeArm} from './summarize-arm.ts';
import type {Economics, Summary} from './summary.ts';
import {priceWarnings, warnings} from './warnings.ts';

/** Input of a summary: a replication's arms, simulated, or computed from the records of one repeat. */
export type SummarizedRun = Pick<ReplicationResult, 'scheduleHash' | 'baselines' | 'predicted'> & {
	readonly dynamic: RunAccount;
	readonly fixed?: RunAccount;
};

/**
 * The forecast over replications, or what was measured over repeats.
 *
 * @param results - every replication once, in the order of their numbers, at least one
 * @param books - further ways of billing to show beside the experiment's own
 * @throws {RangeError} when there is none
 */
export function summarize(
	experiment: Experiment,
	results: readonly SummarizedRun[],
	books: readonly PriceBook[] = [],
): Summary {
	const [first] = results;
	if (first === undefined) {
		throw new RangeError('Expected results to hold at least one replication, got none');
	}

	const fixed = results.flatMap(({fixed}) => fixed ?? []);
	const dynamic = results.map(result => result.dynamic);
	const isCompared = fixed.length > 0;
	const dynamicArm = summarizeArm(experiment, dynamic);
	const prediction = first.predicted === undefined ? undefined : predict(experiment, results, first.predicted);
	const nodes = summarizeNodes(experiment, results);
	return {
		experiment: experiment.name,
		seed: experiment.seed,
		replications: results.length,
		scheduleHash: bytesToHex(sha256(utf8ToBytes(results.map(({scheduleHash}) => scheduleHash).join('\n')))),
		answer: findAnswer(experiment, results),
		warnings: [
			...warnings(experiment, addUpControl(dynamic.map(({control}) => control)), dynamicArm.availability.mean),
			...priceWarnings(experiment),
		],
		assumptions: assumptions(experiment),
		dynamic: dynamicArm,
		fixed: isCompared ? summarizeArm(experiment, fixed) : null,
		savings: isCompared
			? savingsFigures(
					experiment,
					dynamic.map((run, index) => [run, fixed[index]!]),
				)
			: null,
		economics: summarizeEconomics(experiment, results, books),
		...(nodes !== undefined && {nodes}),
		...(prediction !== undefined && {prediction}),
	};
}

/**
 * The economics of an experiment over its replications.
 *
 * @param books - ways of billing to show beside the experiment's own
 */
function summarizeEconomics(
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

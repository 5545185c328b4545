import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import type {Experiment, PriceBook} from '../experiment/experiment.ts';
import {addUpControl} from '../records/control-counts.ts';
import {heldSeconds, type PodUsage, type RunAccount} from '../records/pod-usage.ts';
import {replicaFigures} from '../records/replica-line.ts';
import type {LatencyFigures, RequestCounts} from '../records/request-statistics.ts';
import {estimate} from '../statistics/estimate.ts';
import {largest} from '../statistics/extremes.ts';
import {assumptions} from './assumptions.ts';
import {type BaselineRuns, compareBaseline, costPerHour, savingsFigures} from './compare-baseline.ts';
import {compareBilling, tooSmallNodes} from './compare-billing.ts';
import {armEconomics} from './economics.ts';
import {energyOf} from './energy.ts';
import {findAnswer} from './find-answer.ts';
import {cutOffOf} from './meets-slo.ts';
import type {ReplicationResult} from './replicate.ts';
import type {ArmSummary, Economics, Summary} from './summary.ts';
import {priceWarnings, warnings} from './warnings.ts';

/** Input of a summary: a replication's arms, simulated, or computed from the records of one repeat. */
export type SummarizedRun = Pick<ReplicationResult, 'scheduleHash' | 'baselines'> & {
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
	};
}

function summarizeArm(experiment: Experiment, runs: readonly RunAccount[]): ArmSummary {
	const {warmup, duration, energy, workload} = experiment;
	const replicas = runs.map(({timeline}) => replicaFigures(timeline, warmup, duration));
	const over = (figure: (run: RunAccount) => number) => estimate(runs.map(figure), {min: 0});
	const fraction = (figure: (run: RunAccount) => number) => estimate(runs.map(figure), {min: 0, max: 1});
	return {
		replicas: {
			...estimate(replicas.map(({mean}) => mean)),
			max: largest(replicas.map(({max}) => max)),
		},
		podHours: over(run => podSeconds(run) / 3600),
		costPerHour: over(run => costPerHour(experiment, run)),
		energyWattHours: over(run => energyOf(run.pods, energy).wattHours),
		throughputPerSecond: over(({requests}) => requests.throughputPerSecond),
		availability: fraction(({requests}) => requests.availability),
		latencySeconds: summarizeLatency(runs.map(({requests}) => requests.latencySeconds)),
		timeout: {
			seconds: workload.timeout,
			cutsOff: cutOffOf(
				runs.map(({requests}) => requests),
				workload.timeout,
			),
		},
		waitSeconds: {
			mean: over(({requests}) => requests.waitSeconds.mean),
			p95: over(({requests}) => requests.waitSeconds.p95),
		},
		cpuUtilization: over(run =>
			share(
				total(run, pod => pod.cpuSeconds),
				total(run, pod => pod.requestedCores * heldSeconds(pod)),
			),
		),
		memoryUtilization: over(run =>
			share(
				total(run, pod => pod.memoryByteSeconds),
				total(run, pod => pod.requestedBytes * heldSeconds(pod)),
			),
		),
		ttftSeconds: {
			mean: over(({requests}) => requests.ttftSeconds.mean),
			p95: over(({requests}) => requests.ttftSeconds.p95),
		},
		tpotSeconds: {mean: over(({requests}) => requests.tpotSeconds.mean)},
		sloAttainment: fraction(({requests}) => requests.sloAttainment),
		goodputPerSecond: over(({requests}) => requests.goodputPerSecond),
		tenants: summarizeTenants(experiment, runs),
		fairness: fraction(({requests}) => requests.fairness),
		timeline: runs[0]!.timeline,
		requests: countsOver(runs),
	};
}

function summarizeLatency(figures: readonly LatencyFigures[]): ArmSummary['latencySeconds'] {
	const over = (of: (figure: LatencyFigures) => number) => estimate(figures.map(of), {min: 0});
	return {
		mean: over(({mean}) => mean),
		p50: over(({p50}) => p50),
		p95: over(({p95}) => p95),
		p99: over(({p99}) => p99),
	};
}

function summarizeTenants({workload}: Experiment, runs: readonly RunAccount[]): ArmSummary['tenants'] {
	return workload.tenants.map(({name}, index) => {
		const figures = runs.map(({requests: {tenants, ttftSeconds}}) => ({ttftSeconds, ...tenants[index]!}));
		return {
			name,
			latencySeconds: summarizeLatency(figures.map(({latencySeconds}) => latencySeconds)),
			timeout: {seconds: workload.timeout, cutsOff: cutOffOf(figures, workload.timeout)},
			throughputPerSecond: estimate(
				figures.map(({throughputPerSecond}) => throughputPerSecond),
				{min: 0},
			),
		};
	});
}

function total({pods}: RunAccount, figure: (pod: PodUsage) => number): number {
	return pods.reduce((sum, pod) => sum + figure(pod), 0);
}

/** NaN where nothing was requested, whatever was used. */
function share(used: number, requested: number): number {
	return requested > 0 ? used / requested : Number.NaN;
}

function podSeconds(run: RunAccount): number {
	return total(run, heldSeconds);
}

function countsOver(runs: readonly RunAccount[]): RequestCounts {
	const counts = {arrived: 0, completed: 0, failed: 0, timedOut: 0, inFlight: 0};
	for (const {requests} of runs) {
		for (const key of Object.keys(counts) as (keyof RequestCounts)[]) {
			counts[key] += requests.requests[key];
		}
	}

	return counts;
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

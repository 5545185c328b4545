import type {Experiment} from '../experiment/experiment.ts';
import {scalesToZero} from '../experiment/keda/scales-to-zero.ts';
import {heldSeconds, type PodUsage, type RunAccount} from '../records/pod-usage.ts';
import {replicaFigures} from '../records/replica-line.ts';
import type {LatencyFigures, Percentiles, RequestCounts, RequestFigures} from '../records/request-statistics.ts';
import {zeroFigures} from '../records/zero-figures.ts';
import {estimate} from '../statistics/estimate.ts';
import {largest} from '../statistics/extremes.ts';
import {costPerHour} from './compare-baseline.ts';
import {energyOf} from './energy.ts';
import {cutOffOf} from './meets-slo.ts';
import type {ArmSummary} from './summary.ts';

/** Figures of one arm over its runs. */
export function summarizeArm(experiment: Experiment, runs: readonly RunAccount[]): ArmSummary {
	const {warmup, duration, energy, workload} = experiment;
	const window = {fromSeconds: warmup, toSeconds: duration};
	const replicas = runs.map(({timeline}) => replicaFigures(timeline, warmup, duration));
	const over = (figure: (run: RunAccount) => number) => estimate(runs.map(figure), {min: 0});
	const fraction = (figure: (run: RunAccount) => number) => estimate(runs.map(figure), {min: 0, max: 1});
	return {
		replicas: {
			...estimate(replicas.map(({mean}) => mean)),
			max: largest(replicas.map(({max}) => max)),
		},
		...zeroOver(experiment, runs),
		podHours: over(run => podSeconds(run) / 3600),
		costPerHour: over(run => costPerHour(experiment, run)),
		energyWattHours: over(run => energyOf(run.pods, energy, {nodes: run.nodes, window}).wattHours),
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
		...tokenTimes(runs.map(({requests}) => requests)),
		sloAttainment: fraction(({requests}) => requests.sloAttainment),
		goodputPerSecond: over(({requests}) => requests.goodputPerSecond),
		tenants: summarizeTenants(experiment, runs),
		fairness: fraction(({requests}) => requests.fairness),
		timeline: runs[0]!.timeline,
		requests: countsOver(runs),
	};
}

/** Times of tokens; their percentiles where an engine streams them. */
function tokenTimes(runs: readonly RequestFigures[]): Pick<ArmSummary, 'ttftSeconds' | 'tpotSeconds' | 'itlSeconds'> {
	const over = (figure: (run: RequestFigures) => number | undefined) =>
		estimate(
			runs.map(run => figure(run) ?? Number.NaN),
			{min: 0},
		);
	const ttftSeconds = {mean: over(run => run.ttftSeconds.mean), p95: over(run => run.ttftSeconds.p95)};
	const tpotSeconds = {mean: over(run => run.tpotSeconds.mean)};
	if (runs[0]?.itlSeconds === undefined) {
		return {ttftSeconds, tpotSeconds};
	}

	const percentiles = (of: (run: RequestFigures) => Partial<Percentiles> | undefined) => ({
		p50: over(run => of(run)?.p50),
		p95: over(run => of(run)?.p95),
		p99: over(run => of(run)?.p99),
	});
	return {
		ttftSeconds: {...ttftSeconds, ...percentiles(run => run.ttftSeconds)},
		tpotSeconds: {...tpotSeconds, ...percentiles(run => run.tpotSeconds)},
		itlSeconds: percentiles(run => run.itlSeconds),
	};
}

/** Time at zero pods, where KEDA may take the last one. */
function zeroOver(experiment: Experiment, runs: readonly RunAccount[]): Pick<ArmSummary, 'zero'> {
	const {warmup, duration} = experiment;
	if (!scalesToZero(experiment)) {
		return {};
	}

	const figures = runs.map(({timeline}) => zeroFigures(timeline, warmup, duration));
	const share = estimate(
		figures.map(figure => figure.share),
		{min: 0, max: 1},
	);
	const starts = estimate(
		figures.map(figure => figure.starts),
		{min: 0},
	);
	return {zero: {share, starts}};
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

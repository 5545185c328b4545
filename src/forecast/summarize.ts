import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import {costOf} from '../economics/cost.ts';
import {energyOf} from '../economics/energy.ts';
import {savingsOf} from '../economics/savings.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';
import {replicaFigures} from '../records/replica-line.ts';
import type {LatencyFigures, RequestCounts} from '../records/request-statistics.ts';
import {estimate} from '../statistics/estimate.ts';
import type {ArmResult, ReplicationResult} from './replicate.ts';
import type {ArmSummary, Savings, Summary} from './summary.ts';

/**
 * The forecast over replications.
 *
 * @param results - every replication once, in the order of their numbers, at least one
 * @throws {RangeError} when there is none
 */
export function summarize(experiment: Experiment, results: readonly ReplicationResult[]): Summary {
	const [first] = results;
	if (first === undefined) {
		throw new RangeError('Expected results to hold at least one replication, got none');
	}

	const fixed = results.flatMap(({fixed}) => fixed ?? []);
	const dynamic = results.map(result => result.dynamic);
	const isCompared = fixed.length > 0;
	return {
		experiment: experiment.name,
		seed: experiment.seed,
		replications: results.length,
		scheduleHash: bytesToHex(sha256(utf8ToBytes(results.map(({scheduleHash}) => scheduleHash).join('\n')))),
		dynamic: summarizeArm(experiment, dynamic),
		fixed: isCompared ? summarizeArm(experiment, fixed) : null,
		savings: isCompared ? summarizeSavings(experiment, dynamic, fixed) : null,
	};
}

function summarizeArm(experiment: Experiment, runs: readonly ArmResult[]): ArmSummary {
	const {warmup, duration, prices, energy} = experiment;
	const replicas = runs.map(({timeline}) => replicaFigures(timeline, warmup, duration));
	const over = (figure: (run: ArmResult) => number) => estimate(runs.map(figure), {min: 0});
	const fraction = (figure: (run: ArmResult) => number) => estimate(runs.map(figure), {min: 0, max: 1});
	const latencyOf = (figures: (run: ArmResult) => LatencyFigures) => ({
		mean: over(run => figures(run).mean),
		p50: over(run => figures(run).p50),
		p95: over(run => figures(run).p95),
		p99: over(run => figures(run).p99),
	});
	return {
		replicas: {...estimate(replicas.map(({mean}) => mean)), max: Math.max(...replicas.map(({max}) => max))},
		podHours: over(run => podSeconds(run) / 3600),
		costPerHour: over(run => costOf(run.pods, prices) / hoursOf(experiment)),
		energyWattHours: over(run => energyOf(run.pods, energy).wattHours),
		throughputPerSecond: over(({requests}) => requests.throughputPerSecond),
		availability: fraction(({requests}) => requests.availability),
		latencySeconds: latencyOf(({requests}) => requests.latencySeconds),
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
		tenants: experiment.workload.tenants.map(({name}, index) => ({
			name,
			latencySeconds: latencyOf(({requests}) => requests.tenants[index]!.latencySeconds),
			throughputPerSecond: over(({requests}) => requests.tenants[index]!.throughputPerSecond),
		})),
		fairness: fraction(({requests}) => requests.fairness),
		timeline: runs[0]!.timeline,
		requests: countsOver(runs),
	};
}

/** Fixed minus dynamic of the same replication, so that what both share does not widen the interval. */
function summarizeSavings(experiment: Experiment, dynamic: readonly ArmResult[], fixed: readonly ArmResult[]): Savings {
	const perHour = (run: ArmResult) => costOf(run.pods, experiment.prices) / hoursOf(experiment);
	const pairs = dynamic.map((run, index) =>
		savingsOf({dynamicPerHour: perHour(run), fixedPerHour: perHour(fixed[index]!)}),
	);
	return {
		perHour: estimate(pairs.map(pair => pair.perHour)),
		fraction: estimate(pairs.map(pair => pair.fraction ?? Number.NaN)),
		perDay: estimate(pairs.map(pair => pair.perDay)),
		perMonth: estimate(pairs.map(pair => pair.perMonth)),
		perYear: estimate(pairs.map(pair => pair.perYear)),
	};
}

function hoursOf({duration, warmup}: Experiment): number {
	return (duration - warmup) / 3600;
}

function total({pods}: ArmResult, figure: (pod: PodUsage) => number): number {
	return pods.reduce((sum, pod) => sum + figure(pod), 0);
}

/** NaN where nothing was requested, whatever was used. */
function share(used: number, requested: number): number {
	return requested > 0 ? used / requested : Number.NaN;
}

function podSeconds(run: ArmResult): number {
	return total(run, heldSeconds);
}

function countsOver(runs: readonly ArmResult[]): RequestCounts {
	const counts = {arrived: 0, completed: 0, failed: 0, timedOut: 0, inFlight: 0};
	for (const {requests} of runs) {
		for (const key of Object.keys(counts) as (keyof RequestCounts)[]) {
			counts[key] += requests.requests[key];
		}
	}

	return counts;
}

import {uncertaintyOf} from '../../experiment/conditions/draw-conditions.ts';
import {meanOf} from '../../experiment/draw-distribution.ts';
import type {Experiment, Workload} from '../../experiment/experiment.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import {predictionInterval, predictionLevel} from '../../statistics/prediction.ts';
import {costPerHour, savingsOf} from '../compare-baseline.ts';
import {summarizeArm} from '../summarize-arm.ts';
import {
	type PredictedFigure,
	type PredictedInterval,
	type Prediction,
	predictedFigures,
	widthParts,
} from './prediction.ts';
import type {PredictedRun} from './simulate-predicted.ts';
import {type PairedValue, varianceShares} from './variance-shares.ts';

/** Arms of one run, under the usual conditions or drawn ones. */
type Arms = {readonly dynamic: RunAccount; readonly fixed?: RunAccount};

type Predicting = {
	readonly experiment: Experiment;
	/** In the order of their numbers, from 0. */
	readonly usual: readonly Arms[];
	readonly drawn: readonly PredictedRun[];
	readonly factors: readonly PairedValue['factors'][];
};

/**
 * Predicts what one real run will show: intervals over runs under drawn conditions, or over the replications where nothing
 * is drawn, and where their width comes from.
 *
 * @param usual - the replications, in the order of their numbers
 * @param drawn - runs under drawn conditions; none where nothing is drawn
 * @returns undefined when there are too few runs for an interval
 */
export function predict(
	experiment: Experiment,
	usual: readonly Arms[],
	drawn: readonly PredictedRun[],
): Prediction | undefined {
	const knowledge = knowledgeOf(experiment);
	const isDrawn = drawn.length > 0;
	if (!isDrawn && uncertaintyOf(experiment).length > 0) {
		return undefined; // an interval without the machine would promise too much
	}

	const predicting = {experiment, usual, drawn, factors: factorsOf(experiment, drawn)};
	const dynamic = armFigures(predicting, ({dynamic: run}) => run);
	if (Object.keys(dynamic).length === 0) {
		return undefined;
	}

	const isCompared = usual[0]?.fixed !== undefined;
	return {
		level: predictionLevel,
		runs: isDrawn ? drawn.length : usual.length,
		isDrawn,
		knowledge,
		dynamic,
		fixed: isCompared ? armFigures(predicting, ({fixed}) => fixed!) : null,
		savings: isCompared ? savings(predicting) : null,
		advice: adviceFor(dynamic.p95?.shares ?? dynamic.costPerHour?.shares ?? null, knowledge),
	};
}

function armFigures(predicting: Predicting, armOf: (run: Arms) => RunAccount): Prediction['dynamic'] {
	const {experiment, usual, drawn} = predicting;
	const [before, after] = [usual, drawn].map(runs => runs.map(run => figuresOf(experiment, armOf(run)))) as [
		Record<PredictedFigure, number>[],
		Record<PredictedFigure, number>[],
	];
	const intervals = predictedFigures.flatMap(figure => {
		const interval = intervalOf(predicting, {
			usual: before.map(values => values[figure]),
			drawn: after.map(values => values[figure]),
		});
		return interval === undefined ? [] : [[figure, interval] as const];
	});
	return Object.fromEntries(intervals);
}

/** Figures of one run; NaN where it has none. A latency that the clients' timeout cuts off is the timeout. */
function figuresOf(experiment: Experiment, run: RunAccount): Record<PredictedFigure, number> {
	const arm = summarizeArm(experiment, [run]);
	const {latencySeconds, ttftSeconds, timeout} = arm;
	const latency = (figure: 'p50' | 'p95' | 'p99') =>
		timeout.cutsOff.includes(figure) ? timeout.seconds : (latencySeconds[figure].mean ?? Number.NaN);
	const mean = (figure: Exclude<PredictedFigure, 'p50' | 'p95' | 'p99' | 'ttftP95'>) => arm[figure].mean ?? Number.NaN;
	return {
		replicas: mean('replicas'),
		podHours: mean('podHours'),
		costPerHour: mean('costPerHour'),
		energyWattHours: mean('energyWattHours'),
		throughputPerSecond: mean('throughputPerSecond'),
		p50: latency('p50'),
		p95: latency('p95'),
		p99: latency('p99'),
		ttftP95: timeout.cutsOff.includes('ttft') ? timeout.seconds : (ttftSeconds.p95.mean ?? Number.NaN),
		availability: mean('availability'),
		sloAttainment: mean('sloAttainment'),
		cpuUtilization: mean('cpuUtilization'),
		memoryUtilization: mean('memoryUtilization'),
	};
}

function savings(predicting: Predicting): Prediction['savings'] {
	const {experiment, usual, drawn} = predicting;
	const saved = (run: Arms) =>
		savingsOf({
			dynamicPerHour: costPerHour(experiment, run.dynamic),
			fixedPerHour: costPerHour(experiment, run.fixed!),
		});
	const [before, after] = [usual.map(saved), drawn.map(saved)];
	const of = (read: (saving: ReturnType<typeof saved>) => number) =>
		intervalOf(predicting, {usual: before.map(read), drawn: after.map(read)});
	const [perHour, fraction] = [of(pair => pair.perHour), of(pair => pair.fraction ?? Number.NaN)];
	return perHour === undefined || fraction === undefined ? null : {perHour, fraction};
}

/** @param values - of one figure, by run */
function intervalOf(
	{drawn, factors}: Predicting,
	values: {readonly usual: readonly number[]; readonly drawn: readonly number[]},
): PredictedInterval | undefined {
	const interval = predictionInterval(drawn.length > 0 ? values.drawn : values.usual);
	if (interval === undefined) {
		return undefined;
	}

	const pairs = drawn.flatMap(({replication}, index) => {
		const usual = values.usual[replication];
		return usual === undefined ? [] : [{drawn: values.drawn[index]!, usual, factors: factors[index]!}];
	});
	return {...interval, shares: varianceShares(pairs, values.usual)};
}

function factorsOf(experiment: Experiment, drawn: readonly PredictedRun[]): PairedValue['factors'][] {
	const parts = uncertaintyOf(experiment);
	const {service} = experiment.deployment;
	const typical = typicalRequest(experiment.workload);
	const work = (coefficients: readonly number[]) =>
		coefficients.reduce((sum, coefficient, index) => sum + coefficient * typical[index]!, 0);
	return drawn.map(({conditions: {speed, coefficients, load}}) => ({
		...(parts.includes('machine') && {machine: Math.log(speed)}),
		...(parts.includes('load') && {load: Math.log(load)}),
		...(coefficients !== undefined &&
			service.kind === 'work' && {
				coefficients: Math.log(
					work(coefficients) / work([service.perRequest, service.perPromptToken, service.perOutputToken]),
				),
			}),
	}));
}

/** A request of mean tokens, in the order of the coefficients: itself, its prompt and its answer. */
function typicalRequest(workload: Workload): readonly [number, number, number] {
	if (workload.loop === 'open' && workload.arrivals.process === 'trace') {
		const {promptTokens, outputTokens} = workload.arrivals;
		const mean = (tokens: readonly number[]) => tokens.reduce((sum, count) => sum + count, 0) / tokens.length;
		return [1, mean(promptTokens), mean(outputTokens)];
	}

	const {promptTokens, outputTokens} = workload.requests;
	return [1, meanOf(promptTokens), meanOf(outputTokens)];
}

function knowledgeOf({deployment: {service}, workload}: Experiment): Prediction['knowledge'] {
	const {betweenRuns = 0, betweenMachines = 0} = (service.kind === 'time' ? undefined : service.variation) ?? {};
	const spread = service.kind === 'work' ? service.spread : undefined;
	const isPublished = service.kind === 'work' && service.status === 'uncalibrated' && betweenMachines > 0;
	return {
		coefficients:
			spread === undefined ? (isPublished ? 'published' : 'unknown') : spread.isJoint ? 'joint' : 'independent',
		machine: betweenRuns > 0 ? (betweenMachines > 0 ? 'both' : 'runs') : betweenMachines > 0 ? 'machines' : 'unknown',
		load: (workload.uncertainty?.rate ?? 0) > 0 ? 'given' : 'as planned',
	};
}

function adviceFor(shares: PredictedInterval['shares'], {machine}: Prediction['knowledge']): Prediction['advice'] {
	const largest = shares === null ? 'run' : widthParts.toSorted((a, b) => shares[b] - shares[a])[0];
	switch (largest) {
		case 'coefficients':
			return 'fit-more';
		case 'machine':
			return machine === 'runs' ? 'live-with-it' : 'calibrate';
		case 'load':
			return 'know-load';
		default:
			return 'plan-longer';
	}
}

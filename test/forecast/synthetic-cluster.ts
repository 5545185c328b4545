import {fitService} from '../../src/calibration/fit-service.ts';
import {fitVariation, jointCovariance} from '../../src/calibration/fit-variation.ts';
import {serviceObservations} from '../../src/calibration/service-observations.ts';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {RandomStream} from '../../src/engine/random-stream.ts';
import {underConditions} from '../../src/experiment/conditions/under-conditions.ts';
import type {Experiment, ServiceModel} from '../../src/experiment/experiment.ts';
import {predict} from '../../src/forecast/prediction/predict.ts';
import {type PredictedFigure, predictedFigures} from '../../src/forecast/prediction/prediction.ts';
import {simulatePredictedRun} from '../../src/forecast/prediction/simulate-predicted.ts';
import {replicate} from '../../src/forecast/replicate.ts';
import {summarizeArm} from '../../src/forecast/summarize-arm.ts';
import {makeExperiment, openWorkload, pipeline} from '../simulator/make-experiment.ts';

/* A cluster whose truth is known: a hidden speed of each run and hidden coefficients; a calibration on few runs of it, a
   forecast with what the calibration found, and one real run. */

type WorkModel = Extract<ServiceModel, {kind: 'work'}>;

/** Standard deviation of the logarithm of a run's hidden speed, and of the hidden coefficients. */
const hidden = {betweenRuns: 0.15, coefficients: 0.3} as const;
const calibrationRuns = 8;
/** Runs of a forecast: the fewest that an interval of 90 % is made of. */
const runs = 19;

const usual: WorkModel = {
	kind: 'work',
	name: 'synthetic',
	status: 'calibrated',
	perRequest: 0.2,
	perPromptToken: 0.02,
	perOutputToken: 0.05,
	residualCv: 0.1,
	backendPerRequest: 0,
	idleCpu: {llm: 0, backend: 0},
	memory: {server: 1e8, weights: 1e8, perContextToken: 0, backend: 0, backendPerRequest: 0},
};

const requests = {
	promptTokens: {distribution: 'uniform', min: 5, max: 60},
	outputTokens: {distribution: 'uniform', min: 5, max: 40},
} as const;

function loadOf(perSecond: number): Experiment['workload'] {
	return {...openWorkload(perSecond), requests, timeout: 60};
}

function calibrationOf(service: WorkModel, seed: number): Experiment {
	return makeExperiment({seed, duration: 120, workload: loadOf(0.4), deployment: {service, replicas: 4}});
}

function subjectOf(service: WorkModel, seed: number): Experiment {
	return makeExperiment({
		...{seed, duration: 240, workload: loadOf(0.5), metrics: pipeline},
		autoscaler: {
			minReplicas: 2,
			maxReplicas: 6,
			metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 60}}],
		},
		deployment: {service, replicas: 2, startup: {kind: 'total', total: {distribution: 'uniform', min: 5, max: 15}}},
	});
}

/** The truth of a cluster; runs on it have each a speed of its own. */
function clusterOf(seed: number) {
	const stream = new RandomStream({seed, replication: 0, purpose: 'a synthetic cluster'});
	const around = (value: number) => value * Math.exp(hidden.coefficients * stream.normal());
	const service: WorkModel = {
		...usual,
		perRequest: around(usual.perRequest),
		perPromptToken: around(usual.perPromptToken),
		perOutputToken: around(usual.perOutputToken),
	};
	return {service, speed: () => Math.exp(hidden.betweenRuns * stream.normal())};
}

/** The model that a calibration on few runs of a cluster finds. */
function calibrate(seed: number, {service, speed}: ReturnType<typeof clusterOf>): WorkModel {
	const experiment = calibrationOf(service, seed);
	const perRun = Array.from({length: calibrationRuns}, (_, replication) => {
		const run = underConditions(experiment, {speed: speed(), load: 1});
		return serviceObservations(new MeasuredSchedule(run).simulate(replication), experiment);
	});
	const fit = fitService(perRun.flat());
	const variation = fitVariation(perRun, fit);
	return {
		...usual,
		perRequest: fit.perRequest.value,
		perPromptToken: fit.perPromptToken.value,
		perOutputToken: fit.perOutputToken.value,
		residualCv: fit.residualCv,
		variation: {betweenRuns: variation.betweenRuns!.value, runs: variation.runs},
		spread: {covariance: jointCovariance(fit, variation)!, isJoint: true},
	};
}

/** Figures of one real run on a synthetic cluster, each beside its prediction interval. */
export type PredictedOutcome = {
	readonly figure: PredictedFigure;
	readonly low: number;
	readonly high: number;
	readonly actual: number;
};

/**
 * Calibrates a synthetic cluster, forecasts a run on it and makes the run.
 *
 * @param seed - names the cluster
 * @param change - of the model that the forecast is made with
 */
export function predictAndRun(seed: number, change = (model: WorkModel): WorkModel => model): PredictedOutcome[] {
	const cluster = clusterOf(seed);
	const forecast = subjectOf(change(calibrate(seed, cluster)), seed);
	const drawn = Array.from({length: runs}, (_, replication) => simulatePredictedRun(forecast, replication));
	const {dynamic} = predict(forecast, [], drawn)!;
	const truth = subjectOf(cluster.service, seed);
	const run = underConditions(truth, {speed: cluster.speed(), load: 1});
	const real = summarizeArm(truth, [replicate(run, runs, {record: false}).dynamic]);
	const {p50, p95, p99} = real.latencySeconds;
	const actual: Partial<Record<PredictedFigure, number | null>> = {
		...{p50: p50.mean, p95: p95.mean, p99: p99.mean},
		...{costPerHour: real.costPerHour.mean, podHours: real.podHours.mean, replicas: real.replicas.mean},
		...{energyWattHours: real.energyWattHours.mean, cpuUtilization: real.cpuUtilization.mean},
		throughputPerSecond: real.throughputPerSecond.mean,
	};
	return predictedFigures.flatMap(figure => {
		const [interval, value] = [dynamic[figure], actual[figure]];
		return interval === undefined || typeof value !== 'number' ? [] : [{figure, ...interval, actual: value}];
	});
}

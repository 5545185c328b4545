import test from 'ava';
import {fitService} from '../../src/calibration/fit-service.ts';
import {fitVariation, jointCovariance} from '../../src/calibration/fit-variation.ts';
import type {ServiceObservation} from '../../src/calibration/service-observations.ts';
import {RandomStream} from '../../src/engine/random-stream.ts';

const truth = [0.04, 0.006, 0.014] as const;

/** Requests of a run whose speed is off by a factor, each with a scatter of its own. */
function run(speed: number, stream: RandomStream, count = 40): ServiceObservation[] {
	return Array.from({length: count}, () => {
		const promptTokens = 10 + Math.floor(40 * stream.uniform());
		const outputTokens = 5 + Math.floor(30 * stream.uniform());
		const work = truth[0] + truth[1] * promptTokens + truth[2] * outputTokens;
		return {
			...{promptTokens, outputTokens, neighbours: 0, speed: 1},
			work: work * speed * Math.exp(0.1 * stream.normal()),
		};
	});
}

function calibrationOf(replication: number, {runs, deviation}: {runs: number; deviation: number}) {
	const stream = new RandomStream({seed: 3, replication, purpose: 'test'});
	const perRun = Array.from({length: runs}, () => run(Math.exp(deviation * stream.normal()), stream));
	const service = fitService(perRun.flat());
	return {service, variation: fitVariation(perRun, service)};
}

test('the spread between runs is found, and its interval holds the true one', t => {
	const fits = Array.from({length: 200}, (_, replication) => calibrationOf(replication, {runs: 8, deviation: 0.15}));
	const found = fits.map(({variation}) => variation.betweenRuns!);
	const mean = Math.sqrt(found.reduce((sum, {value}) => sum + value * value, 0) / found.length);
	t.true(Math.abs(mean / 0.15 - 1) < 0.06, `${mean}`);
	const held = found.filter(({low, high}) => low <= 0.15 && 0.15 <= high).length / found.length;
	t.true(Math.abs(held - 0.95) < 0.04, `${held}`);
});

test('runs of one speed have no spread: what requests scatter is none', t => {
	const {variation} = calibrationOf(0, {runs: 8, deviation: 0});
	t.true(variation.betweenRuns!.value < 0.03);
	t.is(variation.betweenRuns!.low, 0);
});

test('one run, or two, cannot tell how the speed differs between runs', t => {
	for (const runs of [1, 2]) {
		const {variation} = calibrationOf(0, {runs, deviation: 0.15});
		t.is(variation.betweenRuns, undefined);
		t.is(variation.runs, runs);
	}
});

test('the covariance holds the true coefficients as often as it says, though requests of a run are alike', t => {
	const typical = [1, 30, 20];
	const of = (coefficients: readonly number[]) =>
		coefficients.reduce((sum, coefficient, index) => sum + coefficient * typical[index]!, 0);
	let [held, alone] = [0, 0];
	const times = 300;
	for (let replication = 0; replication < times; replication++) {
		const {service, variation} = calibrationOf(replication, {runs: 8, deviation: 0.15});
		const {perRequest, perPromptToken, perOutputToken, covariance} = service;
		const error = of([perRequest.value, perPromptToken.value, perOutputToken.value]) - of(truth);
		const deviation = (matrix: readonly (readonly number[])[]) => Math.sqrt(of(matrix.map(row => of(row))));
		held += Math.abs(error) < 1.96 * deviation(jointCovariance(service, variation)!) ? 1 : 0;
		alone += Math.abs(error) < 1.96 * deviation(covariance) ? 1 : 0;
	}

	t.true(held / times > 0.88 && held / times < 0.98, `${held / times}`);
	t.true(alone / times < 0.6, `${alone / times}`);
});

test('a coefficient that is left out of the fit is 0 for sure', t => {
	const observations = Array.from({length: 30}, (_, index): ServiceObservation => {
		const [promptTokens, outputTokens] = [10 + (index % 7), 5 + (index % 5)];
		return {
			...{promptTokens, outputTokens, neighbours: 0, speed: 1},
			work: 0.01 * outputTokens - 0.02 + 0.001 * (index % 3),
		};
	});
	const {perRequest, covariance} = fitService(observations);
	t.is(perRequest.value, 0);
	t.deepEqual(covariance[0], [0, 0, 0]);
	t.true(covariance[2]![2]! > 0);
});

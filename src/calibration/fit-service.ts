import {mean, sampleStandardDeviation} from 'simple-statistics';
import {estimate} from '../statistics/estimate.ts';
import {type Coefficient, leastSquares} from '../statistics/least-squares.ts';
import type {ServiceObservation} from './service-observations.ts';

/** Work of a request: `perRequest + perPromptToken × prompt + perOutputToken × output` [CPU s]. */
export type ServiceFit = {
	readonly perRequest: Coefficient;
	readonly perPromptToken: Coefficient;
	readonly perOutputToken: Coefficient;
	/** Of the whole work, by the fitted sum. */
	readonly rSquared: number;
	/** Coefficient of variation of the work about the fitted one. */
	readonly residualCv: number;
	readonly count: number;
	/** `whole`: one fit of the whole work. `parts`: prompt and answer by themselves, by the server's own clock. */
	readonly method: 'whole' | 'parts';
};

/**
 * Fits the work of requests to their tokens. Where answers or prompts all have one length the whole work cannot tell
 * their shares: then the server's own times of the parts have to.
 *
 * @throws {RangeError} when tokens do not vary and the parts are not known
 */
export function fitService(observations: readonly ServiceObservation[]): ServiceFit {
	const isVaried =
		varies(observations.map(({promptTokens}) => promptTokens)) &&
		varies(observations.map(({outputTokens}) => outputTokens));
	if (isVaried) {
		return fitWhole(observations);
	}

	const known = observations.filter(({parts}) => parts !== undefined);
	if (known.length < 3) {
		throw new RangeError(
			`Expected requests of different prompt and output tokens, or the server's own times of both, got ${observations.length} requests with neither`,
		);
	}

	return fitParts(known);
}

function fitWhole(observations: readonly ServiceObservation[]): ServiceFit {
	const {coefficients, rSquared} = leastSquares(
		observations.map(({promptTokens, outputTokens}) => [1, promptTokens, outputTokens]),
		observations.map(({work}) => work),
	);
	const [perRequest, perPromptToken, perOutputToken] = coefficients as [Coefficient, Coefficient, Coefficient];
	const fit = {perRequest, perPromptToken, perOutputToken};
	return {...fit, rSquared, residualCv: residualCv(observations, fit), count: observations.length, method: 'whole'};
}

function fitParts(observations: readonly ServiceObservation[]): ServiceFit {
	const parts = observations.map(observation => observation.parts!);
	const prompts = observations.map(({promptTokens}) => promptTokens);
	const [base, perPromptToken] = varies(prompts)
		? (leastSquares(
				prompts.map(tokens => [1, tokens]),
				parts.map(({prompt}) => prompt),
			).coefficients as [Coefficient, Coefficient])
		: [nothing, coefficientOf(parts.map(({prompt}, index) => prompt / prompts[index]!))];
	const perOutputToken = coefficientOf(parts.map(({output}, index) => output / observations[index]!.outputTokens));
	const fit = {perRequest: sumOf(base, coefficientOf(parts.map(({load}) => load))), perPromptToken, perOutputToken};
	const works = observations.map(({work}) => work);
	const unexplained = observations.map(observation => observation.work - workOf(observation, fit));
	const center = mean(works);
	const total = works.reduce((sum, work) => sum + (work - center) ** 2, 0);
	return {
		...fit,
		rSquared: total > 0 ? 1 - unexplained.reduce((sum, rest) => sum + rest ** 2, 0) / total : Number.NaN,
		residualCv: residualCv(observations, fit),
		count: observations.length,
		method: 'parts',
	};
}

const nothing: Coefficient = {value: 0, low: 0, high: 0};

type Terms = Pick<ServiceFit, 'perRequest' | 'perPromptToken' | 'perOutputToken'>;

function workOf({promptTokens, outputTokens}: ServiceObservation, fit: Terms): number {
	return fit.perRequest.value + fit.perPromptToken.value * promptTokens + fit.perOutputToken.value * outputTokens;
}

function residualCv(observations: readonly ServiceObservation[], fit: Terms): number {
	const factors = observations.map(observation => observation.work / workOf(observation, fit));
	return factors.length < 2 ? 0 : sampleStandardDeviation(factors) / mean(factors);
}

function coefficientOf(values: readonly number[]): Coefficient {
	const {mean: value, low, high} = estimate(values);
	return {value: value ?? Number.NaN, low: low ?? Number.NaN, high: high ?? Number.NaN};
}

/** Sum of two independent ones. */
function sumOf(a: Coefficient, b: Coefficient): Coefficient {
	const half = Math.hypot(a.high - a.value, b.high - b.value);
	return {value: a.value + b.value, low: a.value + b.value - half, high: a.value + b.value + half};
}

function varies(values: readonly number[]): boolean {
	return new Set(values).size > 1;
}

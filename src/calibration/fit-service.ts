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

/** With fewer the server's own times are left aside. */
const fewestParts = 3;

/**
 * Fits the work of requests to their tokens: prompt and answer by themselves where the server's own times of them are
 * known, else the whole work, which tells their shares only if prompts and answers vary. No coefficient is negative.
 *
 * @throws {RangeError} when tokens do not vary and the parts are not known
 */
export function fitService(observations: readonly ServiceObservation[]): ServiceFit {
	const known = observations.filter(({parts}) => parts !== undefined);
	if (known.length >= fewestParts && known.length >= observations.length / 2) {
		return judged(known, {...partTerms(known), method: 'parts'});
	}

	const isVaried =
		varies(observations.map(({promptTokens}) => promptTokens)) &&
		varies(observations.map(({outputTokens}) => outputTokens));
	if (!isVaried) {
		throw new RangeError(
			`Expected requests of different prompt and output tokens, or the server's own times of both, got ${observations.length} requests with neither`,
		);
	}

	return judged(observations, {...wholeTerms(observations), method: 'whole'});
}

function wholeTerms(observations: readonly ServiceObservation[]): Terms {
	const [perRequest, perPromptToken, perOutputToken] = nonNegative(
		observations.map(({promptTokens, outputTokens}) => [1, promptTokens, outputTokens]),
		observations.map(({work}) => work),
	) as [Coefficient, Coefficient, Coefficient];
	return {perRequest, perPromptToken, perOutputToken};
}

/** What prompts and answers take whatever their lengths belongs to the request, as does what is neither. */
function partTerms(observations: readonly ServiceObservation[]): Terms {
	const parts = observations.map(observation => observation.parts!);
	const [ofPrompts, perPromptToken] = lineOf(
		observations.map(({promptTokens}) => promptTokens),
		parts.map(({prompt}) => prompt),
	);
	const [ofAnswers, perOutputToken] = lineOf(
		observations.map(({outputTokens}) => outputTokens),
		parts.map(({output}) => output),
	);
	const {mean: rest, low, high} = estimate(parts.map(part => part.rest));
	const ofRest = {value: rest ?? 0, low: low ?? rest ?? 0, high: high ?? rest ?? 0};
	return {perRequest: [ofPrompts, ofAnswers, ofRest].reduce(sumOf), perPromptToken, perOutputToken};
}

function lineOf(tokens: readonly number[], work: readonly number[]): [Coefficient, Coefficient] {
	const hasBase = varies(tokens);
	const fit = nonNegative(
		tokens.map(count => (hasBase ? [1, count] : [count])),
		work,
	);
	return hasBase ? (fit as [Coefficient, Coefficient]) : [nothing, fit[0]!];
}

const nothing: Coefficient = {value: 0, low: 0, high: 0};

/** Least squares without negative coefficients: the most negative column is left out, and the rest fitted again. */
function nonNegative(rows: readonly (readonly number[])[], values: readonly number[]): Coefficient[] {
	const {coefficients} = leastSquares(rows, values);
	const lowest = coefficients.reduce((best, {value}, column) => (value < coefficients[best]!.value ? column : best), 0);
	if (coefficients[lowest]!.value >= 0 || coefficients.length === 1) {
		return [...coefficients];
	}

	const rest = nonNegative(
		rows.map(row => row.filter((_, column) => column !== lowest)),
		values,
	);
	return [...rest.slice(0, lowest), nothing, ...rest.slice(lowest)];
}

function judged(observations: readonly ServiceObservation[], terms: Terms & Pick<ServiceFit, 'method'>): ServiceFit {
	const works = observations.map(({work}) => work);
	const center = mean(works);
	const total = works.reduce((sum, work) => sum + (work - center) ** 2, 0);
	const rest = observations.reduce((sum, one) => sum + (one.work - workOf(one, terms)) ** 2, 0);
	return {
		...terms,
		rSquared: total > 0 ? 1 - rest / total : Number.NaN,
		residualCv: residualCv(observations, terms),
		count: observations.length,
	};
}

type Terms = Pick<ServiceFit, 'perRequest' | 'perPromptToken' | 'perOutputToken'>;

function workOf({promptTokens, outputTokens}: ServiceObservation, fit: Terms): number {
	return fit.perRequest.value + fit.perPromptToken.value * promptTokens + fit.perOutputToken.value * outputTokens;
}

function residualCv(observations: readonly ServiceObservation[], fit: Terms): number {
	const factors = observations.map(observation => observation.work / workOf(observation, fit));
	return factors.length < 2 ? 0 : sampleStandardDeviation(factors) / mean(factors);
}

/** Sum of two independent ones. */
function sumOf(a: Coefficient, b: Coefficient): Coefficient {
	const half = Math.hypot(a.high - a.value, b.high - b.value);
	return {value: a.value + b.value, low: a.value + b.value - half, high: a.value + b.value + half};
}

function varies(values: readonly number[]): boolean {
	return new Set(values).size > 1;
}

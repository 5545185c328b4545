import {coefficientOfVariation, mean, sampleStandardDeviation, sampleVariance} from 'simple-statistics';
import {estimate} from '../statistics/estimate.ts';
import {type Coefficient, leastSquares} from '../statistics/least-squares.ts';
import type {ServiceObservation} from './service-observations.ts';
import {fitGain, fitSlowdown, type Slowdown, slowdownOf, withoutSlowdown} from './slowdown.ts';

/** Work of a request: `perRequest + perPromptToken × prompt + perOutputToken × output` [CPU s]. */
export type ServiceFit = Slowdown & {
	readonly perRequest: Coefficient;
	readonly perPromptToken: Coefficient;
	readonly perOutputToken: Coefficient;
	/** Covariance of perRequest, perPromptToken and perOutputToken, as if requests were independent [(CPU s)²]. */
	readonly covariance: Covariance;
	/** Explained share of the variance of the whole work; NaN where it does not vary. */
	readonly rSquared: number;
	/** Coefficient of variation of the work about the fitted one. */
	readonly residualCv: number;
	/** Ratios of each request's work to the fitted work. */
	readonly factors: readonly number[];
	readonly count: number;
	/** Requests beside others in the slots of a pod, which tell `sharedBySlots`; absent where the fit is to all together. */
	readonly besideOthers?: number;
	/** `whole`: one fit of the whole work. `parts`: prompt and answer by themselves, by the server's own clock. */
	readonly method: 'whole' | 'parts';
};

type Covariance = readonly (readonly number[])[];

/** With fewer the server's own times are left aside. */
const fewestParts = 3;

/**
 * Fits the work of requests to their tokens: prompt and answer by themselves where the server's own times of them are
 * known, else the whole work, which separates their shares only if prompts and answers vary. No coefficient is
 * negative.
 *
 * @param observations - without NaN
 * @throws {RangeError} when tokens do not vary and the parts are not known
 */
export function fitService(observations: readonly ServiceObservation[]): ServiceFit {
	const known = observations.filter(({parts}) => parts !== undefined);
	if (known.length >= fewestParts && known.length >= observations.length / 2) {
		return fitted(known, 'parts');
	}

	if (!tellsWhole(observations)) {
		throw new RangeError(
			`Expected requests of different prompt and output tokens, or the server's own times of both, got ${observations.length} requests with neither`,
		);
	}

	return fitted(observations, 'whole');
}

/** Fits the whole work, whatever else is known; undefined when prompts or answers do not vary. */
export function fitWhole(observations: readonly ServiceObservation[]): ServiceFit | undefined {
	return tellsWhole(observations) ? fitted(observations, 'whole') : undefined;
}

function tellsWhole(observations: readonly ServiceObservation[]): boolean {
	return (
		observations.length > 3 &&
		varies(observations.map(({promptTokens}) => promptTokens)) &&
		varies(observations.map(({outputTokens}) => outputTokens))
	);
}

/** Requests that had their pod for themselves, at least, for the tokens to be fitted to them alone. */
const fewestAlone = 20;

/**
 * Fit of the tokens to the requests that had their pod for themselves, where there are enough, and of what sharing a pod
 * gains to the others: a request beside others waits for their prompts in turns, which its own tokens do not tell.
 */
function fitted(observations: readonly ServiceObservation[], method: ServiceFit['method']): ServiceFit {
	const own = fittedTo(observations, method);
	const slowdown = fitSlowdown(own);
	const alone = own.map(one => withoutSlowdown(one, slowdown));
	const terms = (method === 'parts' ? partTerms : wholeTerms)(alone);
	const together = own === observations ? [] : observations.filter(({companions}) => companions !== undefined);
	const gain = fitGain(together, {slowdown, workOf: one => workOf(one, terms)});
	return {
		...judged(own, {...terms, ...slowdown, ...gain, method}),
		...(together.length > 0 && {besideOthers: together.length}),
	};
}

/** The observations that tell the work of the tokens: those with a pod of one slot where there are enough, else all. */
export function fittedTo(
	observations: readonly ServiceObservation[],
	method: ServiceFit['method'],
): readonly ServiceObservation[] {
	const apart = observations.filter(({companions}) => companions === undefined);
	return apart.length >= fewestAlone && (method === 'parts' || tellsWhole(apart)) ? apart : observations;
}

function wholeTerms(observations: readonly ServiceObservation[]): Terms {
	const {coefficients, covariance} = nonNegative(
		observations.map(({promptTokens, outputTokens}) => [1, promptTokens, outputTokens]),
		observations.map(({work}) => work),
	);
	const [perRequest, perPromptToken, perOutputToken] = coefficients as [Coefficient, Coefficient, Coefficient];
	return {perRequest, perPromptToken, perOutputToken, covariance};
}

/** Terms of a fit by parts. The constant shares of prompts and answers belong to the request, as does the rest. */
function partTerms(observations: readonly ServiceObservation[]): Terms {
	const parts = observations.map(observation => observation.parts!);
	const prompts = lineOf(
		observations.map(({promptTokens}) => promptTokens),
		parts.map(({prompt}) => prompt),
	);
	const answers = lineOf(
		observations.map(({outputTokens}) => outputTokens),
		parts.map(({output}) => output),
	);
	const rests = parts.map(part => part.rest);
	const {mean: rest, low, high} = estimate(rests);
	const ofRest = {value: rest ?? 0, low: low ?? rest ?? 0, high: high ?? rest ?? 0};
	const ofMean = rests.length < 2 ? Number.NaN : sampleVariance(rests) / rests.length;
	const [prompt, answer] = [prompts.covariance, answers.covariance];
	return {
		perRequest: [prompts.base, answers.base, ofRest].reduce(sumOf),
		perPromptToken: prompts.slope,
		perOutputToken: answers.slope,
		covariance: [
			[prompt[0]![0]! + answer[0]![0]! + ofMean, prompt[0]![1]!, answer[0]![1]!],
			[prompt[0]![1]!, prompt[1]![1]!, 0],
			[answer[0]![1]!, 0, answer[1]![1]!],
		],
	};
}

/** Constant share and share of a token, and their covariance. */
type Line = {readonly base: Coefficient; readonly slope: Coefficient; readonly covariance: Covariance};

function lineOf(tokens: readonly number[], work: readonly number[]): Line {
	// Lengths that are nearly all the same do not show the constant share of an answer.
	const hasBase = varies(tokens) && coefficientOfVariation(tokens) >= leastVariation;
	const {coefficients, covariance} = nonNegative(
		tokens.map(count => (hasBase ? [1, count] : [count])),
		work,
	);
	return hasBase
		? {base: coefficients[0]!, slope: coefficients[1]!, covariance}
		: {base: nothing, slope: coefficients[0]!, covariance: withZeros(covariance, 0)};
}

/** Smallest coefficient of variation of the lengths. */
const leastVariation = 0.1;

const nothing: Coefficient = {value: 0, low: 0, high: 0};

/** Least squares without negative coefficients: the most negative column is left out, and the rest fitted again. */
function nonNegative(
	rows: readonly (readonly number[])[],
	values: readonly number[],
): {readonly coefficients: readonly Coefficient[]; readonly covariance: Covariance} {
	const {coefficients, covariance} = leastSquares(rows, values);
	const lowest = coefficients.reduce((best, {value}, column) => (value < coefficients[best]!.value ? column : best), 0);
	if (coefficients[lowest]!.value >= 0 || coefficients.length === 1) {
		return {coefficients, covariance};
	}

	const rest = nonNegative(
		rows.map(row => row.filter((_, column) => column !== lowest)),
		values,
	);
	return {
		coefficients: rest.coefficients.toSpliced(lowest, 0, nothing),
		covariance: withZeros(rest.covariance, lowest),
	};
}

/** A covariance with a row and a column more, of a coefficient that is 0 for sure. */
function withZeros(covariance: Covariance, index: number): Covariance {
	return covariance
		.map(row => row.toSpliced(index, 0, 0))
		.toSpliced(
			index,
			0,
			Array.from({length: covariance.length + 1}, () => 0),
		);
}

type Fitted = Terms & Slowdown & Pick<ServiceFit, 'method'>;

function judged(observations: readonly ServiceObservation[], terms: Fitted): ServiceFit {
	const works = observations.map(({work}) => work);
	const center = mean(works);
	const factors = observations.map(one => one.work / (workOf(one, terms) * slowdownOf(one, terms)));
	const total = works.reduce((sum, work) => sum + (work - center) ** 2, 0);
	const rest = observations.reduce((sum, one, row) => sum + (one.work - one.work / factors[row]!) ** 2, 0);
	return {
		...terms,
		rSquared: total > 0 ? 1 - rest / total : Number.NaN,
		residualCv: factors.length < 2 ? 0 : sampleStandardDeviation(factors) / mean(factors),
		factors,
		count: observations.length,
	};
}

type Terms = Pick<ServiceFit, 'perRequest' | 'perPromptToken' | 'perOutputToken' | 'covariance'>;
type Work = Omit<Terms, 'covariance'>;

/** Work of a request by a fit, with nothing beside it [CPU s]. */
export function workOf({promptTokens, outputTokens}: ServiceObservation, fit: Work): number {
	return fit.perRequest.value + fit.perPromptToken.value * promptTokens + fit.perOutputToken.value * outputTokens;
}

/** Sum of two independent ones. */
function sumOf(a: Coefficient, b: Coefficient): Coefficient {
	const half = Math.hypot(a.high - a.value, b.high - b.value);
	return {value: a.value + b.value, low: a.value + b.value - half, high: a.value + b.value + half};
}

function varies(values: readonly number[]): boolean {
	return new Set(values).size > 1;
}

import * as z from 'zod';
import {Duration, judged, number, PositiveDuration} from './leaves.ts';

/**
 * A non-negative random quantity. Units are those of its place (seconds, tokens, CPU-seconds).
 * A draw below `min` or above `max` is clipped to it.
 */
export type Distribution = (
	| {readonly distribution: 'constant'; readonly value: number}
	| {readonly distribution: 'uniform'; readonly min: number; readonly max: number}
	| {readonly distribution: 'exponential'; readonly mean: number}
	| {readonly distribution: 'gamma'; readonly mean: number; readonly cv: number}
	| {readonly distribution: 'lognormal'; readonly mean: number; readonly cv: number}
	| {
			readonly distribution: 'empirical';
			readonly values: readonly number[];
			/** Relative weight of each value; equal when left out. */
			readonly weights?: readonly number[];
	  }
) & {readonly min?: number; readonly max?: number};

const Cv = number({min: 0, max: 100}).describe('Coefficient of variation [1]');

type LeafSchema = z.ZodType<number, string | number>;

/** The six distributions over one kind of value: `Value` may be 0, `Mean` may not. */
function distributionOf<V extends LeafSchema, M extends LeafSchema>({
	Value,
	Mean,
	unit,
}: {
	Value: V;
	Mean: M;
	unit: string;
}) {
	const clip = {
		min: Value.describe(`Lower draws are raised to this [${unit}]`).exactOptional(),
		max: Value.describe(`Higher draws are cut to this [${unit}]`).exactOptional(),
	};
	const mean = Mean.describe(`Mean before clipping [${unit}]`);
	return z.discriminatedUnion('distribution', [
		judgeBounds(
			z.strictObject({distribution: z.literal('constant'), value: Value.describe(`Every draw [${unit}]`), ...clip}),
		),
		judgeBounds(
			z.strictObject({
				distribution: z.literal('uniform'),
				min: Value.describe(`Lower end [${unit}]`),
				max: Value.describe(`Upper end [${unit}]`),
			}),
		),
		judgeBounds(z.strictObject({distribution: z.literal('exponential'), mean, ...clip})),
		judgeBounds(z.strictObject({distribution: z.literal('gamma'), mean, cv: Cv, ...clip})),
		judgeBounds(z.strictObject({distribution: z.literal('lognormal'), mean, cv: Cv, ...clip})),
		judgeWeights(
			judgeBounds(
				z.strictObject({
					distribution: z.literal('empirical'),
					values: z
						.array(Value, {error: 'a list of values'})
						.min(1, {error: 'a list of at least one value'})
						.describe(`Values drawn from [${unit}]`),
					weights: z
						.array(number({min: 0}), {error: 'a list of weights'})
						.describe('Relative weight of each value; equal when left out [1]')
						.exactOptional(),
					...clip,
				}),
			),
		),
	]);
}

function judgeBounds<S extends z.ZodObject>(schema: S): S {
	return judged(schema, ['min', 'max'], ({min, max}) =>
		typeof min === 'number' && typeof max === 'number' && min > max
			? {path: ['min'], rule: 'at most its max'}
			: undefined,
	);
}

function judgeWeights<S extends z.ZodObject>(schema: S): S {
	return judged(schema, ['values', 'weights'], ({values, weights}) => {
		if (!Array.isArray(values) || !Array.isArray(weights)) {
			return;
		}

		if (weights.length !== values.length) {
			return {path: ['weights'], rule: `a list of ${values.length}, one weight a value`};
		}

		const total = (weights as readonly number[]).reduce((sum, weight) => sum + weight, 0);
		return total > 0 ? undefined : {path: ['weights'], rule: 'a list with a weight above 0'};
	});
}

/** A random duration; becomes seconds. */
export const TimeDistribution = distributionOf({Value: Duration, Mean: PositiveDuration, unit: 'duration'});

/** A random number of tokens. */
export const TokenDistribution = distributionOf({
	Value: number({min: 0, max: 1e6}),
	Mean: number({above: 0, max: 1e6}),
	unit: 'tokens',
});

/** A random number of seconds, as the model files have it. */
export const SecondsDistribution = distributionOf({
	Value: number({min: 0, max: 1e6}),
	Mean: number({above: 0, max: 1e6}),
	unit: 's',
});

import * as z from 'zod';
import {mapRule, Text} from './leaves.ts';

/**
 * A number of a model file with where it comes from: `{value, unit, source}`. Becomes the value.
 *
 * @param unit - the only unit that is taken; another one is a mistake, not a conversion
 * @param meaning - what the number says
 */
export function coefficient<S extends z.ZodType>(Value: S, unit: string, meaning: string): z.ZodType<z.output<S>> {
	return coefficientOf(Value, z.literal(unit, {error: unit}), {unit, meaning});
}

/** A coefficient with the ends of its 95 % interval, where its file has both. */
export type EstimatedCoefficient = {readonly value: number; readonly low?: number; readonly high?: number};

/** Number of a model file with the ends of its interval, where both are there: `{value, low, high}`. */
export function estimatedCoefficient(
	Value: z.ZodType<number>,
	unit: string,
	meaning: string,
): z.ZodType<EstimatedCoefficient> {
	return entryOf(Value, z.literal(unit, {error: unit}), {unit, meaning})
		.transform((entry): EstimatedCoefficient => {
			const {value, low, high} = entry as EstimatedCoefficient;
			return {value, ...(low !== undefined && high !== undefined && {low, high})};
		})
		.describe(`${meaning} [${unit}]`);
}

const hourlyRule = 'a currency and /h, such as $/h or EUR/h';
const Hourly = z.string({error: hourlyRule}).regex(/^(?:[$€£₹¥]|[A-Z]{3})\/h$/, {error: hourlyRule});

/** A price for an hour, in the currency of the file: `{value, unit: $/h, source}`. Becomes the value. */
export function pricePerHour<S extends z.ZodType>(Value: S, meaning: string): z.ZodType<z.output<S>> {
	return coefficientOf(Value, Hourly, {unit: '$/h', meaning});
}

type Words = {readonly unit: string; readonly meaning: string};

function coefficientOf<S extends z.ZodType>(
	Value: S,
	Unit: z.ZodType<string>,
	{unit, meaning}: Words,
): z.ZodType<z.output<S>> {
	return entryOf(Value, Unit, {unit, meaning})
		.transform(entry => (entry as {readonly value: z.output<S>}).value)
		.describe(`${meaning} [${unit}]`);
}

function entryOf(Value: z.ZodType, Unit: z.ZodType<string>, {unit}: Words): z.ZodType<unknown> {
	return z.strictObject(
		{
			value: Value,
			unit: Unit,
			source: Text.describe('Publication, assumption or record that the value comes from'),
			low: z.number({error: 'a number'}).describe('Lower end of its 95 % interval').exactOptional(),
			high: z.number({error: 'a number'}).describe('Upper end of its 95 % interval').exactOptional(),
		},
		{error: mapRule(`a map such as {value: …, unit: ${unit}, source: …}`)},
	);
}

const dateRule = 'a date such as 2026-11-24, or a time in UTC such as 2026-11-24T10:15Z';

/** Schema of a day, or of a minute in UTC. */
export const IsoDate = z.string({error: dateRule}).regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\dZ)?$/, {error: dateRule});

/** Head of every model file. */
export function modelHead<const K extends string>(kind: K) {
	return {
		apiVersion: z.literal('replicast/v1', {error: 'replicast/v1'}).describe('Version of the form'),
		kind: z.literal(kind, {error: kind}).describe('What the file is'),
		name: Text.describe('Name that reports give'),
		date: IsoDate.describe('When the figures were collected or fitted'),
		notes: Text.describe('What was assumed').exactOptional(),
		records: z
			.array(Text, {error: 'a list of hashes'})
			.describe('Hashes of the records that it was fitted to')
			.exactOptional(),
	};
}

export const Status = z
	.enum(['uncalibrated', 'calibrated'], {error: 'one of uncalibrated, calibrated'})
	.describe('Whether the coefficients were fitted to records of a cluster');

/** Provenance of a model of an experiment, as its file gives it. */
export type ModelProvenance = {
	/** Such as `ServiceModel`. */
	readonly kind: string;
	readonly name: string;
	/** Whether its coefficients were fitted; null of a kind that is not. */
	readonly status: string | null;
	/** Day, or minute in UTC, at which its figures were collected or fitted; null where the file names none. */
	readonly date: string | null;
	/** Hashes of the records that it was fitted to. */
	readonly records: readonly string[];
};

import * as z from 'zod';
import {choice, mapRule, Name, Text} from '../experiment/leaves.ts';

const scalar = (rule: string) => z.union([z.number(), z.string()], {error: rule});

const RangeFile = z.strictObject({
	from: scalar('the least value').describe('Least value, in the setting’s unit'),
	to: scalar('the largest value').describe('Largest value'),
	step: scalar('the distance of two values')
		.describe('Distance of two values; 1 of the unit when left out')
		.exactOptional(),
});

const ChoicesFile = z.strictObject({
	choices: z
		.array(scalar('a number or a word'), {error: 'a list of values'})
		.min(1, {error: 'a list of at least one value'})
		.describe('The values that are tried'),
});

const settingRule = 'a map of from, to and step, or of choices';

/** Space of `replicast tune`. */
export const SpaceFile = z.strictObject({
	apiVersion: choice('replicast/v1').default('replicast/v1').describe('Version of the form'),
	kind: choice('TuningSpace').describe('Kind of the file'),
	name: Name.describe('Name of the space'),
	description: z.string({error: 'text'}).default('').describe('What it is for'),
	settings: z
		.record(Text, z.union([RangeFile, ChoicesFile], {error: settingRule}), {error: mapRule('a map of settings')})
		.describe('Values of each setting, by its name; a setting that is left out stays as it is'),
	conditions: z
		.array(Text, {error: 'a list of conditions'})
		.prefault([])
		.describe('Rules between settings, such as 2 * minReplicas <= maxReplicas'),
});

export type SpaceFile = z.output<typeof SpaceFile>;

import {join} from 'node:path';
import type {Argv} from 'yargs';
import {type PlaceOptions, placeOptions} from './place.ts';

/** Options of `replicast replay` as they reach its handler. */
export type ReplayCommandOptions = PlaceOptions & {
	readonly file: readonly string[];
	readonly profile?: string;
	readonly set: readonly string[];
	readonly arm: 'dynamic' | 'fixed' | 'both';
	readonly repeat: number;
	readonly keep: boolean;
	readonly out: string;
	readonly printManifests: boolean;
};

const text = {type: 'string', requiresArg: true} as const;

export const replayOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', array: true, default: [], describe: 'Experiment files'})
		.option('profile', {...text, describe: 'Profile of the experiments to apply, such as bench'})
		.option('set', {
			type: 'string',
			array: true,
			nargs: 1,
			default: [],
			describe: 'Change a value of the files: path=value, for example fixed.replicas=4',
		})
		.option('arm', {
			choices: ['dynamic', 'fixed', 'both'] as const,
			default: 'dynamic' as const,
			describe: 'With the autoscaler, with a fixed number of pods, or one after the other',
		})
		.option('repeat', {
			...text,
			default: '1',
			coerce: wholeNumber,
			describe: 'Records wanted of each arm; those that are there and valid are not measured again',
		})
		.options(placeOptions)
		.option('out', {...text, default: join('reports', 'measured'), describe: 'Folder for the records'})
		.option('print-manifests', {type: 'boolean', default: false, describe: 'Print what would be applied, and stop'})
		.example('$0 replay experiments/dynamic-scaling.yaml --profile bench --repeat 3', '')
		.example('$0 replay mine.yaml --arm both --keep', 'Both arms; the cluster stays');

function wholeNumber(given: unknown): number {
	const value = /^\d{1,3}$/.test(String(given)) ? Number(given) : Number.NaN;
	if (!(value >= 1)) {
		throw new RangeError(`Expected --repeat to be an integer from 1 to 999, got ${JSON.stringify(given)}`);
	}

	return value;
}

import {join} from 'node:path';
import type {Argv} from 'yargs';
import {changesOf, oneOf, oneText, wholeNumber} from './option-forms.ts';
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

export const replayOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', array: true, default: [], describe: 'Experiment files'})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiments to apply, such as bench'})
		.option('set', changesOf('files', 'fixed.replicas=4'))
		.option('arm', {
			...oneOf('arm', ['dynamic', 'fixed', 'both']),
			default: 'dynamic' as const,
			describe: 'With the autoscaler, with a fixed number of pods, or one after the other',
		})
		.option('repeat', {
			...wholeNumber('repeat', {min: 1, max: 999}),
			default: 1,
			describe: 'Records wanted of each arm; those that are there and valid are not measured again',
		})
		.options(placeOptions)
		.option('out', {...oneText('out'), default: join('reports', 'measured'), describe: 'Folder for the records'})
		.option('print-manifests', {type: 'boolean', default: false, describe: 'Print what would be applied, and stop'})
		.example('$0 replay experiments/dynamic-scaling.yaml --profile bench --repeat 3', '')
		.example('$0 replay mine.yaml --arm both --keep', 'Both arms; the cluster stays');

import type {Argv} from 'yargs';
import type {Phases} from '../comparison/compare.ts';
import {changesOf, oneOf, oneText, wholeNumber} from './option-forms.ts';

/** Options of `replicast compare` as they reach its handler. */
export type CompareOptions = {
	readonly path: readonly string[];
	readonly experiment?: string;
	readonly profile?: string;
	readonly set: readonly string[];
	readonly replications: number;
	readonly phases: Phases;
	readonly reports: string;
	readonly json: boolean;
};

/** Fewer do not tell how much runs vary. */
export const fewestReplications = 100;

export const compareOptions = (yargs: Argv) =>
	yargs
		.positional('path', {
			type: 'string',
			array: true,
			default: [],
			describe: 'An experiment file; or the folder of a simulated record and those of measured ones',
		})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiment to apply'})
		.option('set', changesOf('experiment', 'deployment.service=mine.yaml'))
		.option('experiment', {...oneText('experiment'), describe: 'With records: the experiment that they are of'})
		.option('replications', {
			...wholeNumber('replications', {min: fewestReplications, max: 1_000_000}),
			default: fewestReplications,
			describe: `Runs of the simulator, at least ${fewestReplications}`,
		})
		.option('phases', {
			...oneOf('phases', ['measured', 'random']),
			default: 'measured' as const,
			describe: 'Whether the clocks of scrapes and reconciles stand as in the records, or anyhow',
		})
		.option('reports', {
			...oneText('reports'),
			default: 'reports',
			describe: 'Folder in which measured records are looked for',
		})
		.option('json', {type: 'boolean', default: false, describe: 'Print one JSON object instead of tables'})
		.example('$0 compare experiments/dynamic-scaling.yaml --profile bench', '')
		.example('$0 compare reports/simulated/mine/dynamic reports/measured/mine/dynamic-0', 'Record against record');

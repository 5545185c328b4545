import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {Argv} from 'yargs';
import {assumedRelease, type Release, releases} from '../kubernetes/controller-flags.ts';
import {type Budget, parseBudget} from '../tune/budget.ts';
import {type Constraint, objectives, parseConstraint} from '../tune/goal.ts';
import {type HtmlOption, htmlOption} from './html-option.ts';
import {changesOf, oneOf, oneText, wholeNumber} from './option-forms.ts';
import {type PlaceOptions, placeOptions} from './place.ts';
import {type TuneClusterOptions, tuneClusterOptions} from './tune-cluster-options.ts';

/** Options of `replicast tune` as they reach its handler. */
export type TuneCommandOptions = PlaceOptions &
	TuneClusterOptions &
	HtmlOption & {
		readonly file: string;
		readonly profile?: string;
		readonly seed?: number;
		readonly replications?: number;
		readonly set: readonly string[];
		readonly minimize: keyof typeof objectives;
		readonly subjectTo?: readonly Constraint[];
		readonly space?: string;
		readonly kubernetes?: Release;
		readonly budget: Budget;
		readonly workers: number;
		readonly json: boolean;
		readonly out: string;
		readonly checkLive: boolean;
		readonly repeat: number;
	};

export const tuneOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', demandOption: true, describe: 'Experiment file'})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiment to apply'})
		.option('seed', {
			...wholeNumber('seed', {min: 0, max: Number.MAX_SAFE_INTEGER}),
			describe: 'Root of every random stream, an integer, instead of the file’s',
		})
		.option('replications', {
			...wholeNumber('replications', {min: 2, max: 1_000_000}),
			describe: 'Runs that the report is made of, instead of the file’s number; the search sees others',
		})
		.option('set', changesOf('file', 'autoscaler.maxReplicas=8'))
		.option('minimize', {
			...oneOf('minimize', Object.keys(objectives) as (keyof typeof objectives)[]),
			default: 'cost' as const,
			describe: 'What is to be small',
		})
		.option('subject-to', {
			type: 'string',
			array: true,
			coerce: (given?: readonly string[]) => given?.map(parseConstraint),
			defaultDescription: 'the experiment’s slo',
			describe: 'Bounds that come first, such as p95<10s availability>=0.99',
		})
		.option('space', {
			...oneText('space'),
			defaultDescription: 'targets, bounds, windows and policies',
			describe: 'File of what may be chosen',
		})
		.option('kubernetes', {
			...oneOf('kubernetes', releases),
			defaultDescription: `the experiment’s, or ${assumedRelease}`,
			describe: 'Release of the cluster; tolerance is obeyed from 1.35 on',
		})
		.option('budget', {
			...oneText('budget'),
			default: '5m',
			coerce: (given: unknown) => parseBudget(String(given)),
			describe: 'Time of the search, or a number of runs, with which the answer is the same everywhere',
		})
		.option('workers', {
			...wholeNumber('workers', {min: 1, max: 1024}),
			default: availableParallelism(),
			defaultDescription: 'one a core',
			describe: 'Threads that simulate',
		})
		.option('json', {type: 'boolean', default: false, describe: 'Print one JSON document instead of tables'})
		.option('out', {...oneText('out'), default: join('reports', 'tuned'), describe: 'Folder for the results'})
		.option('check-live', {
			type: 'boolean',
			default: false,
			describe:
				'Then replay what is recommended, what there is and one that was dropped on a cluster: does the ranking hold?',
		})
		.option('repeat', {
			...wholeNumber('repeat', {min: 1, max: 999}),
			default: 1,
			describe: 'With --check-live: records wanted of each of the three',
		})
		.options({...placeOptions, ...tuneClusterOptions})
		.option('html', htmlOption)
		.example("$0 tune mine.yaml --subject-to 'p95<10s' 'availability>=0.99'", 'Cheapest that keeps both')
		.example("$0 tune mine.yaml --minimize latency --subject-to 'cost<0.12' --budget 2000", 'In 2,000 runs')
		.example('$0 tune mine.yaml --on kubernetes --context lab --image lab.example.com/replicast:1', 'In Jobs');

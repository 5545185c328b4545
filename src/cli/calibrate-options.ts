import {join} from 'node:path';
import type {Argv} from 'yargs';
import {oneText} from './option-forms.ts';
import {type PlaceOptions, placeOptions} from './place.ts';

/** Options of `replicast calibrate` as they reach its handler. */
export type CalibrateOptions = PlaceOptions & {
	readonly from?: readonly string[];
	readonly profile?: string;
	readonly short: boolean;
	readonly printPlan: boolean;
	readonly keep: boolean;
	readonly records: string;
	readonly out: string;
	readonly force: boolean;
};

const flag = {type: 'boolean', default: false} as const;

export const calibrateOptions = (yargs: Argv) =>
	yargs
		.option('profile', {
			...oneText('profile'),
			describe: 'Profile of the calibration’s experiments to apply, such as bench',
		})
		.option('short', {...flag, describe: 'Try it out: fewer and shorter runs, and models that stay uncalibrated'})
		.option('print-plan', {...flag, describe: 'Print the runs and how long they take, and stop'})
		.options(placeOptions)
		.option('records', {
			...oneText('records'),
			default: join('reports', 'calibration'),
			describe: 'Folder for the measured records',
		})
		.option('from', {
			type: 'string',
			array: true,
			requiresArg: true,
			describe: 'Measure nothing: fit to the records in these folders',
		})
		.conflicts('from', ['profile', 'context'])
		.option('out', {...oneText('out'), default: 'models', describe: 'Folder of the model files'})
		.option('force', {...flag, describe: 'Replace model files that a person wrote or changed'})
		.example('$0 calibrate --profile bench --out my-models', 'About half an hour on a kind cluster')
		.example('$0 calibrate --from reports/calibration/replicast-bench/*/*', 'Fits again, measures nothing');

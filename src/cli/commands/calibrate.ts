import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {type Calibration, calibrate, fewest} from '../../calibration/calibrate.ts';
import {UserError} from '../../errors.ts';
import {
	calibrationRecords,
	fittedModels,
	measureRuns,
	modelPaths,
	type ReadCalibrationRecord,
} from '../../library/calibrate.ts';
import {plannedRuns, planText} from '../../library/calibration-plan.ts';
import {calibrationReport} from '../../report/calibration-report.ts';
import {refuseHandWritten, writeModel} from '../../store/experiments/write-model.ts';
import {oneText} from '../terminal/option-forms.ts';
import {type PlaceOptions, placeOptions} from '../terminal/place.ts';

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

export const command = 'calibrate';
export const describe = 'Measure service, start-up and metrics on a cluster, or take records, and fit the models';

export const builder = (yargs: Argv) => calibrateOptions(yargs);

export async function handler(options: CalibrateOptions): Promise<void> {
	if (options.from !== undefined) {
		await fitAndWrite(options.from, options);
		return;
	}

	const {profile, short: isShort, out, force} = options;
	const runs = await plannedRuns({isShort, ...(profile !== undefined && {profile})});
	if (options.printPlan) {
		process.stdout.write(planText(runs));
		return;
	}

	if (!force) {
		for (const path of await modelPaths(runs[0]!.experiment, out)) {
			refuseHandWritten(path); // before half an hour of measuring
		}
	}

	process.stdout.write(planText(runs));
	const folders = await measureRuns(runs, options);
	if (folders !== undefined) {
		await fitAndWrite(folders, options);
	}
}

async function fitAndWrite(
	folders: readonly string[],
	{out, force}: Pick<CalibrateOptions, 'out' | 'force'>,
): Promise<void> {
	const records = await calibrationRecords(folders);
	const calibration = fitted(records);
	const documents = await fittedModels(records, calibration, out);
	if (!force) {
		for (const {path} of documents) {
			refuseHandWritten(path);
		}
	}

	for (const {path, document} of documents) {
		writeModel(path, document, {force});
	}

	for (const warning of warnings(calibration)) {
		process.stderr.write(`${warning}\n`);
	}

	const written = documents.map(({path}) => `Written to ${path}\n`).join('');
	process.stdout.write(`${calibrationReport(calibration)}${written}`);
}

function fitted(records: readonly ReadCalibrationRecord[]): Calibration {
	try {
		return calibrate(records);
	} catch (error) {
		if (error instanceof RangeError) {
			throw new UserError('E_FILE', error.message, {cause: error});
		}

		throw error;
	}
}

function warnings({startup, metrics}: Calibration): string[] {
	const minutes = fewest.metricsSeconds / 60;
	return [
		...(startup.pods < fewest.pods
			? [`Start-up was seen of ${startup.pods} pods only; at least ${fewest.pods} tell how it is distributed`]
			: []),
		...(metrics.duration < fewest.metricsSeconds
			? [
					`Metrics were watched for ${Math.round(metrics.duration / 60)} min only; at least ${minutes} tell their delays`,
				]
			: []),
	];
}

import process from 'node:process';
import type {Argv} from 'yargs';
import {type Calibration, calibrate} from '../calibration/calibrate.ts';
import {fewest} from '../calibration/fewest.ts';
import {UserError} from '../errors.ts';
import {refuseHandWritten, writeModel} from '../files/write-model.ts';
import {type CalibrateOptions, calibrateOptions} from './calibrate-options.ts';
import {fittedModels, modelPaths} from './calibration-models.ts';
import {plannedRuns, planText} from './calibration-plan.ts';
import {calibrationRecords, type ReadCalibrationRecord} from './calibration-records.ts';
import {calibrationReport} from './calibration-report.ts';
import {measureRuns} from './measure-runs.ts';

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

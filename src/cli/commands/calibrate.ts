import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {type CalibrationResult, calibrate, planCalibration} from '../../library/calibrate.ts';
import {calibrationPlanText, calibrationReport} from '../../report/calibration-report.ts';
import {untilInterrupted} from '../terminal/interruption.ts';
import {oneText} from '../terminal/option-forms.ts';
import {placeOf, placeOptions} from '../terminal/place.ts';
import {print, printError, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const flag = {type: 'boolean', default: false} as const;

const options = {
	profile: {...oneText('profile'), describe: 'Profile of the calibration’s experiments to apply, such as bench'},
	short: {...flag, describe: 'Try it out: fewer and shorter runs, and models that stay uncalibrated'},
	'print-plan': {...flag, describe: 'Print the runs and how long they take, and stop'},
	...placeOptions,
	records: {
		...oneText('records'),
		default: join('reports', 'calibration'),
		describe: 'Folder for the measured records',
	},
	from: {
		type: 'string',
		array: true,
		requiresArg: true,
		describe: 'Measure nothing: fit to the records in these folders',
	},
	out: {...oneText('out'), default: 'models', describe: 'Folder of the model files'},
	force: {...flag, describe: 'Replace model files that a person wrote or changed'},
} as const;

export const calibrateOptions = (yargs: Argv) =>
	yargs
		.options(options)
		.conflicts('from', ['profile', 'context'])
		.example('$0 calibrate --profile bench --out my-models', 'About half an hour on a kind cluster')
		.example('$0 calibrate --from reports/calibration/replicast-bench/*/*', 'Fits again, measures nothing');

export const command = 'calibrate';
export const describe = 'Measure service, start-up and metrics on a cluster, or take records, and fit the models';

export const builder = (yargs: Argv) => calibrateOptions(yargs);

export async function handler(given: InferredOptionTypes<typeof options>): Promise<void> {
	const {from, profile, short: isShort, keep: keeps, records, out, force} = given;
	const subject = {isShort, ...(profile !== undefined && {profile})};
	if (from === undefined && given['print-plan']) {
		print(calibrationPlanText(await planCalibration(subject)));
		return;
	}

	if (from !== undefined) {
		printResult(await calibrate({from, out, force}));
		return;
	}

	const {onProgress, stop} = showProgress(process.stdout);
	const onPlan = (runs: Parameters<typeof calibrationPlanText>[0]) => print(calibrationPlanText(runs));
	const measuring = {...subject, place: placeOf(given), keeps, records, out, force, onProgress, onPlan};
	const calibrated = await untilInterrupted(
		async signal => calibrate({...measuring, signal}),
		'Interrupted: the runs that are done are kept, and the same command goes on from there',
	).finally(stop);
	if (calibrated !== undefined) {
		printResult(calibrated);
	}
}

function printResult(result: CalibrationResult): void {
	printError(result.warnings.map(warning => `${warning}\n`).join(''));
	printReport(calibrationReport(result), result.written.map(path => `Written to ${path}\n`).join(''));
}

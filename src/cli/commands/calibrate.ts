import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import {type CalibrationResult, calibrate, planCalibration} from '../../library/calibrate.ts';
import {mostSlots} from '../../library/calibration-plan.ts';
import {calibrateRecordings} from '../../library/recordings/calibrate-recordings.ts';
import {isRecording} from '../../library/recordings/fit-subjects.ts';
import {calibrationPlan, calibrationReport} from '../../report/calibration-report.ts';
import {fitReport} from '../../report/recordings/fit-report.ts';
import {untilInterrupted} from '../terminal/interruption.ts';
import {examplesOf, oneText, wholeNumber, wholeNumbers} from '../terminal/option-forms.ts';
import {placeOf, placeOptions} from '../terminal/place.ts';
import {printError, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';
import {areEngineRuns, engineFitOptions, fitToEngineRuns} from './calibrate-engine.ts';

const flag = {type: 'boolean', default: false} as const;

const options = {
	profile: {...oneText('profile'), describe: 'Profile of the calibration’s experiments to apply, such as bench'},
	short: {...flag, describe: 'Try it out: fewer and shorter runs, and models that stay uncalibrated'},
	slots: {
		...wholeNumbers('slots', {min: 1, max: mostSlots}),
		describe: 'Also measure a pod with so many parallel slots (OLLAMA_NUM_PARALLEL), such as 1,2,4: what they gain',
	},
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
		describe:
			'Measure nothing: fit to the records in these folders; of recordings of an autoscaler (DIR, DIR/SET, DIR/SET/RUN) or records of replicas alone, find the settings; of runs of an LLM engine (files of load generators, vLLM’s metrics, folders), fit its step time',
	},
	settings: {
		...oneText('settings'),
		describe: 'With recordings: settings that the fit begins with; by default those of the set’s name that are shipped',
	},
	experiment: {
		...oneText('experiment'),
		describe: 'With records of replicas alone: the experiment that the fit begins with',
	},
	replications: {
		...wholeNumber('replications', {min: 2, max: 1000}),
		defaultDescription: '6',
		describe: 'With recordings: simulated runs of each recording at each step of the search',
	},
	workers: {
		...wholeNumber('workers', {min: 1, max: 1024}),
		defaultDescription: 'one a core',
		describe: 'With recordings: threads that simulate; the result does not depend on it',
	},
	...engineFitOptions,
	out: {
		...oneText('out'),
		defaultDescription: 'models, of recordings and engines NAME-fitted.yaml',
		describe: 'Folder of the model files; with recordings or runs of an engine, the file that is written',
	},
	force: {...flag, describe: 'Replace model files that a person wrote or changed'},
} as const;

export const calibrateOptions = (yargs: Argv) =>
	yargs
		.options(options)
		.conflicts('from', ['profile', 'slots', 'context'])
		.example(
			examplesOf({
				'$0 calibrate --profile bench --out my-models': 'Measure and fit on a kind cluster, in about half an hour',
				'$0 calibrate --from reports/calibration/replicast-bench/*/*':
					'Fit again to records that are there; nothing is measured',
				'$0 calibrate --from recordings/mine/monday --settings mine.yaml': 'Find the settings of a recorded HPA',
				'$0 calibrate --from bench.json --engine-model mine.yaml':
					'Fit the step time of an engine to the output of vllm bench serve',
			}),
		);

export const command = 'calibrate';
export const describe = 'Fit the models to your cluster: measure service, start-up and metrics, or take records';

export const builder = (yargs: Argv) => calibrateOptions(yargs);

type Given = InferredOptionTypes<typeof options>;

export async function handler(given: Given): Promise<void> {
	const {from, profile, slots, short: isShort, keep: keeps, records, force} = given;
	const {out = 'models'} = given;
	const subject = {isShort, ...(profile !== undefined && {profile}), ...(slots !== undefined && {slots})};
	if (from === undefined && given['print-plan']) {
		printReport(calibrationPlan(await planCalibration(subject)));
		return;
	}

	if (areEngineRuns(given)) {
		await fitToEngineRuns(given);
		return;
	}

	if (await areRecordings(given)) {
		await fitToRecordings(given);
		return;
	}

	if (from !== undefined) {
		printResult(await calibrate({from, out, force}));
		return;
	}

	const {onProgress, stop} = showProgress(process.stdout);
	const onPlan = (runs: Parameters<typeof calibrationPlan>[0]) => printReport(calibrationPlan(runs));
	const measuring = {...subject, place: placeOf(given), keeps, records, out, force, onProgress, onPlan};
	const calibrated = await untilInterrupted(
		async signal => calibrate({...measuring, signal}),
		'Interrupted: the runs that are done are kept, and the same command goes on from there',
	).finally(stop);
	if (calibrated !== undefined) {
		printResult(calibrated);
	}
}

/** Whether a fit of settings is asked for; its options need recordings. */
async function areRecordings({from = [], ...given}: Given): Promise<boolean> {
	const kinds = await Promise.all(from.map(isRecording));
	const {settings, experiment, replications, workers} = given;
	const alone = Object.entries({settings, experiment, replications, workers}).find(([, value]) => value !== undefined);
	if (alone !== undefined && !kinds.some(Boolean)) {
		throw new UserError('E_USAGE', `Expected --from with recordings beside --${alone[0]}, got none`);
	}

	const other = kinds.indexOf(false);
	if (kinds.includes(true) && other !== -1) {
		throw new UserError(
			'E_USAGE',
			`Expected --from to name either recordings or records, got both: ${from[other]} is no recording`,
		);
	}

	return kinds.includes(true);
}

async function fitToRecordings({
	from = [],
	settings,
	experiment,
	replications,
	workers,
	out,
	force,
}: Given): Promise<void> {
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted: nothing was written'});
	const result = await calibrateRecordings(from, {
		...{force, onProgress},
		...(settings !== undefined && {settings}),
		...(experiment !== undefined && {experiment}),
		...(replications !== undefined && {replications}),
		...(workers !== undefined && {workers}),
		...(out !== undefined && {out}),
	}).finally(stop);
	printReport(fitReport(result), '');
}

function printResult(result: CalibrationResult): void {
	printError(result.warnings.map(warning => `${warning}\n`).join(''));
	printReport(calibrationReport(result), result.written.map(path => `Written to ${path}\n`).join(''));
}

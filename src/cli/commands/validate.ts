import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import {usualReplications} from '../../library/recordings/validate-recordings.ts';
import {validate} from '../../library/validate.ts';
import {validationReport} from '../../report/validation/data.ts';
import {verdictStatus} from '../terminal/interruption.ts';
import {examplesOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {print, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';
import {fewestReplications} from './compare.ts';
import {campaignOptions, printCampaign, strayCampaignOption} from './validate-campaign.ts';
import {engineOptions, printEngineRuns} from './validate-engine.ts';
import {printRecordings, recordingsOptions} from './validate-recordings.ts';

const options = {
	records: {
		...oneText('records'),
		default: 'reports',
		describe: 'Folder in which measured records are looked for',
	},
	out: {
		...oneText('out'),
		defaultDescription: join('reports', 'validation'),
		describe: 'Folder of README.md, validation.json and validation.csv',
	},
	replications: {
		...wholeNumber('replications', {min: 2, max: 1_000_000}),
		defaultDescription: `${fewestReplications}, of recordings ${usualReplications}`,
		describe: `Runs of the simulator for each experiment, at least ${fewestReplications}; for each recording, at least 2`,
	},
	workers: {
		...wholeNumber('workers', {min: 1, max: 1024}),
		default: availableParallelism(),
		defaultDescription: 'one a core',
		describe: 'Threads that simulate; the results do not depend on it',
	},
	...recordingsOptions,
	...campaignOptions,
	...engineOptions,
	check: {
		type: 'boolean',
		default: false,
		describe: 'Write nothing, and fail when the files that are there are not what would be written',
	},
} as const;

export const command = 'validate';
export const describe = 'Compare the simulator with every measured record, and report how far it is off';
export const builder = (yargs: Argv) =>
	yargs.options(options).example(
		examplesOf({
			'$0 validate': 'All records below reports; writes reports/validation again',
			'$0 validate --measure --budget 2h': 'Calibrate, then measure until every experiment has a verdict',
		}),
	);

export async function handler(given: InferredOptionTypes<typeof options>): Promise<void> {
	if (given.measure) {
		await printCampaign(given);
		return;
	}

	const stray = strayCampaignOption(given);
	if (stray !== undefined) {
		throw new UserError('E_USAGE', `Expected --measure beside --${stray}, got --${stray} alone`);
	}

	await validateMeasured(given);
}

async function validateMeasured({
	recordings,
	settings,
	set,
	ladder,
	json,
	engine,
	'engine-model': engineModel,
	...validating
}: InferredOptionTypes<typeof options>): Promise<void> {
	const {replications, workers, out} = validating;
	if (engine !== undefined) {
		await printEngineRuns(engine, engineModel);
		return;
	}

	if (recordings !== undefined) {
		await printRecordings({recordings, settings, set, ladder, json, replications, workers, out});
		return;
	}

	const needing = Object.entries({settings, set: set[0], ladder: ladder || undefined, json: json || undefined});
	const alone = needing.find(([, value]) => value !== undefined);
	if (alone !== undefined) {
		throw new UserError('E_USAGE', `Expected --recordings beside --${alone[0]}, got --${alone[0]} alone`);
	}

	await validateRecords(validating);
}

type RecordsArguments = Pick<
	InferredOptionTypes<typeof options>,
	'records' | 'out' | 'replications' | 'workers' | 'check'
>;

async function validateRecords({
	records,
	out = join('reports', 'validation'),
	replications = fewestReplications,
	workers,
	check: isCheck,
}: RecordsArguments): Promise<void> {
	if (replications < fewestReplications) {
		const rule = `an integer from ${fewestReplications} to 1000000`;
		throw new UserError('E_USAGE', `Expected --replications to be ${rule}, got ${replications}`);
	}

	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted: nothing was written'});
	const validation = await validate({records, out, replications, workers, isCheck, onProgress}).finally(stop);
	if (isCheck) {
		print(`${out} is what replicast validate writes\n`);
		return;
	}

	printReport(validationReport(validation), `Written to ${out}\n`);
	process.exitCode = verdictStatus[validation.verdict];
}

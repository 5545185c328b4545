import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {validate} from '../../library/validate.ts';
import {validationSummary} from '../../report/validation/data.ts';
import {verdictStatus} from '../terminal/interruption.ts';
import {oneText, wholeNumber} from '../terminal/option-forms.ts';
import {print} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';
import {fewestReplications} from './compare.ts';

const options = {
	records: {
		...oneText('records'),
		default: 'reports',
		describe: 'Folder in which measured records are looked for',
	},
	out: {
		...oneText('out'),
		default: join('reports', 'validation'),
		describe: 'Folder of README.md, validation.json and validation.csv',
	},
	replications: {
		...wholeNumber('replications', {min: fewestReplications, max: 1_000_000}),
		default: fewestReplications,
		describe: `Runs of the simulator for each experiment, at least ${fewestReplications}`,
	},
	workers: {
		...wholeNumber('workers', {min: 1, max: 1024}),
		default: availableParallelism(),
		defaultDescription: 'one a core',
		describe: 'Threads that simulate; the results do not depend on it',
	},
	check: {
		type: 'boolean',
		default: false,
		describe: 'Write nothing, and fail when the files that are there are not what would be written',
	},
} as const;

export const command = 'validate';
export const describe = 'Compare every measured record with the simulator, and write what it is good for';
export const builder = (yargs: Argv) =>
	yargs.options(options).example('$0 validate', 'The records under reports; writes reports/validation again');

export async function handler({
	records,
	out,
	replications,
	workers,
	check: isCheck,
}: InferredOptionTypes<typeof options>): Promise<void> {
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted: nothing was written'});
	const validation = await validate({records, out, replications, workers, isCheck, onProgress}).finally(stop);
	if (isCheck) {
		print(`${out} is what replicast validate writes\n`);
		return;
	}

	print(`${validationSummary(validation)}Written to ${out}\n`);
	process.exitCode = verdictStatus[validation.verdict];
}

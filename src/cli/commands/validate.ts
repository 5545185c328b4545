import {existsSync, readFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {type Comparison, type ComparisonInput, runCount} from '../../comparison/compare.ts';
import {validate} from '../../comparison/validation/validation.ts';
import {UserError} from '../../errors.ts';
import {compareAll} from '../../library/pool/compare-all.ts';
import {evidenceOf, planValidation, type ValidationPlan} from '../../library/validate.ts';
import {validationFiles, validationSummary} from '../../report/validation/data.ts';
import {refuseUnwritable} from '../../store/disk/refuse-unwritable.ts';
import {writeFileAtomically} from '../../store/disk/write-atomically.ts';
import {sayWhenInterrupted, verdictStatus} from '../terminal/interruption.ts';
import {oneText, wholeNumber} from '../terminal/option-forms.ts';
import {showProgress} from '../terminal/progress.ts';
import {fewestReplications} from './compare.ts';

export const command = 'validate';
export const describe = 'Compare every measured record with the simulator, and write what it is good for';

export const builder = (yargs: Argv) =>
	yargs
		.option('records', {
			...oneText('records'),
			default: 'reports',
			describe: 'Folder in which measured records are looked for',
		})
		.option('out', {
			...oneText('out'),
			default: join('reports', 'validation'),
			describe: 'Folder of README.md, validation.json and validation.csv',
		})
		.option('replications', {
			...wholeNumber('replications', {min: fewestReplications, max: 1_000_000}),
			default: fewestReplications,
			describe: `Runs of the simulator for each experiment, at least ${fewestReplications}`,
		})
		.option('workers', {
			...wholeNumber('workers', {min: 1, max: 1024}),
			default: availableParallelism(),
			defaultDescription: 'one a core',
			describe: 'Threads that simulate; the results do not depend on it',
		})
		.option('check', {
			type: 'boolean',
			default: false,
			describe: 'Write nothing, and fail when the files that are there are not what would be written',
		})
		.example('$0 validate', 'The records under reports; reports/validation is written anew');

type Options = {
	readonly records: string;
	readonly out: string;
	readonly replications: number;
	readonly workers: number;
	readonly check: boolean;
};

export async function handler({records, out, replications, workers, check}: Options): Promise<void> {
	const plan = await planValidation(records, replications);
	if (!plan.experiments.some(({judging}) => judging !== undefined)) {
		const count = plan.experiments.reduce((sum, experiment) => sum + experiment.records.length, 0);
		throw new UserError('E_FILE', `Expected measured records under ${records} that can judge, got none of ${count}`);
	}

	if (!check) {
		refuseUnwritable(out, []); // before minutes of simulating
	}

	const validation = validate(evidenceOf(plan, replications, await compared(plan, workers)));
	const files = validationFiles(validation, out);
	if (check) {
		refuseStale(out, files, 'replicast validate');
		process.stdout.write(`${out} is what replicast validate writes\n`);
		return;
	}

	for (const [name, content] of Object.entries(files)) {
		writeFileAtomically(join(out, name), content);
	}

	process.stdout.write(`${validationSummary(validation)}Written to ${out}\n`);
	process.exitCode = verdictStatus[validation.verdict];
}

/** Makes all comparisons of a plan. */
async function compared(
	{experiments}: ValidationPlan,
	workers: number,
): Promise<(input: ComparisonInput) => Comparison> {
	const inputs = experiments.flatMap(({judging, calibrating}) =>
		judging === undefined ? calibrating : [judging, ...calibrating],
	);
	const progress = await showProgress(process.stderr, {
		replications: inputs.reduce((sum, input) => sum + runCount(input), 0),
	});
	sayWhenInterrupted(() => {
		progress.stop();
		return 'Interrupted: nothing was written';
	});
	try {
		const comparisons = await compareAll(inputs, {
			workers,
			onRun: () => progress.advance(),
			onComparison: index => progress.finish(inputs[index]!.experiment.name, () => {}),
		});
		return input => comparisons[inputs.indexOf(input)]!;
	} finally {
		progress.stop();
	}
}

/**
 * Holds files of a folder against what a command would write there.
 *
 * @throws {UserError} E_FILE, a line each, when one is missing or is another one
 */
export function refuseStale(folder: string, files: Readonly<Record<string, string>>, command: string): void {
	const faults = Object.entries(files).flatMap(([name, content]) => {
		const path = join(folder, name);
		const there = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
		return there === content ? [] : [`Expected ${path} to be what ${command} writes, got ${unlike(there, content)}`];
	});
	if (faults.length > 0) {
		throw new UserError('E_FILE', faults.join('\n'));
	}
}

function unlike(there: string | undefined, content: string): string {
	if (there === undefined) {
		return 'no file';
	}

	const [lines, wanted] = [there.split('\n'), content.split('\n')];
	const index = wanted.findIndex((line, number) => line !== lines[number]);
	return `another line ${(index === -1 ? wanted.length : index) + 1}`;
}

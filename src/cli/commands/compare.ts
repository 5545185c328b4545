import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {comparePaths} from '../../library/compare.ts';
import {comparisonJson, comparisonReport} from '../../report/comparison-report.ts';
import {chartOptions, wantedCharts} from '../terminal/chart-options.ts';
import {verdictStatus} from '../terminal/interruption.ts';
import {changesOf, examplesOf, htmlOption, oneOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {print, printError, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

/** Fewest replications that show how much runs vary. */
export const fewestReplications = 100;

const paths = {
	type: 'string',
	array: true,
	default: [] as readonly string[],
	describe: 'An experiment file; or the folder of a simulated record and those of measured ones',
} as const;

const options = {
	profile: {...oneText('profile'), describe: 'Profile of the experiment to apply'},
	set: changesOf('experiment', 'deployment.service=mine.yaml'),
	experiment: {...oneText('experiment'), describe: 'With records: the experiment that they are of'},
	replications: {
		...wholeNumber('replications', {min: fewestReplications, max: 1_000_000}),
		defaultDescription: `${fewestReplications}, fewer where long replicas alone were recorded`,
		describe: `Runs of the simulator, at least ${fewestReplications}`,
	},
	phases: {
		...oneOf('phases', ['measured', 'random']),
		default: 'measured' as const,
		describe: 'Whether the clocks of scrapes and reconciles stand as in the records, or anyhow',
	},
	reports: {
		...oneText('reports'),
		default: 'reports',
		describe: 'Folder in which measured records are looked for',
	},
	full: {type: 'boolean', default: false, describe: 'Print all figures, and where the error of each comes from'},
	json: {type: 'boolean', default: false, describe: 'Print one JSON object instead of tables'},
	html: htmlOption,
	out: {
		...oneText('out'),
		default: join('reports', 'compared'),
		describe: 'Folder for the page',
	},
	...chartOptions,
} as const;

type CompareArguments = InferredOptionTypes<typeof options> & {readonly path: readonly string[]};

export const command = 'compare [path..]';
export const describe = 'Compare the simulator with measured records: figures, where errors come from, a verdict';
export const builder = (yargs: Argv) =>
	yargs
		.positional('path', paths)
		.options(options)
		.example(
			examplesOf({
				'$0 compare experiments/dynamic-scaling.yaml --profile bench':
					'An experiment with all measured records of it below reports',
				'$0 compare simulated/mine/dynamic measured/mine/dynamic-0': 'A simulated record with a measured one',
			}),
		);

export async function handler({path, full, json, html, out, reports, ...others}: CompareArguments): Promise<void> {
	const charts = wantedCharts(others);
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted'});
	const {profile, set, experiment, replications, phases} = others;
	const compared = await comparePaths(path, {
		...{profile, set, experiment, replications, phases},
		records: reports,
		pageFolder: html ? out : undefined,
		charts,
		onRefused: ({folder, reason}) => printError(`${folder} is left out: it ${reason}\n`),
		onProgress,
	}).finally(stop);
	if (json) {
		print(`${JSON.stringify({...comparisonJson(compared), provenance: compared.provenance}, null, '\t')}\n`);
	} else {
		printReport(comparisonReport(compared), full ? '' : 'All figures: --full, or --html\n', {isFull: full});
	}

	for (const written of [compared.page, compared.chartFolder]) {
		printError(written === undefined ? '' : `Written to ${written}\n`);
	}

	process.exitCode = verdictStatus[compared.comparison.verdict];
}

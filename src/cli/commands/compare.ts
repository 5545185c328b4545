import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import type {Phases} from '../../comparison/compare.ts';
import {comparisonSides} from '../../library/compare.ts';
import {compareApart} from '../../library/compare-apart.ts';
import {outputFolders} from '../../library/read-experiments.ts';
import {type ComparisonTold, comparisonJson, comparisonReport} from '../../report/comparison-report.ts';
import {writeFileAtomically} from '../../store/disk/write-atomically.ts';
import {verdictStatus} from '../terminal/interruption.ts';
import {changesOf, type HtmlOption, htmlOption, oneOf, oneText, wholeNumber} from '../terminal/option-forms.ts';

/** Options of `replicast compare` as they reach its handler. */
export type CompareArguments = {
	readonly path: readonly string[];
	readonly experiment?: string;
	readonly profile?: string;
	readonly set: readonly string[];
	readonly replications: number;
	readonly phases: Phases;
	readonly reports: string;
	readonly json: boolean;
};

/** Fewer do not tell how much runs vary. */
export const fewestReplications = 100;

export const compareOptions = (yargs: Argv) =>
	yargs
		.positional('path', {
			type: 'string',
			array: true,
			default: [],
			describe: 'An experiment file; or the folder of a simulated record and those of measured ones',
		})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiment to apply'})
		.option('set', changesOf('experiment', 'deployment.service=mine.yaml'))
		.option('experiment', {...oneText('experiment'), describe: 'With records: the experiment that they are of'})
		.option('replications', {
			...wholeNumber('replications', {min: fewestReplications, max: 1_000_000}),
			default: fewestReplications,
			describe: `Runs of the simulator, at least ${fewestReplications}`,
		})
		.option('phases', {
			...oneOf('phases', ['measured', 'random']),
			default: 'measured' as const,
			describe: 'Whether the clocks of scrapes and reconciles stand as in the records, or anyhow',
		})
		.option('reports', {
			...oneText('reports'),
			default: 'reports',
			describe: 'Folder in which measured records are looked for',
		})
		.option('json', {type: 'boolean', default: false, describe: 'Print one JSON object instead of tables'})
		.example('$0 compare experiments/dynamic-scaling.yaml --profile bench', '')
		.example('$0 compare reports/simulated/mine/dynamic reports/measured/mine/dynamic-0', 'Record against record');

export const command = 'compare [path..]';
export const describe = 'Compare the simulator with measured records: figures, where errors come from, a verdict';
export const builder = (yargs: Argv) =>
	compareOptions(yargs)
		.option('html', htmlOption)
		.option('out', {
			...oneText('out'),
			default: join('reports', 'compared'),
			describe: 'Folder for the page',
		});

type Options = CompareArguments & HtmlOption & {readonly out: string};

export async function handler(options: Options): Promise<void> {
	const sides = await comparisonSides(options);
	for (const {folder, reason} of sides.refused) {
		process.stderr.write(`${folder} is left out: it ${reason}\n`);
	}

	const input = {...sides, replications: options.replications, phases: options.phases};
	const comparison = await compareApart(input);
	const told = {comparison, sides, replications: options.replications};
	process.stdout.write(options.json ? `${JSON.stringify(comparisonJson(told), null, '\t')}\n` : comparisonReport(told));
	if (options.html) {
		process.stderr.write(`Written to ${await writePage(told, options.out)}\n`);
	}

	process.exitCode = verdictStatus[comparison.verdict];
}

async function writePage(told: ComparisonTold, out: string): Promise<string> {
	const {comparisonPage} = await import('../../report/comparison-report.ts');
	const [folder = ''] = outputFolders([told.sides.experiment]);
	const path = join(out, `${folder}.html`);
	writeFileAtomically(path, await comparisonPage(told));
	return path;
}

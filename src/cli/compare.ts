import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {writeFileAtomically} from '../files/write-atomically.ts';
import {compareApart} from './compare-apart.ts';
import {type CompareOptions, compareOptions} from './compare-options.ts';
import {comparisonJson, type Told} from './comparison-json.ts';
import {comparisonReport} from './comparison-report.ts';
import {comparisonSides} from './comparison-sides.ts';
import {type HtmlOption, htmlOption} from './html-option.ts';
import {oneText} from './option-forms.ts';
import {outputFolders} from './read-experiments.ts';
import {verdictStatus} from './verdict-status.ts';

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

type Options = CompareOptions & HtmlOption & {readonly out: string};

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

async function writePage(told: Told, out: string): Promise<string> {
	const {comparisonPage} = await import('./comparison-page.ts');
	const [folder = ''] = outputFolders([told.sides.experiment]);
	const path = join(out, `${folder}.html`);
	writeFileAtomically(path, await comparisonPage(told));
	return path;
}

import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {type ArgumentsOf, examplesOf, oneText} from '../terminal/option-forms.ts';
import {printLines} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

export const command = 'poster [file..]';
export const describe = 'Make the poster: charts, key figures and the audit, as pages, pictures and data';
export const builder = (yargs: Argv) =>
	yargs
		.positional('file', {
			type: 'string',
			array: true,
			default: [],
			defaultDescription: 'the questions of the published poster',
			describe: 'Experiment files that the poster is of',
		})
		.option('title', {...oneText('title'), describe: 'Title of the poster'})
		.option('authors', {...oneText('authors'), describe: 'Line of authors below the title'})
		.option('records', {...oneText('records'), default: 'reports', describe: 'Folder in which records are looked for'})
		.option('out', {...oneText('out'), default: join('reports', 'poster'), describe: 'Folder for the poster'})
		.option('claims', {
			...oneText('claims'),
			defaultDescription: 'those of the poster',
			describe: 'Claims file that is audited',
		})
		.option('profile', {
			...oneText('profile'),
			defaultDescription: 'the one that was measured',
			describe: 'Profile of the experiments to apply; none for none',
		})
		.example(
			examplesOf({
				'$0 poster': 'From what is below reports; what is missing is simulated',
				"$0 poster mine.yaml --title 'Autoscaling our chat' --authors 'A. One'": 'Of your own experiments',
			}),
		);

export async function handler(given: ArgumentsOf<typeof builder>): Promise<void> {
	const {file, title, authors, records, out, claims, profile} = given;
	const {poster} = await import('../../library/poster/poster.ts');
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted: nothing was written'});
	const options = {experiments: file, title, authors, records, out, claims, profile, onProgress};
	const {path, charts, pdfs, answers, trust} = await poster(options).finally(stop);
	for (const {name, text} of answers) {
		printLines(`${name}: ${text}`);
	}

	trust.forEach(printLines);
	printLines(`Written to ${path}: ${charts} charts, each as JSON, SVG, PNG and data`);
	printLines(
		pdfs === undefined
			? 'No PDF: no Chromium was found; install one, or name it in CHROME_PATH'
			: `Printed ${pdfs.join(' and ')}`,
	);
}

import type {Argv} from 'yargs';
import {counted} from '../../report/text/format.ts';
import {examplesOf} from '../terminal/option-forms.ts';
import {printLines} from '../terminal/print.ts';

export const command = 'index [folder]';
export const describe = 'Write a page that leads to every page and picture of a folder of reports';
export const builder = (yargs: Argv) =>
	yargs
		.positional('folder', {type: 'string', default: 'reports', describe: 'Folder of reports'})
		.example(examplesOf({'$0 index': 'After commands that wrote pages or pictures below reports'}));

export async function handler({folder}: {readonly folder: string}): Promise<void> {
	const {indexReports} = await import('../../library/index-reports.ts');
	const {path, pages, pictures} = await indexReports(folder);
	printLines(`Written to ${path}: leads to ${counted(pages, 'page')} and ${counted(pictures, 'picture')}`);
}

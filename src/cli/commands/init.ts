import type {Argv} from 'yargs';
import {init} from '../../library/init.ts';
import {initReport} from '../../report/init-report.ts';
import type {ArgumentsOf} from '../terminal/option-forms.ts';
import {printLines} from '../terminal/print.ts';

export const command = 'init [folder]';
export const describe = 'Write a first experiment: around your own manifests, or one to change';
export const builder = (yargs: Argv) =>
	yargs
		.positional('folder', {type: 'string', default: '.', describe: 'Where to; nothing there is overwritten'})
		.option('from', {
			type: 'string',
			array: true,
			requiresArg: true,
			describe: 'Manifests to write the experiment around: files with a Deployment and its HPA, or folders of them',
		});

export async function handler({folder, from}: ArgumentsOf<typeof builder>): Promise<void> {
	printLines(initReport(await init(folder, {from})));
}

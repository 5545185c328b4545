import type {Argv} from 'yargs';
import {shellWord} from '../../printable.ts';
import {writeExperimentAround} from '../../store/experiments/experiment-around.ts';
import {writeFirstExperiment} from '../../store/experiments/first-experiment.ts';
import {print} from '../terminal/print.ts';

export const command = 'init [folder]';
export const describe = 'Write a first experiment, with its autoscaler and its model, to start from';
export const builder = (yargs: Argv) =>
	yargs
		.positional('folder', {type: 'string', default: '.', describe: 'Where to; nothing there is overwritten'})
		.option('from', {
			type: 'string',
			array: true,
			describe: 'Manifests to write the experiment around: files with a Deployment and its HPA, or folders of them',
		});

type Options = {readonly folder: string; readonly from?: readonly string[] | undefined};

export async function handler({folder, from = []}: Options): Promise<void> {
	if (from.length === 0) {
		writeFirst(folder);
		return;
	}

	const {path, assumed} = await writeExperimentAround(folder === '' ? '.' : folder, from);
	const lines = [`Written: ${path}`, ...assumed.map(sentence => `Assumed: ${sentence}`), '', ...nextSteps(path), ''];
	print(lines.join('\n'));
}

function writeFirst(folder: string): void {
	const paths = writeFirstExperiment(folder === '' ? '.' : folder);
	const lines = [
		...paths.map(path => `Written: ${path}`),
		'',
		...nextSteps(paths[0]!),
		'',
		'Then change the load, the containers and hpa.yaml to yours. With npx, npx replicast is the command.',
		'',
	];
	print(lines.join('\n'));
}

/** The commands for an experiment that was written, with what each does. */
function nextSteps(path: string): string[] {
	const word = shellWord(path);
	const steps = [
		[`replicast run ${word}`, 'forecast it: does it keep the objective, and what does it cost?'],
		[`replicast tune ${word}`, 'search the cheapest settings that keep the objective'],
		[`replicast explore ${word}`, 'make a page in which settings are dragged'],
	] as const;
	const longest = Math.max(...steps.map(([step]) => step.length));
	return ['Next:', ...steps.map(([step, why]) => `  ${step.padEnd(longest)}  ${why}`)];
}

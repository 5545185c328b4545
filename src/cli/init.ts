import process from 'node:process';
import type {Argv} from 'yargs';
import {writeFirstExperiment} from '../files/first-experiment.ts';

export const command = 'init [folder]';
export const describe = 'Write a first experiment, with its autoscaler and its model, to start from';
export const builder = (yargs: Argv) =>
	yargs.positional('folder', {type: 'string', default: '.', describe: 'Where to; nothing there is overwritten'});

export function handler({folder}: {readonly folder: string}): void {
	const paths = writeFirstExperiment(folder === '' ? '.' : folder);
	const run = `replicast run ${paths[0]}`;
	const steps = [
		[run, 'simulate it'],
		[`${run} --set fixed.replicas=3`, 'the same with one value changed'],
		[`${run} --html`, 'with a page of charts'],
		['replicast doctor', 'what a replay on a real cluster needs'],
	] as const;
	const longest = Math.max(...steps.map(([step]) => step.length));
	const lines = [
		...paths.map(path => `Written: ${path}`),
		'',
		'Next:',
		...steps.map(([step, why]) => `  ${step.padEnd(longest)}  ${why}`),
		'',
		'Then change the load, the containers and hpa.yaml to yours. With npx, npx replicast is the command.',
		'',
	];
	process.stdout.write(lines.join('\n'));
}

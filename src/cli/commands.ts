import type {Argv} from 'yargs';
import {wrapWords} from '../report/text/report.ts';

/** A file of `src/cli/` that holds a command. */
type CommandModule = {
	readonly command: string;
	readonly describe: string;
	readonly builder: (yargs: Argv) => Argv<unknown>;
	readonly handler: (args: never) => Promise<void> | void;
};

export type CommandEntry = Pick<CommandModule, 'command' | 'describe'> & {
	readonly load: () => Promise<CommandModule>;
	/** Whether it checks very many values with one schema, so that code made of the schema pays. */
	readonly checksMany?: true;
};

/** Commands in the order of the help. Their modules are loaded when they are called, so that help comes at once. */
export const commands: readonly CommandEntry[] = [
	{
		command: 'run [file..]',
		describe: 'Simulate experiments, dynamic and fixed, and print the forecast',
		load: async () => import('./commands/run.ts'),
	},
	{
		command: 'replay [file..]',
		describe: 'Replay experiments on a real cluster and write measured records',
		load: async () => import('./commands/replay.ts'),
	},
	{
		command: 'compare [path..]',
		describe: 'Compare the simulator with measured records: figures, where errors come from, a verdict',
		load: async () => import('./commands/compare.ts'),
	},
	{
		command: 'validate',
		describe: 'Compare every measured record with the simulator, and write what it is good for',
		load: async () => import('./commands/validate.ts'),
	},
	{
		command: 'tune <file..>',
		describe: 'Search the autoscaler’s settings for the cheapest that keep the objectives',
		load: async () => import('./commands/tune.ts'),
	},
	{
		command: 'explore [file..]',
		describe: 'Write a page in which settings are dragged and the simulation follows',
		load: async () => import('./commands/explore.ts'),
	},
	{
		command: 'calibrate',
		describe: 'Measure service, start-up and metrics on a cluster, or take records, and fit the models',
		load: async () => import('./commands/calibrate.ts'),
	},
	{
		command: 'learn',
		describe: 'Learn an experiment from the history of a workload that a monitoring system kept',
		load: async () => import('./commands/learn.ts'),
	},
	{
		command: 'records <action> <folder>',
		describe: 'Make a record of tables, or of the replicas of an autoscaler, that were recorded by other means',
		load: async () => import('./commands/records.ts'),
	},
	{
		command: 'trace <action> [file]',
		describe: 'Say what a trace of LLM requests is like, or generate one like a published trace',
		load: async () => import('./commands/trace.ts'),
	},
	{
		command: 'doctor',
		describe: 'Say whether this machine has what a replay needs, and what to do where it has not',
		load: async () => import('./commands/doctor.ts'),
	},
	{
		command: 'poster [file..]',
		describe: 'Make the poster: charts, key figures and the audit, as pages, pictures and data',
		load: async () => import('./commands/poster.ts'),
	},
	{
		command: 'audit <file>',
		describe: 'Recompute published claims and say which are reproduced, inconsistent, not supported or contradicted',
		load: async () => import('./commands/audit.ts'),
	},
	{
		command: 'index [folder]',
		describe: 'Write a page that leads to every page and picture of a folder of reports',
		load: async () => import('./commands/index.ts'),
	},
	{
		command: 'decide [files..]',
		describe: 'Say what the HorizontalPodAutoscaler or KEDA would do, and why, for given pods and metrics',
		load: async () => import('./commands/decide.ts'),
		checksMany: true,
	},
	{
		command: 'lint [manifests..]',
		describe: 'Say what the autoscalers in manifests can never do, each with a load that shows it',
		load: async () => import('./commands/lint.ts'),
	},
	{
		command: 'init [folder]',
		describe: 'Write a first experiment, with its autoscaler and its model, to start from',
		load: async () => import('./commands/init.ts'),
	},
	{
		command: 'schema [name]',
		describe: 'Print the JSON Schema of a file that a person writes, or write them all',
		load: async () => import('./commands/schema.ts'),
	},
	{
		command: 'completion',
		describe: 'Print a script with which the shell completes commands, options and files',
		load: async () => import('./commands/completion.ts'),
	},
];

/** Text of `replicast --help`, in lines of at most `width`: written out here, since yargs takes longer to load than this takes to read. */
export function overview(width: number): string {
	const longest = Math.max(...commands.map(({command}) => command.length));
	return [
		'replicast <command> [options]',
		'',
		'Forecasts what Kubernetes autoscaling of an LLM service will do and cost.',
		'',
		'Commands:',
		...commands.flatMap(({command, describe}) => wrapWords(`  ${command.padEnd(longest)}  `, describe, width)),
		'',
		'Options:',
		'  --help     Show help; after a command, its options',
		'  --version  Show the version',
		'',
		'Start with: replicast run --all',
		'',
	].join('\n');
}

import type {Argv} from 'yargs';

/** A file of `src/cli/` that holds a command. */
export type CommandModule = {
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

/** Every command, in the order of the help. What it needs is loaded when it is called, so that help comes at once. */
export const commands: readonly CommandEntry[] = [
	{
		command: 'run [file..]',
		describe: 'Simulate experiments, dynamic and fixed, and print the forecast',
		load: async () => import('./run.ts'),
	},
	{
		command: 'replay [file..]',
		describe: 'Play experiments on a real cluster and write measured records',
		load: async () => import('./replay.ts'),
	},
	{
		command: 'compare [path..]',
		describe: 'Compare the simulator with measured records: figures, where errors come from, a verdict',
		load: async () => import('./compare.ts'),
	},
	{
		command: 'validate',
		describe: 'Compare every measured record with the simulator, and write what it is good for',
		load: async () => import('./validate.ts'),
	},
	{
		command: 'tune <file>',
		describe: 'Search the autoscaler’s settings for the cheapest that keep the objectives',
		load: async () => import('./tune.ts'),
	},
	{
		command: 'explore [file]',
		describe: 'Write a page in which settings are dragged and the simulation follows',
		load: async () => import('./explore.ts'),
	},
	{
		command: 'calibrate',
		describe: 'Measure service, start-up and metrics on a cluster, or take records, and fit the models',
		load: async () => import('./calibrate.ts'),
	},
	{
		command: 'records <action> <folder>',
		describe: 'Make a record of tables in CSV or NDJSON that were recorded by other means',
		load: async () => import('./records.ts'),
	},
	{
		command: 'trace <action> [file]',
		describe: 'Say what a trace of LLM requests is like, or generate one like a published trace',
		load: async () => import('./trace.ts'),
	},
	{
		command: 'doctor',
		describe: 'Say whether this machine has what a replay needs, and what to do where it has not',
		load: async () => import('./doctor.ts'),
	},
	{
		command: 'poster',
		describe: 'Make the poster: charts, key figures and the audit, as pages, pictures and data',
		load: async () => import('./poster.ts'),
	},
	{
		command: 'audit <file>',
		describe: 'Recompute published claims and say which are reproduced, inconsistent, not supported or contradicted',
		load: async () => import('./audit.ts'),
	},
	{
		command: 'decide [files..]',
		describe: 'Say what the HorizontalPodAutoscaler would do, and why, for given pods and metrics',
		load: async () => import('./decide.ts'),
		checksMany: true,
	},
	{
		command: 'init [folder]',
		describe: 'Write a first experiment, with its autoscaler and its model, to start from',
		load: async () => import('./init.ts'),
	},
	{
		command: 'schema [name]',
		describe: 'Print the JSON Schema of a file that a person writes, or write them all',
		load: async () => import('./schema.ts'),
	},
	{
		command: 'completion',
		describe: 'Print a script with which the shell completes commands, options and files',
		load: async () => import('./completion.ts'),
	},
];

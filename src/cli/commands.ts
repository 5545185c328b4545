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
		describe: 'Forecast pods, latency and cost of experiments, with the autoscaler and with fixed pods',
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
		describe: 'Compare the simulator with every measured record, and report how far it is off',
		load: async () => import('./commands/validate.ts'),
	},
	{
		command: 'tune <file..>',
		describe: 'Find the cheapest settings of the autoscaler that keep the objectives',
		load: async () => import('./commands/tune.ts'),
	},
	{
		command: 'explore [file..]',
		describe: 'Write a page with sliders for the settings: the forecast follows them',
		load: async () => import('./commands/explore.ts'),
	},
	{
		command: 'calibrate',
		describe: 'Fit the models to your cluster: measure service, start-up and metrics, or take records',
		load: async () => import('./commands/calibrate.ts'),
	},
	{
		command: 'learn',
		describe: 'Learn an experiment from the history of a workload in Prometheus',
		load: async () => import('./commands/learn.ts'),
	},
	{
		command: 'records <action> <folder>',
		describe: 'Import what another tool measured, tables or replicas over time, as a measured record',
		load: async () => import('./commands/records.ts'),
	},
	{
		command: 'trace <action> [file]',
		describe: 'Print the statistics of a trace of LLM requests, or generate one like a published trace',
		load: async () => import('./commands/trace.ts'),
	},
	{
		command: 'doctor',
		describe: 'Check that this machine has what a replay needs, and say how to get what is missing',
		load: async () => import('./commands/doctor.ts'),
	},
	{
		command: 'poster [file..]',
		describe: 'Make the poster: charts, key figures and the audit, as pages, pictures and data',
		load: async () => import('./commands/poster.ts'),
	},
	{
		command: 'audit <file>',
		describe: 'Recompute published claims: which are reproduced, inconsistent, unsupported or contradicted',
		load: async () => import('./commands/audit.ts'),
	},
	{
		command: 'index [folder]',
		describe: 'Write a page that leads to every page and picture of a folder of reports',
		load: async () => import('./commands/index.ts'),
	},
	{
		command: 'decide [files..]',
		describe: 'Compute what the HorizontalPodAutoscaler or KEDA would do for given pods and metrics, and why',
		load: async () => import('./commands/decide.ts'),
		checksMany: true,
	},
	{
		command: 'lint [manifests..]',
		describe: 'Find what the autoscalers in manifests can never do, each with a load that shows it',
		load: async () => import('./commands/lint.ts'),
	},
	{
		command: 'init [folder]',
		describe: 'Write a first experiment: around your own manifests, or one to change',
		load: async () => import('./commands/init.ts'),
	},
	{
		command: 'schema [name]',
		describe: 'Print the JSON Schema of an input file, for editors, or write all of them',
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
		'Start with:',
		'  replicast run --all                             Experiments that come along',
		'  replicast init --from deployment.yaml hpa.yaml  Your own manifests',
		'',
	].join('\n');
}

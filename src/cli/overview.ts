import {commands} from './commands.ts';

/** What `replicast --help` prints: written out here, since yargs takes longer to load than this takes to read. */
export function overview(): string {
	const names = commands.map(({command}) => `replicast ${command}`);
	const width = Math.max(...names.map(name => name.length));
	const lines = commands.map(({describe}, index) => `  ${names[index]!.padEnd(width)}  ${describe}`);
	return [
		'replicast <command> [options]',
		'',
		'Forecasts what Kubernetes autoscaling of an LLM service will do and cost.',
		'',
		'Commands:',
		...lines,
		'',
		'Options:',
		'  --help     Show help; after a command, its options',
		'  --version  Show the version',
		'',
		'Start with: replicast run --all',
		'',
	].join('\n');
}

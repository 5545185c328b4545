import {commands} from './commands.ts';
import {wrapWords} from './wrap-words.ts';

const width = 100;

/** What `replicast --help` prints: written out here, since yargs takes longer to load than this takes to read. */
export function overview(): string {
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

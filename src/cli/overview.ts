import {commands} from './commands.ts';

const width = 96;

/** What `replicast --help` prints: written out here, since yargs takes longer to load than this takes to read. */
export function overview(): string {
	const longest = Math.max(...commands.map(({command}) => command.length));
	return [
		'replicast <command> [options]',
		'',
		'Forecasts what Kubernetes autoscaling of an LLM service will do and cost.',
		'',
		'Commands:',
		...commands.flatMap(({command, describe}) => entryLines(command.padEnd(longest), describe)),
		'',
		'Options:',
		'  --help     Show help; after a command, its options',
		'  --version  Show the version',
		'',
		'Start with: replicast run --all',
		'',
	].join('\n');
}

/** `name  text`, the text broken between words and kept in its column. */
function entryLines(name: string, text: string): string[] {
	const lines = [`  ${name} `];
	for (const word of text.split(' ')) {
		const longer = `${lines.at(-1)} ${word}`;
		if (longer.length <= width) {
			lines.splice(-1, 1, longer);
		} else {
			lines.push(`${' '.repeat(name.length + 3)} ${word}`);
		}
	}

	return lines;
}

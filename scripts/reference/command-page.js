import yargs from 'yargs';
import {commands} from '../../build/src/cli/commands.js';

const width = 100;

/** docs/reference/commands.md: of each command what yargs says of it. */
export async function commandPage() {
	const sections = [];
	for (const {command, describe, load} of commands) {
		const {builder} = await load();
		sections.push(`## ${command.split(' ')[0]}\n\n\`\`\`text\n${await helpOf({command, describe, builder})}\n\`\`\`\n`);
	}

	return `# Commands and options

<!-- Written by npm run docs from the definitions of the commands. -->

What \`replicast <command> --help\` prints. What the commands do and write is in [commands.md](../commands.md).

${sections.join('\n')}`;
}

async function helpOf({command, describe, builder}) {
	const parser = yargs([])
		.scriptName('replicast')
		.locale('en')
		.wrap(width)
		.version(false)
		.exitProcess(false)
		.usage(`$0 ${command}\n\n${describe}`);
	const help = await (await builder(parser)).help(false).getHelp();
	return help
		.split('\n')
		.map(line => line.trimEnd())
		.join('\n')
		.trim();
}

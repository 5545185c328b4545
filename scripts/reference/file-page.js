import {readFile} from 'node:fs/promises';
import {schemaNames} from '../../build/src/store/experiments/write-schemas.js';
import {fieldRows} from './field-rows.js';

/** docs/reference/files.md: every field of every file that a person writes, from the JSON Schemas. */
export async function filePage() {
	const sections = [];
	for (const name of schemaNames) {
		const schema = JSON.parse(await readFile(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));
		const rows = fieldRows(schema).map(
			({path, takes, fallback, meaning}) =>
				`| \`${path}\` | ${cell(takes.join(', '))} | ${cell(fallback)} | ${cell(meaning)} |\n`,
		);
		sections.push(
			`## ${name}\n\nSchema: [${name}.schema.json](../../schemas/${name}.schema.json)\n\n| field | takes | default | meaning [unit] |\n|---|---|---|---|\n${rows.join('')}`,
		);
	}

	return `# Fields of the files

<!-- Written by npm run docs from schemas/. -->

Every field of every file that a person writes. What they mean together is in [experiment-file.md](../experiment-file.md),
[models.md](../models.md), [audit.md](../audit.md) and [tune.md](../tune.md). \`[]\` is an item of a list, \`NAME\` a name of
your own. A field that stands twice takes something else in another form of the map around it. A coefficient is a map of
\`value\`, \`unit\`, \`source\` and perhaps \`low\` and \`high\`; a distribution and values with a unit are explained in
[experiment-file.md](../experiment-file.md); text that names a file is a path from the file that it stands in.

${sections.join('\n')}`;
}

const cell = text => text.replaceAll('|', '\\|');

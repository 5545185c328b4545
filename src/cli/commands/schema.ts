import type {Argv} from 'yargs';
import {UserError} from '../../errors.ts';
import {type FileSchemaName, schemaNames, schemaText, writeSchemas} from '../../library/schema.ts';
import {oneText} from '../terminal/option-forms.ts';
import {print} from '../terminal/print.ts';

export const command = 'schema [name]';
export const describe = 'Print the JSON Schema of an input file, for editors, or write all of them';
export const builder = (yargs: Argv) =>
	yargs
		.positional('name', {type: 'string', choices: schemaNames, describe: 'Form of the file'})
		.option('out', {...oneText('out'), describe: 'Folder that all of them are written to'});

export function handler({name, out}: {readonly name?: FileSchemaName; readonly out?: string}): void {
	if ((name === undefined) === (out === undefined)) {
		throw new UserError(
			'E_USAGE',
			`Expected one of ${schemaNames.join(', ')}, or --out and a folder, got ${name === undefined ? 'neither' : 'both'}`,
		);
	}

	print(
		name === undefined
			? writeSchemas(out!)
					.map(path => `${path}\n`)
					.join('')
			: schemaText(name),
	);
}

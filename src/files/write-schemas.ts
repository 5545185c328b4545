import {join} from 'node:path';
import {type FileSchemaName, fileSchemas, jsonSchemaOf} from '../experiment/json-schemas.ts';
import {writeFileAtomically} from './write-atomically.ts';

export const schemaNames = Object.keys(fileSchemas) as readonly FileSchemaName[];

/** A JSON Schema as it is committed and printed. */
export function schemaText(name: FileSchemaName): string {
	return `${JSON.stringify(jsonSchemaOf(name), undefined, '\t')}\n`;
}

/** Writes every JSON Schema into a folder as `NAME.schema.json`, and returns their paths. */
export function writeSchemas(folder: string): readonly string[] {
	return schemaNames.map(name => {
		const path = join(folder, `${name}.schema.json`);
		writeFileAtomically(path, schemaText(name));
		return path;
	});
}

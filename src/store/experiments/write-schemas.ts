import {join} from 'node:path';
import {ClaimsFile} from '../../audit/claims-file.ts';
import {fileSchemas, jsonSchemaOf} from '../../experiment/json-schemas.ts';
import {SpaceFile} from '../../tune/space-file.ts';
import {writeFileAtomically} from '../disk/write-atomically.ts';

const schemas = {...fileSchemas, claims: ClaimsFile, 'tuning-space': SpaceFile} as const;

export type FileSchemaName = keyof typeof schemas;

export const schemaNames = Object.keys(schemas) as readonly FileSchemaName[];

/** A JSON Schema as it is committed and printed. */
export function schemaText(name: FileSchemaName): string {
	return `${JSON.stringify(jsonSchemaOf(name, schemas[name]), undefined, '\t')}\n`;
}

/** Writes every JSON Schema into a folder as `NAME.schema.json`, and returns their paths. */
export function writeSchemas(folder: string): readonly string[] {
	return schemaNames.map(name => {
		const path = join(folder, `${name}.schema.json`);
		writeFileAtomically(path, schemaText(name));
		return path;
	});
}

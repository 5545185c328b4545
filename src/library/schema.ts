/* The JSON Schemas of the files that a person writes, by name, and as the files of a folder. */
export {type FileSchemaName, schemaNames, schemaText, writeSchemas} from '../store/experiments/write-schemas.ts';

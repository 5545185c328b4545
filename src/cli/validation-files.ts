import type {Validation} from '../validation/validation.ts';
import {validationCsv} from './validation-csv.ts';
import {validationJson} from './validation-json.ts';
import {validationReadme} from './validation-readme.ts';

/**
 * The validation report, file by file. The same records and models give the same bytes.
 *
 * @param out - folder that the files are to stand in: links are relative to it
 */
export function validationFiles(validation: Validation, out: string): Record<string, string> {
	return {
		'README.md': validationReadme(validation, out),
		'validation.json': validationJson(validation),
		'validation.csv': validationCsv(validation),
	};
}

import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';

const {resolve} = createRequire(import.meta.url);

/**
 * A file of a package that this one depends on.
 *
 * @param specifier - such as `@resvg/resvg-wasm/index_bg.wasm`
 */
export async function readDependency(specifier: string): Promise<Buffer> {
	return readFile(resolve(specifier));
}

import {existsSync, readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/**
 * Folder of the package: the nearest one above this file that holds `package.json` and `models`. It is the same from
 * the sources, from either build and from an installed package.
 */
export function packageRoot(): string {
	for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
		if (existsSync(new URL('package.json', folder)) && existsSync(new URL('models/', folder))) {
			return fileURLToPath(folder);
		}

		if (folder.pathname === '/' || new URL('../', folder).href === folder.href) {
			throw new Error(`Expected a package above ${import.meta.url}, got none`);
		}
	}
}

/** Version of this package. */
export function version(): string {
	return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {version: string}).version;
}

/** Program that computes a result. */
type Program = {
	readonly version: string;
	/** Commit that it was built from, `-dirty` after it when files had changed; left out where nobody knows it. */
	readonly commit?: string;
};

/** This program: the build leaves its commit beside the bundles; what runs from the sources has none. */
export function program(): Program {
	const beside = [new URL('./commit.json', import.meta.url), new URL('../commit.json', import.meta.url)];
	const file = beside.find(url => existsSync(url));
	const commit = file && (JSON.parse(readFileSync(file, 'utf8')) as {commit: string}).commit;
	return {version: version(), ...(commit !== undefined && {commit})};
}

const {resolve} = createRequire(import.meta.url);

/**
 * A file of a package that this one depends on.
 *
 * @param specifier - such as `@resvg/resvg-wasm/index_bg.wasm`
 */
export async function readDependency(specifier: string): Promise<Buffer> {
	return readFile(resolve(specifier));
}

/** Experiments of the poster's five questions in its order, each with its variants, and of its figures on healing. */
const names = [
	'performance-under-load',
	'dynamic-scaling',
	'ramp',
	'spike',
	'resource-consumption',
	'cost-efficiency',
	'multi-tenant',
	'multi-tenant-noisy-neighbour',
	'self-healing',
];

/** Paths of the experiments that come with the package, in the order in which they are shown. */
export function listShippedExperiments(): readonly string[] {
	return names.map(name => join(packageRoot(), 'experiments', `${name}.yaml`));
}

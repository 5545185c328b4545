// Bundles an entry point and all that it imports into one file for Node 20 and newer.
import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Both paths are relative to the package, unless they are absolute. */
export async function bundle(entry, file) {
	const outfile = path.resolve(root, file);
	await mkdir(path.dirname(outfile), {recursive: true});
	await build({
		absWorkingDir: root,
		entryPoints: [entry],
		outfile,
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		minifySyntax: true,
		minifyWhitespace: true, // names stay, so that a stack trace can be read
		legalComments: 'none',
		logLevel: 'warning',
	});
}

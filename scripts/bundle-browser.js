// Bundles the script of the page that replicast explore writes: node scripts/bundle-browser.js [OUTFILE]
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

// Nothing is external: what the browser does not have fails here.
await build({
	entryPoints: [path.join(root, 'src/explorer/browser/main.ts')],
	outfile: path.resolve(process.argv[2] ?? path.join(root, 'dist/browser/explore.js')),
	bundle: true,
	platform: 'browser',
	target: 'es2023',
	format: 'iife',
	minify: true,
	legalComments: 'inline',
	charset: 'utf8',
	logLevel: 'warning',
});

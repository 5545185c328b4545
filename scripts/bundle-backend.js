// Bundles the backend into one file, the only thing its image copies: node scripts/bundle-backend.js [OUTFILE]
import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = path.resolve(process.argv[2] ?? path.join(root, 'dist/backend-image/server.cjs'));

await mkdir(path.dirname(outfile), {recursive: true});
await build({
	entryPoints: [path.join(root, 'src/backend/main.ts')],
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

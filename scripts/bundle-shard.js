// Bundles the program that evaluates a shard into one file, the only thing its image copies: node scripts/bundle-shard.js [OUTFILE]
import path from 'node:path';
import {bundle} from './bundle.js';

const [outfile] = process.argv.slice(2);
await bundle(
	'src/cluster/jobs/pod/main.ts',
	outfile === undefined ? 'dist/shard-image/shard.cjs' : path.resolve(outfile),
);

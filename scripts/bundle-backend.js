// Bundles the backend into one file, the only thing its image copies: node scripts/bundle-backend.js [OUTFILE]
import path from 'node:path';
import {bundle} from './bundle.js';

const [outfile] = process.argv.slice(2);
await bundle('src/backend/main.ts', outfile === undefined ? 'dist/backend-image/server.cjs' : path.resolve(outfile));

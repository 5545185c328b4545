#!/usr/bin/env node
/* The command of the package: it is there before a clone is built, so that `npm install --global .` can link it. */
import {existsSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const program = new URL('../dist/cli.js', import.meta.url);
if (existsSync(program)) {
	await import(program.href);
} else {
	process.stderr.write(
		`Expected a built clone, got none: npm ci && npm run build in ${fileURLToPath(new URL('..', import.meta.url))}\n`,
	);
	process.exitCode = 2;
}

// What the tests need that `npm test` is given words for.
import {execFile} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';

/** What a test has in it, or a file of test/ that it imports, when it needs `npm run build`. */
const program = /\bdist\b|\bbench\/|bundle|src\/index\.ts|library\/explore/;

/** Whether tests run what `npm run build` writes; so they may where no word says which tests. */
export function needPrograms(words) {
	const chosen = words.filter(word => word.startsWith('test/'));
	if (chosen.length === 0) {
		return true;
	}

	const prefixes = chosen.map(word => /^[^*?[\]{}()!+@]*/.exec(word)[0]);
	return readdirSync('test', {recursive: true})
		.map(name => `test/${name.split(path.sep).join('/')}`)
		.filter(file => file.endsWith('.test.ts') && prefixes.some(prefix => file.startsWith(prefix)))
		.some(file => usesPrograms(file, new Set()));
}

function usesPrograms(file, seen) {
	if (seen.has(file) || !file.startsWith('test/')) {
		return false;
	}

	seen.add(file);
	const text = readFileSync(file, 'utf8');
	const imported = [...text.matchAll(/ from '(\.[^']*\.ts)'/g)].map(([, name]) => path.join(path.dirname(file), name));
	return program.test(text) || imported.some(other => usesPrograms(other, seen));
}

/** Files for Biome that are not as they were committed last; all below the folder where git does not know any. */
export async function changedFiles() {
	const {stdout} = await promisify(execFile)('git', ['ls-files', '-z', '-m', '-o', '--exclude-standard']).catch(() => ({
		stdout: '.\0',
	}));
	return [...new Set(stdout.split('\0'))].filter(name => name !== '' && (name === '.' || isLinted(name)));
}

function isLinted(name) {
	return /\.(?:ts|js|json|css)$/.test(name) && existsSync(name);
}

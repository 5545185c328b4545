import {readdir, readFile} from 'node:fs/promises';
import {extname, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {parseAllDocuments} from 'yaml';
import {parseCsv} from '../../../src/store/records/import-table.ts';
import {replicast} from '../run-command.ts';

/** Characters that act or hide, as no medium may hold them: controls, format and bidirectional characters, fillers. */
const raw = /[^\n\t\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]|(?!\uFE0E|\uFE0F)\p{DI}/u;
/** A second line of a hostile text, where it begins a line. */
const forged = /^FORGED/m;

const code = /^(`{3,})text\n[\s\S]*?\n\1$/gm;

/** What must not be found in files, by the ends of their names. */
const rules: Readonly<Record<string, (text: string) => string | undefined>> = {
	'.md': text =>
		found(text, raw, forged) ??
		found(
			text.replaceAll(code, ''),
			/(?<!\\)(?:\\\\)*<img/,
			/\]\((?:javascript|http)/,
			/(?<!\\)(?:\\\\)*`z/,
			/(?<!\\)\*\*b\*\*/,
			/http:\/\/e/,
		),
	'.html': text => found(text, raw, /<img src=x/, /<[^<>]*[\s"']onerror=/),
	'.svg': text => found(text, raw, /<img/, /<[^<>]*[\s"']onerror=/, /<(?:a|script|foreignObject)\b/),
	'.csv': text => found(text, raw) ?? parseCsv(text).flatMap(({cells}) => cells.filter(isFormula))[0],
	'.yaml': text =>
		found(text, raw, forged) ??
		(parseAllDocuments(text).length > 1 ? 'two documents' : found(text, /^[^"'#]*[ :]&\w/m)),
	'.txt': text => found(text, raw, forged),
};

function isFormula(cell: string): boolean {
	return /^\s*[=+@]|^\s*-(?![\d.])/.test(cell);
}

/** The surroundings of the first match of the first rule that matches. */
function found(text: string, ...unwanted: readonly RegExp[]): string | undefined {
	for (const rule of unwanted) {
		const match = rule.exec(text);
		if (match !== null) {
			return `${rule}: ${JSON.stringify(text.slice(Math.max(0, match.index - 80), match.index + 80))}`;
		}
	}

	return undefined;
}

/** Looks at what a command printed. */
export function checkPrinted(t: ExecutionContext, text: string, name: string): void {
	t.is(found(text, raw, forged), undefined, name);
}

/** Looks at all files that were written below a folder; `isFlat`: at those in it alone. */
export async function checkFiles(
	t: ExecutionContext,
	folder: string,
	{
		isFlat = false,
		isInput = () => false,
	}: {readonly isFlat?: boolean; readonly isInput?: (path: string) => boolean} = {},
): Promise<void> {
	const entries = await readdir(folder, {recursive: !isFlat, withFileTypes: true});
	const paths = entries.filter(entry => entry.isFile()).map(({name, parentPath}) => join(parentPath, name));
	const looked = paths.filter(path => rules[extname(path)] !== undefined && !isInput(path));
	for (const path of looked) {
		t.is(rules[extname(path)]!(await readFile(path, 'utf8')), undefined, path);
	}

	t.true(looked.length > 0, `${folder} has nothing to look at`);
}

/** Runs a command and looks at all that it prints. */
export async function checkCommand(
	t: ExecutionContext,
	cwd: string,
	words: readonly string[],
	statuses: readonly number[] = [0],
): Promise<string> {
	const {stdout, stderr, exitCode} = await replicast(words, {cwd, env: {CHROME_PATH: join(cwd, 'none')}});
	t.true(statuses.includes(exitCode!), `${words.join(' ')}: ${exitCode} ${stderr}`);
	checkPrinted(t, stdout, words.join(' '));
	checkPrinted(t, stderr, words.join(' '));
	return stdout + stderr;
}

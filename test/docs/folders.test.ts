import {readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import test from 'ava';
import ts from 'typescript';
import {filesBelow} from './source-files.ts';

/* The sizes that CONTRIBUTING.md promises: a behaviour is found in one guess, and read on a screen or two. */

const most = {filesOfFolder: 30, linesOfFile: 300, linesOfFunction: 60};

test('a folder of src or test holds at most 30 files', t => {
	const counts = new Map<string, number>();
	for (const {name} of [...filesBelow('src'), ...filesBelow('test')]) {
		counts.set(dirname(name), (counts.get(dirname(name)) ?? 0) + 1);
	}

	t.true(counts.size > 30);
	t.deepEqual(
		[...counts].filter(([, count]) => count > most.filesOfFolder),
		[],
	);
});

test('a file of src has at most 300 lines', t => {
	const long = filesBelow('src').map(({path, name}) => [name, linesOf(readFileSync(path, 'utf8'))] as const);
	t.deepEqual(
		long.filter(([, lines]) => lines > most.linesOfFile),
		[],
	);
});

test('a function of src has at most 60 lines', t => {
	t.deepEqual(
		filesBelow('src')
			.flatMap(({path, name}) => functionsIn(readFileSync(path, 'utf8'), name))
			.filter(([, lines]) => lines > most.linesOfFunction),
		[],
	);
});

function linesOf(text: string): number {
	return text.split('\n').length - 1;
}

/** Place and length of each function of a file. */
function functionsIn(text: string, name: string): (readonly [place: string, lines: number])[] {
	const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
	const found: (readonly [string, number])[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
			const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
			const last = source.getLineAndCharacterOfPosition(node.end).line;
			found.push([`${name}:${first + 1}`, last - first + 1]);
		}

		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

import {existsSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import test from 'ava';
import {pages} from './pages.ts';

const withoutCode = (text: string) => text.replaceAll(/^ *```.*?^ *```$/gms, '').replaceAll(/`[^`\n]*`/g, '');

/** As GitHub names the headings of a page. */
function anchors(text: string): Set<string> {
	const headings = text.replaceAll(/^ *```.*?^ *```$/gms, '').match(/^#+ .*$/gm) ?? [];
	const names = headings.map(heading =>
		heading
			.replace(/^#+ /, '')
			.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
			.replaceAll(' ', '-'),
	);
	return new Set(
		names.map((name, index) => {
			const before = names.slice(0, index).filter(other => other === name).length;
			return before === 0 ? name : `${name}-${before}`;
		}),
	);
}

const targetsOf = (text: string) => [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);

for (const [page, text] of [...pages].filter(([, text]) => targetsOf(text).length > 0)) {
	test(`every link of ${page} leads somewhere`, t => {
		for (const target of targetsOf(text)) {
			if (/^[a-z]+:/.test(target)) {
				t.true(URL.canParse(target), target);
				continue;
			}

			const [path = '', anchor] = target.split('#');
			const file = path === '' ? page : normalize(join(dirname(page), path));
			t.true(existsSync(file), target);
			t.false(file.startsWith('..'), target);
			if (anchor !== undefined) {
				t.true(anchors(pages.get(file) ?? '').has(anchor), target);
			}
		}
	});
}

test('every page of docs/ is reached from the README', t => {
	const reached = new Set<string>();
	const visit = (page: string) => {
		if (reached.has(page) || !pages.has(page)) {
			return;
		}

		reached.add(page);
		for (const [, target] of pages.get(page)!.matchAll(/\]\(([^)\s#]+)/g)) {
			visit(normalize(join(dirname(page), target!)));
		}
	};
	visit('README.md');
	t.deepEqual(
		[...pages.keys()].filter(page => page.startsWith('docs/') && !reached.has(page)),
		[],
	);
});

import {existsSync, readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

/** Page of a report below a folder. */
type FoundPage = {
	/** Path below the folder, its parts separated by `/`. */
	readonly path: string;
	readonly title: string;
	/** Lines of its answer; none where the page has no answer. */
	readonly answer: readonly string[];
};

/** Pages and pictures below a folder, in the order of their paths. */
export type FoundPages = {readonly pages: readonly FoundPage[]; readonly pictures: readonly string[]};

/** Deepest folder below the one that is searched. */
const deepest = 8;

/**
 * The pages (`.html`) and pictures (`.svg`, else `.png` of the same name) below a folder; records, hidden folders, links and
 * the folder's own `index.html` are left out.
 */
export async function findPages(folder: string): Promise<FoundPages> {
	const paths = existsSync(folder) ? filesBelow(folder, '', 0) : [];
	const pages = paths.filter(path => path.endsWith('.html') && path !== 'index.html');
	const all = new Set(paths);
	const pictures = paths.filter(
		path => path.endsWith('.svg') || (path.endsWith('.png') && !all.has(path.replace(/png$/, 'svg'))),
	);
	return {pages: await Promise.all(pages.map(async path => readPage(folder, path))), pictures};
}

function filesBelow(root: string, below: string, depth: number): string[] {
	const entries = readdirSync(join(root, below), {withFileTypes: true})
		.filter(({name}) => !name.startsWith('.'))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
	if (entries.some(({name}) => name === 'record.json')) {
		return [];
	}

	const pathOf = (name: string) => (below === '' ? name : `${below}/${name}`);
	const own = entries.filter(entry => entry.isFile()).map(({name}) => pathOf(name));
	const folders = entries.filter(entry => entry.isDirectory());
	return [...own, ...(depth === deepest ? [] : folders.flatMap(({name}) => filesBelow(root, pathOf(name), depth + 1)))];
}

async function readPage(folder: string, path: string): Promise<FoundPage> {
	const html = await readFile(join(folder, path), 'utf8');
	const title = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? '';
	const answer = /<div class="answer">((?:<p>[^<]*<\/p>)*)<\/div>/.exec(html)?.[1] ?? '';
	return {
		path,
		title: title.trim() === '' ? path : textOf(title),
		answer: [...answer.matchAll(/<p>([^<]*)<\/p>/g)].map(([, line]) => textOf(line!)),
	};
}

const signs: Readonly<Record<string, string>> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
};

function textOf(html: string): string {
	return html.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, entity => signs[entity]!);
}

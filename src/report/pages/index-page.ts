import {counted} from '../text/format.ts';
import {escapeHtml, type PageFonts, page} from './page.ts';

/** Pages and pictures that an index leads to: paths from its own folder, their parts separated by `/`. */
type IndexedFiles = {
	readonly pages: readonly {readonly path: string; readonly title: string; readonly answer: readonly string[]}[];
	readonly pictures: readonly string[];
};

/** Lines of an answer that an index leaves out: the trust in it and the next command. */
const further = /^(?:Next|Models|Trust): /;

/** Page that leads to every page and picture below its folder, with the answer of each page. */
export function indexPage({pages, pictures}: IndexedFiles, fonts: PageFonts): string {
	const folders = [...new Set(pictures.map(folderOf))];
	const body = [
		'<header>',
		'<h1>Reports</h1>',
		`<p>${counted(pages.length, 'page')} and ${counted(pictures.length, 'picture')}.</p>`,
		'</header>',
		'<main>',
		...pages.map(({path, title, answer}) =>
			[
				'<article>',
				`<h2><a href="${hrefOf(path)}">${escapeHtml(title)}</a></h2>`,
				...answer
					.slice(0, 2)
					.filter(line => !further.test(line))
					.map(line => `<p>${escapeHtml(line)}</p>`),
				`<p class="path">${escapeHtml(path)}</p>`,
				'</article>',
			].join('\n'),
		),
		...folders.map(folder => picturesHtml(folder, pictures)),
		'</main>',
	].join('\n');
	return page({title: 'Reports', fonts, style, body});
}

function picturesHtml(folder: string, pictures: readonly string[]): string {
	const own = pictures.filter(path => folderOf(path) === folder);
	return [
		`<section>\n<h2>Pictures in ${escapeHtml(folder === '' ? 'this folder' : folder)}</h2>`,
		'<div class="pictures">',
		...own.map(path => {
			const name = escapeHtml(path.slice(folder === '' ? 0 : folder.length + 1));
			return `<a href="${hrefOf(path)}"><img src="${hrefOf(path)}" alt="" loading="lazy"><span>${name}</span></a>`;
		}),
		'</div>\n</section>',
	].join('\n');
}

function folderOf(path: string): string {
	return path.split('/').slice(0, -1).join('/');
}

/** The address of a path: each part of it escaped. */
function hrefOf(path: string): string {
	return escapeHtml(path.split('/').map(encodeURIComponent).join('/'));
}

const style = `
body { max-width: 72rem; margin: 0 auto; padding: 1.5rem; line-height: 1.45; overflow-wrap: anywhere; }
h1 { font-size: 2rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 1.6rem 0 .2rem; }
p { margin: .1rem 0; max-width: 60rem; }
header p, .path { color: var(--muted); }
.path { font-size: .85rem; }
a { color: var(--ink); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--dynamic); outline-offset: 2px; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); gap: 1rem; }
.pictures a { font-size: .85rem; display: flex; flex-direction: column; gap: .3rem; }
img { width: 100%; height: auto; border: 1px solid var(--grid); background: #fff; }
@media (max-width: 30rem) { body { padding: .8rem; } h1 { font-size: 1.5rem; } }
@media print { body { padding: 0; font-size: 9pt; } .pictures { grid-template-columns: repeat(3, 1fr); } }
`;

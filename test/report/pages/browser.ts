import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import {type Browser, chromium, type Page} from 'playwright-core';
import {findChromium, sandboxOptions} from '../../../src/report/drawing/find-chromium.ts';
import {packagedBrowser} from './packaged-browser.ts';

/**
 * Starts a real browser: the machine's own, else the one that comes as a development dependency, which then is that of the
 * commands that a test calls, too. None at all fails the tests.
 */
export async function startBrowser(): Promise<Browser> {
	const executablePath = (await findChromium()) ?? (await packagedBrowser());
	if (executablePath === undefined) {
		throw new Error('Expected a Chromium to open pages with, got none: name one in CHROME_PATH');
	}

	process.env['CHROME_PATH'] = executablePath;

	return chromium.launch({executablePath, args: sandboxOptions()});
}

export type Opened = {
	readonly page: Page;
	/** What the page's console said, errors that it threw, and addresses that it asked for beside its own and what is in it. */
	readonly complaints: string[];
};

/** Opens a file and listens. */
export async function openFile(browser: Browser, path: string, width = 1280): Promise<Opened> {
	const page = await browser.newPage({viewport: {width, height: 900}});
	const complaints: string[] = [];
	const own = pathToFileURL(path).href;
	page.on('console', message => complaints.push(`${message.type()}: ${message.text()}`));
	page.on('pageerror', error => complaints.push(String(error)));
	page.on('request', request => {
		const url = request.url();
		if (url.split('#')[0] !== own && !/^(?:data|blob):/.test(url)) {
			complaints.push(`asks for ${url}`);
		}
	});
	await page.goto(own);
	await page.evaluate('document.fonts.ready.then(() => undefined)');
	return {page, complaints};
}

/** Texts of the pictures that reach out of them or over each other. */
export async function badLabels(page: Page): Promise<string[]> {
	return page.evaluate(`(() => {
		const bad = [];
		for (const svg of document.querySelectorAll('figure svg')) {
			const frame = svg.getBoundingClientRect();
			const name = svg.closest('figure').id;
			const isHalo = text => text.hasAttribute('stroke');
			const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim() !== '' && !isHalo(text));
			const boxes = texts.map(text => ({text: text.textContent, box: text.getBoundingClientRect()}));
			for (const {text, box} of boxes) {
				if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
					bad.push(name + ': ' + text + ' is cut');
				}
			}
			for (const [index, a] of boxes.entries()) {
				for (const b of boxes.slice(index + 1)) {
					const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
					const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
					const height = Math.min(a.box.height, b.box.height);
					if (across > 1 && down > height / 3) {
						bad.push(name + ': ' + a.text + ' over ' + b.text);
					}
				}
			}
		}
		return bad;
	})()`);
}

/** Words and numbers of tables and head lines that are broken over lines. */
export async function brokenWords(page: Page): Promise<string[]> {
	return page.evaluate(`(() => {
		const broken = [];
		for (const cell of document.querySelectorAll('td, th, dd, h1')) {
			const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
			while (walker.nextNode()) {
				const node = walker.currentNode;
				for (const word of node.data.matchAll(/[^\\s\u2013\u2011-]+/g)) {
					const range = document.createRange();
					range.setStart(node, word.index);
					range.setEnd(node, word.index + word[0].length);
					const tops = new Set([...range.getClientRects()].map(({top}) => Math.round(top)));
					if (tops.size > 1) {
						broken.push(word[0] + ' on ' + tops.size + ' lines');
					}
				}
			}
		}
		return broken;
	})()`);
}

/** Parts that reach out of the page to the right. */
export async function tooWide(page: Page): Promise<string[]> {
	return page.evaluate(
		'document.documentElement.scrollWidth <= innerWidth ? [] : [`${document.documentElement.scrollWidth} of ${innerWidth} px`]',
	);
}

/** Faults that axe finds, in light and in dark. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
	const axe = await readFile(new URL('../../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
	await page.evaluate(`${axe}; undefined`);
	const faults: string[] = [];
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
		const found = await page.evaluate<{id: string; nodes: {html: string}[]}[]>(
			'axe.run().then(({violations}) => violations)',
		);
		faults.push(
			...found.map(({id, nodes}) => `${colorScheme}: ${id}: ${nodes.map(({html}) => html.slice(0, 200)).join(' ')}`),
		);
	}

	return faults;
}

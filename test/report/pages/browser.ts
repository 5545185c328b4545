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

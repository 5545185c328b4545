// The page of replicast explore: from a slider's move to the page drawn anew, both arms of one replication simulated.
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {execaNode} from 'execa';
import {chromium} from 'playwright-core';
import {findChromium, sandboxOptions} from '../build/src/report/drawing/find-chromium.js';
import {listShippedExperiments} from '../build/src/store/disk/package.js';

const moves = 30;
const warmUp = 10;
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'replicast-bench-'));
const browser = await chromium.launch({executablePath: await findChromium(), args: sandboxOptions()});
try {
	for (const experiment of listShippedExperiments()) {
		const file = join(folder, 'page.html');
		await execaNode(cli, ['explore', experiment, '--out', file], {cwd: folder});
		const times = (await timesOf(file)).slice(warmUp).sort((a, b) => a - b);
		const [median, ninety] = [0.5, 0.9].map(share => times[Math.floor(share * times.length)]);
		console.log(`explore ${basename(experiment, '.yaml')}: median ${median} ms, nine in ten within ${ninety} ms`);
	}
} finally {
	await browser.close();
	await rm(folder, {recursive: true, force: true});
}

/** [ms] of each move, as the page tells them. */
async function timesOf(file) {
	const page = await browser.newPage({viewport: {width: 1280, height: 900}});
	await page.goto(pathToFileURL(file).href);
	const slider = page.locator('fieldset', {hasText: 'Comparison and price'}).locator('input').first();
	const progress = page.locator('#progress');
	const times = [];
	for (let move = 0; move < moves; move++) {
		await page.locator('#replications', {hasText: 'Mean'}).waitFor({timeout: 120_000});
		await slider.press(move % 2 === 0 ? 'ArrowLeft' : 'ArrowRight');
		await progress.filter({hasText: 'ms after the move'}).waitFor({timeout: 30_000});
		times.push(Number.parseInt(await progress.textContent(), 10));
	}

	await page.close();
	return times;
}

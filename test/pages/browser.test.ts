import {cp, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest, {type TestFn} from 'ava';
import type {Browser} from 'playwright-core';
import {removeTemporaryFolders, replicast, temporaryFolder, writeSmall} from '../cli/run-command.ts';
import {badLabels, openFile, startBrowser} from './browser.ts';

// One browser for all pages.
const test = anyTest.serial as TestFn<{browser: Browser; cwd: string; file: string}>;

test.before('starts a browser and makes pages', async t => {
	t.context.browser = await startBrowser();
	t.context.cwd = await temporaryFolder();
	t.context.file = join(t.context.cwd, 'small.yaml');
	await writeSmall(t.context.file, text => `${text}accept: {replicasMean: 50%, p95: 40%}\n`);
	const {exitCode, stderr} = await replicast(['run', t.context.file, '--html'], {cwd: t.context.cwd});
	t.is(exitCode, 0, stderr);
});

test.after.always('closes it', async t => {
	await t.context.browser?.close();
	await removeTemporaryFolders();
});

test('the report of run --html opens without a complaint, asks for nothing, and no label is cut or covered', async t => {
	const path = join(t.context.cwd, 'reports', 'simulated', 'small', 'report.html');
	const {page, complaints} = await openFile(t.context.browser, path);
	t.deepEqual(complaints, []);
	t.deepEqual(await badLabels(page), []);
	t.is(await page.locator('figure svg[role="img"][aria-label]').count(), 6);
	t.is(await page.locator('h1').textContent(), 'small');
	const summary = JSON.parse(await readFile(join(path, '..', 'summary.json'), 'utf8'));
	const cost = await page.locator('#cost td').first().textContent();
	t.is(cost, 'simulated');
	t.is(
		await page.locator('#cost tbody tr').first().locator('td').nth(1).textContent(),
		String(summary.dynamic.costPerHour.mean),
	);
	await page.close();
});

test('it is dark where its reader wants that, and fits a telephone', async t => {
	const path = join(t.context.cwd, 'reports', 'simulated', 'small', 'report.html');
	const {page} = await openFile(t.context.browser, path, 400);
	const paper =
		'getComputedStyle(document.querySelector("figure svg rect")).fill + getComputedStyle(document.body).backgroundColor';
	const light = await page.evaluate(paper);
	await page.emulateMedia({colorScheme: 'dark'});
	const dark = await page.evaluate(paper);
	t.is(light, 'rgb(255, 255, 255)rgb(255, 255, 255)');
	t.is(dark, 'rgb(22, 24, 27)rgb(22, 24, 27)');
	t.true(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
	await page.close();
});

test('the page of compare --html says the verdict and opens likewise', async t => {
	const {cwd, file, browser} = t.context;
	const folder = join(cwd, 'reports', 'measured', 'small', 'dynamic-0');
	await mkdir(folder, {recursive: true});
	await cp(join(cwd, 'reports', 'simulated', 'small', 'dynamic'), folder, {recursive: true});
	const head = JSON.parse(await readFile(join(folder, 'record.json'), 'utf8'));
	await writeFile(join(folder, 'record.json'), JSON.stringify({...head, engine: 'measured'}));
	const {stderr, stdout} = await replicast(['compare', file, '--html'], {cwd});
	const path = join('reports', 'compared', 'small.html');
	t.true(stderr.includes(`Written to ${path}`), stderr);
	const {page, complaints} = await openFile(browser, join(cwd, path));
	t.deepEqual(complaints, []);
	t.deepEqual(await badLabels(page), []);
	t.is(await page.locator('.verdict').textContent(), /^(VALID|NOT VALID|CANNOT SAY): /m.exec(stdout)![1]!);
	t.is(await page.locator('figure').count(), 4);
	await page.close();
});

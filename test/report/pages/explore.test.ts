import {cp, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {execa} from 'execa';
import type {Browser, Page} from 'playwright-core';
import {parse} from 'yaml';
import {hpaSpecOf} from '../../../src/autoscaler/hpa-manifest.ts';
import type {Experiment} from '../../../src/experiment/experiment.ts';
import type {Summary} from '../../../src/forecast/summary.ts';
import {againstHead, againstRows} from '../../../src/report/tables/economics-rows.ts';
import {forecastHead, forecastRows} from '../../../src/report/tables/forecast-rows.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {cli, removeTemporaryFolders, replicast, temporaryFolder, writeSmall} from '../../cli/run-command.ts';
import {accessibilityFaults, badLabels, brokenWords, openFile, startBrowser} from './browser.ts';

type Context = {browser: Browser; cwd: string; path: string};

// One browser for all pages.
const test = anyTest.serial as TestFn<Context>;

test.before('starts a browser and makes a page with a measured run laid over', async t => {
	t.context.browser = await startBrowser();
	const cwd = await temporaryFolder();
	await writeSmall(join(cwd, 'small.yaml'), text => text);
	await replicast(['run', 'small.yaml', '--replications', '1'], {cwd});
	const folder = join(cwd, 'reports', 'measured', 'small', 'dynamic-0');
	await mkdir(folder, {recursive: true});
	await cp(join(cwd, 'reports', 'simulated', 'small', 'dynamic'), folder, {recursive: true});
	const head = JSON.parse(await readFile(join(folder, 'record.json'), 'utf8'));
	await writeFile(join(folder, 'record.json'), JSON.stringify({...head, engine: 'measured'}));
	const {exitCode, stderr} = await replicast(['explore', 'small.yaml', '--out', 'page.html'], {cwd});
	t.is(exitCode, 0, stderr);
	Object.assign(t.context, {cwd, path: join(cwd, 'page.html')});
});

test.after.always('closes it', async t => {
	await t.context.browser?.close();
	await removeTemporaryFolders();
});

/** Waits until an expression holds in the page, whose policy forbids code made of text: it goes there as a function. */
async function until(page: Page, expression: string) {
	return page.waitForFunction(new Function(`return ${expression}`) as () => unknown);
}

/** Waits until the sliders have rested and all replications are shown. */
async function rested(page: Page, replications = 4): Promise<void> {
	await until(
		page,
		`document.getElementById('replications').textContent.startsWith('Mean of ${replications}') && document.getElementById('progress').textContent === ''`,
	);
}

async function tableOf(page: Page, id: string): Promise<string[][]> {
	return page.evaluate(
		`[...document.querySelectorAll('#${id} tr')].map(row => [...row.cells].map(cell => cell.textContent))`,
	);
}

const trimmed = (rows: readonly (readonly string[])[]) => rows.map(row => row.map(cell => cell.trim()));

/** Runs the command line that a page shows, and holds the page's tables against what it prints. */
async function checkNumbers(
	t: ExecutionContext<Context>,
	{command, arms, savings}: {command: string; arms: string[][]; savings: string[][]},
): Promise<{summary: Summary; experiment: Experiment}> {
	const {cwd} = t.context;
	const moving = command.includes('--replications 1 ') ? ' --baselines=false' : '';
	const {stdout} = await execa('bash', ['-c', `${command.replace('replicast', `node ${cli}`)}${moving}`], {cwd});
	const [summary] = JSON.parse(stdout) as [Summary];
	const set = [...command.matchAll(/--set (?:'([^']*)'|(\S+))/g)].map(([, quoted, bare]) => quoted ?? bare!);
	const experiment = await readExperiment(join(cwd, 'small.yaml'), {set});
	t.deepEqual(arms, trimmed([forecastHead(experiment), ...forecastRows(summary)]));
	t.deepEqual(savings, trimmed([againstHead(summary), ...againstRows(summary)]));
	return {summary, experiment};
}

async function shownBy(page: Page) {
	return {
		command: (await page.locator('#command').textContent()) ?? '',
		arms: await tableOf(page, 'arms'),
		savings: await tableOf(page, 'savings'),
	};
}

test('the page opens without a complaint, asks for nothing, and no label is cut or covered', async t => {
	for (const width of [1280, 400]) {
		const {page, complaints} = await openFile(t.context.browser, t.context.path, width);
		await rested(page);
		t.deepEqual(complaints, []);
		t.deepEqual(await badLabels(page), []);
		t.is(await page.locator('#pictures figure svg[role="img"][aria-label]').count(), 4);
		t.true(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
		t.deepEqual(await brokenWords(page), []);
		t.is(await page.locator('#measured').textContent(), 'Laid over: 1 measured run of these very settings.');
		await page.close();
	}
});

test('its numbers are those of run, and stay so when sliders are moved by keyboard', async t => {
	const {page, complaints} = await openFile(t.context.browser, t.context.path);
	await rested(page);
	const before = await checkNumbers(t, await shownBy(page));
	const press = async (label: string, key: string, times = 1) => {
		const slider = page.getByLabel(label, {exact: true});
		await slider.focus();
		for (let time = 0; time < times; time++) {
			await page.keyboard.press(key);
		}
	};
	await press('maxReplicas', 'ArrowLeft');
	await press('Memory target, of the request', 'End');
	await press('Whole load', 'ArrowRight', 2);
	await press('Price of a pod, an hour', 'ArrowRight');
	await press('Fixed number of pods to compare with', 'ArrowLeft', 2);
	await page.locator('fieldset', {hasText: 'Scaling down'}).getByLabel('Stabilization window').press('Home');
	await until(page, "document.getElementById('command').textContent.includes('--set')");
	await rested(page);
	const {summary, experiment} = await checkNumbers(t, await shownBy(page));
	t.notDeepEqual(summary.dynamic, before.summary.dynamic);
	t.is(experiment.fixed?.replicas, 4);
	t.is(experiment.autoscaler !== 'none' && experiment.autoscaler.maxReplicas, 5);
	t.regex(
		(await page.locator('#spoken').textContent()) ?? '',
		/^Mean of 4 replications, with 95 % intervals\. Dynamic: /,
	);
	t.is(
		await page.locator('#measured').textContent(),
		'The settings have left the experiment that was measured: 1 measured run laid over, of other settings.',
	);
	t.deepEqual(complaints, []);
	await page.close();
});

test('its answer is that of run, of the experiment and of moved settings, and says so while the search is still to come', async t => {
	const {cwd, browser, path} = t.context;
	const {page} = await openFile(browser, path);
	const early = await until(
		page,
		"/simulated once the sliders rest\\.$/.test(document.getElementById('reasons').textContent) && document.getElementById('reasons').textContent",
	);
	t.regex(String(await early.jsonValue()), /^Compared with 6 fixed pods alone so far; the fewest that meet the SLO /);
	const compare = async (...words: string[]) => {
		await rested(page);
		const {stdout} = await replicast(['run', 'small.yaml', ...words], {cwd, env: {COLUMNS: '100'}});
		const lines: string[] = [];
		for (const id of ['answer', 'reasons', 'standing']) {
			const text = (await page.locator(`#${id}`).textContent()) ?? '';
			t.notRegex(text, /\d %/);
			lines.push(...text.replaceAll('\u00A0', ' ').split('\n'));
		}

		t.true(lines.length >= 4);
		t.regex(lines[0]!, /pods/);
		const printed = stdout.replaceAll(/\s+/g, ' ');
		for (const line of lines) {
			t.true(printed.includes(line), `${line} in ${printed.slice(0, 900)}`);
		}
	};
	await compare();
	await page.getByLabel('maxReplicas', {exact: true}).press('ArrowRight');
	await until(page, "document.getElementById('command').textContent.includes('maxReplicas=7')");
	await compare('--set', 'autoscaler.maxReplicas=7');
	await page.close();
});

test('while a slider moves it is replication 0 that is shown, within 100 ms', async t => {
	const {page} = await openFile(t.context.browser, t.context.path);
	await rested(page);
	const slider = page.getByLabel('maxReplicas', {exact: true});
	await slider.focus();
	const times: number[] = [];
	for (let move = 0; move < 8; move++) {
		await page.keyboard.press(move % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
		const handle = await until(
			page,
			`(() => {
			const text = id => document.getElementById(id).textContent;
			const table = id => [...document.querySelectorAll('#' + id + ' tr')].map(row => [...row.cells].map(cell => cell.textContent));
			return text('replications') === 'Replication 0 alone' && /ms after/.test(text('progress')) &&
				{command: text('command'), arms: table('arms'), savings: table('savings'), ms: Number.parseInt(text('progress'), 10)};
		})()`,
		);
		const {ms, ...shown} = (await handle.jsonValue()) as Awaited<ReturnType<typeof shownBy>> & {ms: number};
		times.push(ms);
		if (move === 0) {
			t.regex(shown.command, /--replications 1 /);
			await checkNumbers(t, shown);
		}

		await rested(page);
	}

	t.log(`${times.join(', ')} ms`);
	t.true(Math.min(...times) < 100, String(times)); // a busy machine may be slow now and then
	await page.close();
});

test('the address holds the settings, and says in one line what is wrong with others', async t => {
	const {page, complaints} = await openFile(t.context.browser, t.context.path);
	await rested(page);
	const slider = page.getByLabel('maxReplicas', {exact: true});
	await slider.press('ArrowRight');
	await until(page, "location.hash === '#maxReplicas=7'");
	await page.reload();
	await rested(page);
	t.is(await slider.getAttribute('aria-valuetext'), '7 pods');
	t.regex((await page.locator('#command').textContent()) ?? '', /--set autoscaler.maxReplicas=7 /);
	await page.evaluate("location.hash = '#load=2&scaleUp.selectPolicy=Min'");
	await until(page, "/perSecond/.test(document.getElementById('command').textContent)");
	t.is(await slider.getAttribute('aria-valuetext'), '6 pods');
	t.is(await page.getByLabel('Whole load').getAttribute('aria-valuetext'), '× 2');
	await page.evaluate("location.hash = '#load=much'");
	const fault = page.getByRole('alert');
	await fault.filter({hasText: 'Expected load'}).waitFor();
	t.regex((await fault.textContent()) ?? '', /^Expected load in the address to be one of 0\.1, .*, 5, got "much"$/);
	await page.evaluate("location.hash = '#minReplicas=9'");
	await fault.filter({hasText: 'Expected maxReplicas to be at least minReplicas, 9, got 6'}).waitFor();
	t.is(await page.evaluate('location.hash'), '#minReplicas=9', 'left to be mended');
	await page.getByRole('button', {name: 'Back to the experiment’s settings'}).click();
	await until(page, "location.hash === ''");
	t.is(await fault.textContent(), '');
	t.deepEqual(complaints, []);
	await page.close();
});

test('the manifest is copied, and is one that Kubernetes takes', async t => {
	const {page} = await openFile(t.context.browser, t.context.path);
	await rested(page);
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await page.getByLabel('minReplicas', {exact: true}).press('ArrowRight');
	await page.getByRole('button', {name: 'Copy the manifest'}).click();
	await page.locator('#manifest-copied', {hasText: 'Copied'}).waitFor();
	const copied = parse(await page.evaluate<string>('navigator.clipboard.readText()'));
	t.is(copied.kind, 'HorizontalPodAutoscaler');
	t.is(hpaSpecOf(copied).minReplicas, 3);
	await page.close();
});

test('it is usable by keyboard and by ear, light and dark', async t => {
	const {page} = await openFile(t.context.browser, t.context.path);
	await rested(page);
	t.deepEqual(await accessibilityFaults(page), []);

	const visited: string[] = [];
	await page.evaluate('document.body.focus()');
	for (let step = 0; step < 4; step++) {
		await page.keyboard.press('Tab');
		visited.push(await page.evaluate<string>('document.activeElement.id'));
	}

	t.deepEqual(visited, [
		'skip',
		'control-cpu.averageUtilization',
		'control-memory.averageUtilization',
		'control-minReplicas',
	]);
	await page.getByRole('button', {name: 'Skip to the results'}).press('Enter');
	t.is(await page.evaluate<string>('document.activeElement.id'), 'results');
	await page.getByLabel('maxReplicas', {exact: true}).press('ArrowRight');
	t.is(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'solid');
	await page.getByLabel('maxReplicas', {exact: true}).press('ArrowLeft');
	await rested(page);
	t.regex(await page.locator('main').ariaSnapshot(), /img "Replicas over time\. Dynamic, replication 0: 2 → /);
	t.regex(
		await page.locator('form').ariaSnapshot(),
		/slider "CPU target, of the request": "70 %"|slider "CPU target, of the request"/,
	);
	await page.close();
});

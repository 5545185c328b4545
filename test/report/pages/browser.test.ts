import {cp, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import type {Browser} from 'playwright-core';
import {removeTemporaryFolders, replicast, temporaryFolder, writeSmall} from '../../cli/run-command.ts';
import {checkSpecification} from '../charts/specification.ts';
import {accessibilityFaults, badLabels, brokenWords, openFile, startBrowser, tooWide} from './browser.ts';

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

test('it is dark where its reader wants that', async t => {
	const path = join(t.context.cwd, 'reports', 'simulated', 'small', 'report.html');
	const {page} = await openFile(t.context.browser, path);
	const paper =
		'getComputedStyle(document.querySelector("figure svg rect")).fill + getComputedStyle(document.body).backgroundColor';
	const light = await page.evaluate(paper);
	await page.emulateMedia({colorScheme: 'dark'});
	const dark = await page.evaluate(paper);
	t.is(light, 'rgb(255, 255, 255)rgb(255, 255, 255)');
	t.is(dark, 'rgb(22, 24, 27)rgb(22, 24, 27)');
	await page.close();
});

/** Checks a page on a telephone, on a screen and on paper: it is no wider, no number is broken, axe finds nothing. */
async function checkSizes(t: ExecutionContext<{browser: Browser}>, path: string): Promise<void> {
	for (const width of [400, 1280]) {
		const {page} = await openFile(t.context.browser, path, width);
		t.deepEqual(await tooWide(page), [], `${path} at ${width} px`);
		t.deepEqual(await brokenWords(page), [], `${path} at ${width} px`);
		t.deepEqual(await accessibilityFaults(page), [], `${path} at ${width} px`);
		await page.close();
	}

	const {page} = await openFile(t.context.browser, path, 700); // A4 less its margins
	await page.emulateMedia({media: 'print'});
	t.deepEqual(await brokenWords(page), [], `${path} in print`);
	t.deepEqual(
		await page.evaluate(
			`[...document.querySelectorAll('.table')].filter(({scrollWidth, clientWidth}) => scrollWidth > clientWidth + 1).map(({textContent}) => textContent.slice(0, 60))`,
		),
		[],
		`${path} in print`,
	);
	await page.close();
}

test('a table that scrolls is reached by keyboard, and its first column stays', async t => {
	const path = join(t.context.cwd, 'reports', 'simulated', 'small', 'report.html');
	const {page} = await openFile(t.context.browser, path, 400);
	const table = page.locator('.table:visible').first();
	await table.focus();
	await page.keyboard.press('ArrowRight');
	await page.waitForFunction(
		() =>
			(globalThis as never as {document: {activeElement: {scrollLeft: number}}}).document.activeElement.scrollLeft > 0,
	);
	t.is(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'solid');
	const left = await table
		.locator('tbody th')
		.first()
		.evaluate(cell => cell.getBoundingClientRect().left);
	t.true(left >= 0, String(left));
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
	// Each percentile's measured row below its simulated one, although not every row has an interval.
	const labels = await page.locator('#validation-latency svg text:not([stroke])').allTextContents();
	const evidence = labels.flatMap(label => /(?:simulated|measured)$/.exec(label)?.[0] ?? []);
	t.deepEqual(evidence, ['simulated', 'measured', 'simulated', 'measured', 'simulated', 'measured']);
	const tops = await page.evaluate<number[]>(
		'[...document.querySelectorAll("#validation-latency svg text:not([stroke])")].filter(text => /(simulated|measured)$/.test(text.textContent)).map(text => text.getBoundingClientRect().top)',
	);
	t.deepEqual(
		tops,
		tops.toSorted((a, b) => a - b),
	);
	await page.close();
});

test('the page of tune --html opens likewise', async t => {
	const {cwd, file, browser} = t.context;
	const words = ['--budget', '60', '--subject-to', 'p95<8s', '--html'];
	const {stderr, exitCode} = await replicast(['tune', file, ...words], {cwd});
	t.is(exitCode, 0, stderr);
	const path = join('reports', 'tuned', 'small', 'report.html');
	t.true(stderr.includes(`Written to ${path}`), stderr);
	const {page, complaints} = await openFile(browser, join(cwd, path));
	t.deepEqual(complaints, []);
	t.deepEqual(await badLabels(page), []);
	t.deepEqual(await page.evaluate<string[]>('[...document.querySelectorAll("figure")].map(({id}) => id)'), [
		'front',
		'objective',
		'sensitivity',
	]);
	t.regex((await page.locator('body').textContent()) ?? '', /Least cost per hour with p95<8s\./);
	const tuned = await json(cwd, path, '..', 'tune.json');
	const shown = tuned.candidates.filter(({heldOut}: {heldOut: boolean}) => heldOut);
	t.is(await page.locator('#front tbody tr').count(), shown.length);
	t.is(await page.locator('pre').textContent(), await readFile(join(cwd, path, '..', 'recommended.yaml'), 'utf8'));
	await page.close();
});

test('audit --html writes a page with every claim, its verdict and the reason', async t => {
	const {cwd, browser} = t.context;
	const claims = fileURLToPath(new URL('../../../../experiments/claims-fictitious.yaml', import.meta.url));
	const {stderr, exitCode} = await replicast(['audit', claims, '--html'], {cwd});
	t.is(exitCode, 0, stderr);
	const path = join('reports', 'audited', 'claims-fictitious.html');
	t.true(stderr.includes(`Written to ${path}`), stderr);
	const {stdout} = await replicast(['audit', claims, '--json'], {cwd});
	const {page, complaints} = await openFile(browser, join(cwd, path));
	t.deepEqual(complaints, []);
	const rows = await page.evaluate<string[][]>(
		'[...document.querySelectorAll("tbody tr")].map(row => [...row.cells].map(cell => cell.textContent))',
	);
	const audited: {id: string; because: string}[] = JSON.parse(stdout).claims;
	t.deepEqual(
		rows.map(([id, , , because]) => [id, because]),
		audited.map(({id, because}) => [id, because]),
	);
	await page.close();
});

test('index leads to every page and picture of a folder, with the answer of each page', async t => {
	const {cwd, file, browser} = t.context;
	const drawn = await replicast(
		['run', file, '--html', '--charts', 'reports/simulated', '--out', 'reports/simulated'],
		{cwd},
	);
	t.is(drawn.exitCode, 0, drawn.stderr);
	await writeFile(join(cwd, 'reports', "a 'strange' <page>#1.html"), '<title>&lt;b&gt;strange&lt;/b&gt;</title>');
	const {stdout, stderr, exitCode} = await replicast(['index'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /^Written to reports\/index\.html: leads to 5 pages and \d+ pictures$/m);
	const {page, complaints} = await openFile(browser, join(cwd, 'reports', 'index.html'));
	t.deepEqual(
		complaints.filter(text => !/^asks for file:.*\/reports\/\w+\/small\/[\w-]+\.svg$/.test(text)),
		[],
	);
	t.is(await page.locator('h2', {hasText: '<b>strange</b>'}).count(), 1);
	const small = page.locator('article', {has: page.locator('a[href="simulated/small/report.html"]')});
	t.regex((await small.locator('p').first().textContent()) ?? '', /^No objective set|^SLO /);
	await page.evaluate('document.querySelectorAll("img").forEach(image => { image.loading = "eager"; })');
	await page.waitForFunction(
		'[...document.querySelectorAll("img")].every(image => image.complete && image.naturalWidth > 0)',
	);
	const links = await page.evaluate<string[]>('[...document.querySelectorAll("a")].map(({href}) => href)');
	t.is(links.length, 5 + (await page.locator('img').count()));
	t.true((await page.locator('img').count()) >= 6);
	await Promise.all(links.map(async href => readFile(fileURLToPath(href))));
	await page.close();
});

for (const path of [
	'index.html',
	'simulated/small/report.html',
	'compared/small.html',
	'tuned/small/report.html',
	'audited/claims-fictitious.html',
]) {
	test(`no number of ${path} is broken on a telephone, a screen or paper, and axe finds no fault`, async t => {
		await checkSizes(t, join(t.context.cwd, 'reports', path));
	});
}

const alwaysThere = [
	'cost-comparison',
	'energy',
	'latency-percentiles',
	'multi-tenant-latency',
	'pareto-front',
	'performance-under-load',
	'resource-utilization',
	'scaling-timeline',
];

const json = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'));

test('poster makes its data sets as specification, SVG, PNG, CSV and JSON, of the figures of its records', async t => {
	const {cwd} = t.context;
	const {stdout, stderr, exitCode} = await replicast(['poster', '--records', 'kept', '--out', 'kept/poster'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /^cost-efficiency: SLO met .*\ndynamic-scaling: SLO met /);
	t.regex(stdout, /^Written to kept\/poster: 8 charts/m);
	const out = join(cwd, 'kept', 'poster');
	t.deepEqual(
		(await readdir(join(out, 'charts'))).sort(),
		alwaysThere.flatMap(name => [`${name}.png`, `${name}.svg`, `${name}.vl.json`]),
	);
	t.deepEqual(
		(await readdir(join(out, 'data'))).sort(),
		['audit', ...alwaysThere, 'kpis'].sort().flatMap(name => [`${name}.csv`, `${name}.json`]),
	);
	for (const name of alwaysThere) {
		await checkSpecification(t, name, await json(out, 'charts', `${name}.vl.json`));
		const png = await readFile(join(out, 'charts', `${name}.png`));
		t.is(png.readUInt32BE(16), 2126, name);
		t.is(png.readUInt32BE(41), 11_811, name);
	}

	const load = await json(out, 'records', 'performance-under-load', 'summary.json');
	const kpis: {kpi: string; evidence: string; value: number; low: number}[] = await json(out, 'data', 'kpis.json');
	const throughput = kpis.filter(({kpi}) => kpi === 'Throughput under load');
	const {mean, low} = load.dynamic.throughputPerSecond;
	t.like(throughput, [
		{evidence: 'simulated', value: mean, low},
		{evidence: 'claimed', value: 50},
	]);
	const {rows} = await json(out, 'data', 'cost-comparison.json');
	const cost = await json(out, 'records', 'cost-efficiency', 'summary.json');
	t.like(rows[0], {category: 'dynamic', evidence: 'simulated', value: cost.dynamic.costPerHour.mean});
	t.like(rows[1], {category: 'dynamic', evidence: 'claimed', value: 0.058});
});

for (const sheet of [
	{name: 'a0', points: [2384, 3370]},
	{name: 'a4', points: [595, 842]},
]) {
	test(`the poster on ${sheet.name} opens without a complaint, all of it is on the sheet, and it is printed`, async t => {
		const out = join(t.context.cwd, 'kept', 'poster');
		const {page, complaints} = await openFile(t.context.browser, join(out, `poster-${sheet.name}.html`), 1700);
		t.deepEqual(complaints, []);
		t.deepEqual(await badLabels(page), []);
		t.deepEqual(await page.evaluate(overflowing), []);
		t.is(await page.locator('.kpi').count(), 6);
		t.is(await page.locator('.audit tbody tr').count(), (await json(out, 'data', 'audit.json')).length);
		t.regex(
			(await page.locator('footer').textContent()) ?? '',
			/kept\/poster\/records\/dynamic-scaling\/dynamic [\da-f]{12}/,
		);
		await page.close();
		const pdf = await readFile(join(out, `poster-${sheet.name}.pdf`), 'latin1');
		const [, width, height] = /\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
		t.deepEqual([width, height].map(Number).map(Math.round), sheet.points);
		t.is(pdf.match(/\/Type ?\/Page\b/g)?.length, 1);
	});
}

/** Parts of the sheet whose contents do not fit them. */
const overflowing = `[...document.querySelectorAll('.sheet, .audit, .kpi, .reasons, figure')]
	.filter(part => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1)
	.map(part => part.className || part.id)`;

test('poster EXPERIMENT… fills its sheet with charts of them, their answers as run has them, title and authors', async t => {
	const {cwd, file, browser} = t.context;
	await writeSmall(join(cwd, 'other.yaml'), text => text.replace('name: small', 'name: other'));
	const words = ['--title', 'Ours <&>', '--authors', 'A. One, B. Two', '--out', 'own'];
	for (const [files, charts, columns] of [
		[[file], 5, 2],
		[[file, 'other.yaml'], 10, 3],
	] as const) {
		const {stdout, stderr, exitCode} = await replicast(['poster', ...files, ...words], {cwd});
		t.is(exitCode, 0, stderr);
		t.regex(stdout, new RegExp(`^Written to own: ${charts} charts`, 'm'));
		for (const sheet of ['a0', 'a4']) {
			const {page, complaints} = await openFile(browser, join(cwd, 'own', `poster-${sheet}.html`), 1700);
			t.deepEqual(complaints, []);
			t.deepEqual(await badLabels(page), []);
			t.deepEqual(await page.evaluate(overflowing), []);
			t.deepEqual(await brokenWords(page), []);
			t.deepEqual(await accessibilityFaults(page), []);
			t.is(await page.locator('h1').textContent(), 'Ours <&>');
			t.is(await page.locator('.authors').textContent(), 'A. One, B. Two');
			t.is(await page.locator('figure').count(), charts);
			const answer = (await page.locator('.answer').first().textContent()) ?? '';
			const {stdout: report} = await replicast(['run', file], {cwd, env: {COLUMNS: '100'}});
			t.true(report.replaceAll(/\s+/g, ' ').includes(` ${answer.replace('small: ', '')} `), answer);
			// The grid reaches the foot of the sheet, and its cells are about equally tall.
			const [foot, sizes] = await page.evaluate<[number, number[]]>(
				`[document.querySelector('footer').getBoundingClientRect().top - document.querySelector('main').getBoundingClientRect().bottom,
				[...document.querySelectorAll('figure')].map(figure => figure.getBoundingClientRect().height)]`,
			);
			t.true(foot >= 0 && foot < 40, String(foot));
			t.true(Math.max(...sizes) - Math.min(...sizes) < 2);
			t.is(
				await page.evaluate(`getComputedStyle(document.querySelector('main')).gridTemplateColumns.split(' ').length`),
				columns,
			);
			t.regex((await page.locator('.reasons').textContent()) ?? '', /How far to trust it.*Trust: /s);
			await page.close();
		}
	}

	const many = await replicast(['poster', ...Array.from({length: 12}, () => file)], {cwd});
	t.is(many.exitCode, 2);
	t.is(many.stderr, 'Expected at most 11 experiments for a poster, got 12\n');
});

test('with measured records it shows them and what they say of the simulator; without a browser it says that it prints nothing', async t => {
	const {cwd} = t.context;
	const out = join(cwd, 'kept', 'poster');
	for (const name of ['dynamic-scaling', 'performance-under-load']) {
		const folder = join(cwd, 'kept', 'measured', name, 'dynamic-0');
		await mkdir(folder, {recursive: true});
		await cp(join(out, 'records', name, 'dynamic'), folder, {recursive: true});
		await writeFile(
			join(folder, 'record.json'),
			JSON.stringify({...(await json(folder, 'record.json')), engine: 'measured'}),
		);
	}

	const words = ['poster', '--records', 'kept', '--out', 'kept/poster'];
	const {stdout, stderr, exitCode} = await replicast(words, {cwd, env: {CHROME_PATH: '/nowhere/chromium'}});
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /9 charts/);
	t.regex(stdout, /^No PDF: no Chromium was found/m);
	t.false((await readdir(out)).some(name => name.endsWith('.pdf')));
	const {page, complaints} = await openFile(t.context.browser, join(out, 'poster-a0.html'), 1700);
	t.deepEqual(complaints, []);
	t.deepEqual(await badLabels(page), []);
	t.deepEqual(await page.evaluate(overflowing), []);
	t.is(await page.locator('.kpi .measured').count(), 4);
	await page.close();
	const {rows} = await json(out, 'data', 'latency-percentiles.json');
	t.true(rows.some(({series}: {series: string}) => series === 'measured'));
});

import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {removeTemporaryFolders, replicast, small, temporaryFolder} from './run-command.ts';

// One process at a time: each uses all cores.
const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const bookIn = (currency: string, unit: string, price: number) =>
	`apiVersion: replicast/v1\nkind: PriceBook\nname: ours\ndate: 2026-01-01\ncurrency: ${currency}\nbilling: per-pod\nperPodHour: {value: ${price}, unit: ${unit}, source: list}\n`;

/** A folder with a price book in euro. */
const prepare = async () => {
	const folder = await temporaryFolder();
	await writeFile(join(folder, 'eur.yaml'), bookIn('EUR', '€/h', 0.05));
	return {folder, set: ['--set', `prices=${join(folder, 'eur.yaml')}`, '--out', join(folder, 'out')]};
};

/** Lines with a dollar sign in front of a number, or as a unit. */
const inDollars = (text: string) => text.split('\n').filter(line => /\$\d|\$\//.test(line));

const hasElectricity = (line: string) => /electricity|of it idle/.test(line);

test('a run priced in euro says so in every report, and in no other currency', async t => {
	const {folder, set} = await prepare();
	const own = ['--price-book', join(folder, 'eur.yaml')];
	const {stdout, exitCode, stderr} = await replicast(['run', small, '--full', ...set, ...own, '--html']);
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /cost per hour +│ €0\.\d+/);
	t.regex(stdout, /per month of 30 days +│ +-?€/);
	t.deepEqual(
		inDollars(stdout).filter(line => !hasElectricity(line)),
		[],
	);
	for (const file of ['report.md', 'report.html']) {
		const report = await readFile(join(folder, 'out', 'small', file), 'utf8');
		t.regex(report, /€0\.\d+/);
		t.regex(report, file === 'report.html' ? /Cost \[€\/h\]/ : /cost per hour/);
		t.deepEqual(
			inDollars(report.replaceAll('<tr>', '\n')).filter(line => !hasElectricity(line)),
			[],
			file,
		);
	}

	const [summary] = JSON.parse((await replicast(['run', small, ...set, ...own, '--json'])).stdout);
	t.is(summary.economics.currency, 'EUR');
	t.deepEqual(
		summary.economics.billing.map(({currency}: {currency: string}) => currency),
		['EUR'],
	);
});

test('price books of other currencies stand beside it in their own, and a note says that nothing is converted', async t => {
	const {folder, set} = await prepare();
	const {stdout} = await replicast(['run', small, '--full', ...set]);
	t.regex(stdout, /│ ours +│ €/);
	t.regex(stdout, /│ fargate +│ \$/);
	t.regex(stdout, /Ways of billing are in EUR, USD, each in its own: they are not converted/);
	t.notRegex((await replicast(['run', small, '--out', join(folder, 'dollars')])).stdout, /not converted/);
});

test('so does tuning', async t => {
	const {folder, set} = await prepare();
	const words = ['tune', small, ...set, '--budget', '40', '--replications', '2', '--subject-to', 'p95<60s', '--html'];
	const {stdout, stderr, exitCode} = await replicast(words);
	t.is(exitCode, 0, stderr);
	t.regex(stderr, /best so far €/);
	t.regex(stdout, /cost per hour +│ €/);
	t.deepEqual(inDollars(stdout), []);
	const read = async (file: string) => readFile(join(folder, 'out', 'small', file), 'utf8');
	t.is(JSON.parse(await read('tune.json')).units.costPerHour, '€/h');
	t.regex(await read('report.html'), /Cost \[€\/h\]/);
	t.regex(await read('recommended.yaml'), /expected-cost: "?€/);
	t.deepEqual(inDollars(await read('report.md')), []);
});

test('the page that simulates shows the price in euro', async t => {
	const {folder, set} = await prepare();
	const page = join(folder, 'page.html');
	const {exitCode, stderr} = await replicast(['explore', small, ...set.slice(0, 2), '--out', page]);
	t.is(exitCode, 0, stderr);
	t.regex(await readFile(page, 'utf8'), /"currency":"EUR"/);
});

test('custom prices of OpenCost bill a run', async t => {
	const folder = await temporaryFolder();
	await writeFile(join(folder, 'rack.json'), '{"CPU": "0.02", "RAM": "0.004", "GPU": "0.95", "currencyCode": "GBP"}');
	const words = ['run', small, '--set', `prices=${join(folder, 'rack.json')}`, '--json', '--out', join(folder, 'out')];
	const [summary] = JSON.parse((await replicast(words)).stdout);
	const [own] = summary.economics.billing;
	t.like(own, {prices: 'rack', currency: 'GBP', kind: 'per-resource'});
	// Six pods of half a core and a gibibyte.
	t.true(Math.abs(own.fixed.costPerHour.mean - 6 * (0.5 * 0.02 + 0.004)) < 1e-9);
});

test('a claim in euro is audited against an experiment priced in euro, one in dollars is refused', async t => {
	const {folder} = await prepare();
	const claims = (unit: string) => `apiVersion: replicast/v1
kind: Claims
name: ours
publication: ours
claims:
  - {id: cost, text: cost, claimed: 0.3, unit: ${unit}, experiment: {file: ${small}, set: [prices=${join(folder, 'eur.yaml')}], figure: fixed.costPerHour}}
`;
	await writeFile(join(folder, 'claims.yaml'), claims('€/h'));
	const {stdout, exitCode, stderr} = await replicast(['audit', join(folder, 'claims.yaml')]);
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /€0\.3/);
	t.regex(stdout, /reproduced/i);
	await writeFile(join(folder, 'claims.yaml'), claims('$/h'));
	const refused = await replicast(['audit', join(folder, 'claims.yaml')]);
	t.is(refused.exitCode, 2);
	t.regex(refused.stderr, /to be in units that fit \$\/s, got fixed\.costPerHour, which is in €\/s\n$/);
	t.is(refused.stderr.trimEnd().split('\n').length, 1);
});

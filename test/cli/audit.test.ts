import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest from 'ava';
import {parse, stringify} from 'yaml';
import type {AuditedClaim} from '../../src/audit/audit.ts';
import {replicate} from '../../src/forecast/replicate.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {writeRecord} from '../../src/store/records/write-record.ts';
import {removeTemporaryFolders, replicast, temporaryFolder} from './run-command.ts';

// One process at a time: each uses all cores.
const test = anyTest.serial;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const poster = join(root, 'experiments', 'claims-poster.yaml');
const fictitious = join(root, 'experiments', 'claims-fictitious.yaml');

let audited: AuditedClaim[] = [];
const claim = (id: string): AuditedClaim => {
	const found = audited.find(other => other.id === id);
	if (found === undefined) {
		throw new Error(`no claim ${id}`);
	}

	return found;
};

const auditOf = async (file: string, ...words: string[]) => {
	const {stdout, stderr, exitCode} = await replicast(['audit', file, '--json', ...words], {
		cwd: await temporaryFolder(),
	});
	if (exitCode !== 0) {
		throw new Error(stderr);
	}

	return JSON.parse(stdout).claims as AuditedClaim[];
};

/** Claims file with one claim of the poster, so that one experiment is simulated. */
async function writeOneClaim(id: string): Promise<string> {
	const file = parse(await readFile(poster, 'utf8'));
	const one = file.claims.find((other: {id: string}) => other.id === id);
	for (const from of [one.experiment, one.measured]) {
		from.file = join(root, 'experiments', from.file);
	}

	const path = join(await temporaryFolder(), 'one-claim.yaml');
	await writeFile(path, stringify({...file, figures: [], claims: [one]}));
	return path;
}

anyTest.before(async () => {
	audited = await auditOf(poster);
});

anyTest.after.always(removeTemporaryFolders);

const near = (value: number | null, expected: number) => value !== null && Math.abs(value - expected) < 1e-6;

test('every claim of the poster has its verdict, in one form', t => {
	t.true(audited.length >= 30, String(audited.length));
	for (const row of audited) {
		const keys = ['id', 'text', 'claimed', 'unit', 'verdict', 'value', 'low', 'high', 'because'];
		t.deepEqual(Object.keys(row), keys);
		t.true(['reproduced', 'inconsistent', 'not-supported', 'contradicted'].includes(row.verdict));
		t.true(row.because.length > 10, row.id);
	}
});

test('the savings follow from the prices, hour, day and month', t => {
	for (const [id, value] of [
		['hourly-fixed', 0.174],
		['hourly-savings', 0.116],
		['daily-savings', 2.784],
		['monthly-savings', 83.52],
	] as const) {
		t.is(claim(id).verdict, 'reproduced', id);
		t.true(near(claim(id).value, value), id);
	}
});

test('a year is 12 × 30 days there; 365 days give $1,016.16', t => {
	t.is(claim('yearly-savings').verdict, 'inconsistent');
	t.true(near(claim('yearly-savings').value, 1016.16));
	t.is(claim('yearly-savings').claimed, 1002.24);
	t.regex(claim('yearly-savings').because, /hourly-savings.*\$1,016\.16.*360 days: \$1,002\.24/);
});

test('$0.116 of $0.174 are two thirds, not 60 %, which would be 2.4 pods', t => {
	t.is(claim('reduction').verdict, 'inconsistent');
	t.true(near(claim('reduction').value, 2 / 3));
	t.is(claim('reduction').claimed, 0.6);
	t.regex(claim('reduction').because, /2\.4 pods/);
});

test('the dynamic price assumes two pods all the time', t => {
	const {verdict, value, because} = claim('hourly-dynamic');
	t.is(verdict, 'not-supported');
	t.true(near(value, 0.058));
	t.regex(because, /two pods all the time/);
	t.regex(because, /The simulation of cost-efficiency gives \$0\.\d+\/h \[/);
});

test('15 users at a second make at most 15 requests/s; 50 of them leave 60 ms of CPU', t => {
	const {verdict, value, because} = claim('throughput');
	t.is(verdict, 'inconsistent');
	t.true(near(value, 15));
	t.regex(because, /concurrent-users and response-time/);
	t.regex(because, /60 core ms\/request/);
	t.regex(because, /the simulated model-work/);
});

test('50 sessions make 50 requests/s only without think time', t => {
	t.is(claim('multi-tenant-throughput').verdict, 'not-supported');
	t.regex(claim('multi-tenant-throughput').because, /none of the 50 sessions ever reads or thinks/);
});

test('2 → 3 follows from 87 % of 70 %, 3 → 6 needs more than 116.7 %', t => {
	t.like(claim('second-pods'), {verdict: 'reproduced', value: 3});
	t.like(claim('third-pods'), {verdict: 'inconsistent', value: 4});
	t.regex(claim('third-pods').because, /116\.7 %/);
});

test('what is multiplied is reproduced: 3×, 3000m, 6144Mi', t => {
	t.like(claim('scaling-factor'), {verdict: 'reproduced', value: 3});
	t.like(claim('maximum-cpu'), {verdict: 'reproduced', value: 3000});
	t.like(claim('maximum-memory'), {verdict: 'reproduced', value: 6144});
});

test('simulations are told with their intervals', t => {
	const {value, low, high} = claim('memory-utilization');
	t.true(low! <= value! && value! <= high! && low! < high!);
	t.is(claim('memory-utilization').verdict, 'not-supported');
});

test('claims in words are there, and say what would show them', t => {
	for (const id of ['zero-manual-intervention', 'self-healing', 'production-ready', 'tenant-isolation']) {
		t.like(claim(id), {verdict: 'not-supported', claimed: null, unit: null, value: null});
		t.regex(claim(id).because, /^To be measured or shown: /);
	}

	t.is(claim('exponential-growth').verdict, 'inconsistent');
	t.is(claim('no-network-latency').verdict, 'not-supported');
});

test('--full has a row for each claim, within 100 columns; without it the ten worst stand', async t => {
	const short = (await replicast(['audit', fictitious])).stdout;
	const {stdout, exitCode} = await replicast(['audit', fictitious, '--full']);
	t.is(exitCode, 0);
	t.regex(stdout, /Audit of FICTITIOUS/);
	t.regex(stdout, /14 claims: \d+ reproduced, \d+ inconsistent, \d+ not supported, 0 contradicted/);
	for (const line of `${stdout}${short}`.split('\n')) {
		t.true(line.length <= 100, line);
	}

	const idsIn = (text: string) =>
		text.split('\n').flatMap(line => /^│ (\S+).*│ (?:INCONSISTENT|CONTRADICTED|not|reproduced)/.exec(line)?.[1] ?? []);
	t.is(idsIn(stdout).length, 14);
	const worst = idsIn(short);
	t.is(worst.length, 10);
	t.regex(short, /^- 4 more: --full$/m);
	const verdicts = (await auditOf(fictitious)).map(({verdict}) => verdict);
	const fallen = verdicts.filter(verdict => verdict === 'inconsistent').length;
	t.is(short.match(/INCONSISTENT/g)?.length, fallen);
});

test('--brief is the answer in six lines that fit the terminal', async t => {
	const {stdout, exitCode, stderr} = await replicast(['audit', poster, '--brief'], {
		cwd: await temporaryFolder(),
		env: {COLUMNS: '80'},
	});
	t.is(exitCode, 0, stderr);
	const lines = stdout.trimEnd().split('\n');
	t.is(lines.length, 6);
	t.deepEqual(
		lines.slice(0, -1).filter(line => line.length > 80),
		[],
	);
	const count = (verdict: string) => audited.filter(row => row.verdict === verdict).length;
	t.true(
		lines[0]!.endsWith(
			`of ${audited.length} claims ${count('reproduced')} stand, ${count('inconsistent') + count('contradicted')} fall, ${count('not-supported')} unsupported`,
		),
		lines[0],
	);
	t.is(lines[1], '  Worst: throughput: claimed 50 requests/s, 15 requests/s found');
	t.regex(lines[2]!, /^ {2}Also wrong: [a-z-]+, .* and \d+ more$/);
	const both = await replicast(['audit', poster, '--brief', '--json']);
	t.is(both.exitCode, 2);
	t.is(both.stderr, 'Expected one of --json, --full and --brief, got --json and --brief\n');
});

test('another publication’s claims, with units of their own', async t => {
	const rows = await auditOf(fictitious);
	const verdictOf = (id: string) => rows.find(row => row.id === id)?.verdict;
	t.is(verdictOf('gpus'), 'reproduced');
	t.is(verdictOf('monthly-cost'), 'reproduced');
	t.is(verdictOf('request-rate'), 'reproduced');
	t.is(verdictOf('cost-per-request'), 'inconsistent');
	t.is(verdictOf('parallel-answers'), 'inconsistent');
	t.is(verdictOf('monthly-emissions'), 'inconsistent');
	t.is(verdictOf('availability'), 'not-supported');
});

test('a measured record contradicts, an invalid one and a simulated one do not', async t => {
	const folder = await temporaryFolder();
	const experiment = await readExperiment(join(root, 'experiments', 'self-healing.yaml'), {profile: 'bench'});
	const {dynamic} = replicate(experiment, 0, {record: true}).recordings!;
	const half = dynamic.tables.requests.outcome.map((outcome, row) => (row % 2 === 0 ? ('failed' as const) : outcome));
	const failing = {...dynamic, tables: {...dynamic.tables, requests: {...dynamic.tables.requests, outcome: half}}};
	const write = (name: string, head: object) =>
		writeRecord(join(folder, name, 'dynamic'), {...failing, head: {...failing.head, ...head}});
	write('simulated', {});
	write('invalid', {engine: 'measured', validity: {valid: false, reasons: ['a test']}});
	const claims = await writeOneClaim('availability-self-healing');
	const before = await auditOf(claims, '--records', folder);
	t.is(before.find(({id}) => id === 'availability-self-healing')?.verdict, 'not-supported');

	write('valid', {engine: 'measured'});
	const after = await auditOf(claims, '--records', folder);
	const row = after.find(({id}) => id === 'availability-self-healing')!;
	t.is(row.verdict, 'contradicted');
	t.true(row.value! < 60);
	t.true(row.because.includes(join('valid', 'dynamic')));
});

test('a fault is told with its position, and nothing is simulated', async t => {
	const {stdout, stderr, exitCode} = await replicast(['audit', join(root, 'experiments', 'self-healing.yaml')]);
	t.is(exitCode, 2);
	t.is(stdout, '');
	t.regex(stderr, /^.*self-healing\.yaml:\d+:\d+: Expected /);
});

import {cp, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest from 'ava';
import {readRecord} from '../../../src/store/records/read-record.ts';
import {writeRecord} from '../../../src/store/records/write-record.ts';
import {workplace} from '../measured-workplace.ts';
import {removeTemporaryFolders} from '../run-command.ts';
import {checkCommand, checkFiles} from './output.ts';

/* Text of files that others wrote: whatever it holds, it stays text in a terminal, in Markdown, on pages, in pictures and
in tables. */

const test = anyTest.serial;

test('commands write to the terminal through one function, but for progress', async t => {
	const source = fileURLToPath(new URL('../../../../src/', import.meta.url));
	for (const room of ['cli', 'library', 'report']) {
		const entries = await readdir(join(source, room), {recursive: true});
		for (const name of entries.filter(each => each.endsWith('.ts') && each !== join('terminal', 'print.ts'))) {
			t.notRegex(await readFile(join(source, room, name), 'utf8'), /process\.std(?:out|err)\.write/, name);
		}
	}
});

anyTest.after.always(removeTemporaryFolders);

const text =
	'\u001b]0;title\u0007\u001b[2J\u009b31m\u202etxt <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](http://e.example/p) `z`';
const quoted = JSON.stringify(text);
const formula = JSON.stringify(`=cmd|calc ${text}`);
/** A name that a file can have. */
const fileName = text.replaceAll(/[/\\:"<>|*?]/g, '');

const isInput = (folder: string) => (path: string) => dirname(path) === folder && path.endsWith('.yaml');

const priceBook = `apiVersion: replicast/v1
kind: PriceBook
name: ${quoted}
date: 2026-11-24
billing: per-pod
perPodHour: {value: 0.03, unit: $/h, source: ${quoted}}
`;

const claims = `apiVersion: replicast/v1
kind: Claims
name: ${quoted}
publication: ${quoted}
notes: ${quoted}
claims:
  - {id: a, text: ${formula}, where: ${quoted}, claimed: 1, unit: "1", needs: ${formula}}
  - {id: b, text: ${quoted}, claimed: 5, unit: $/h, assumes: ${formula}}
  - id: c
    text: ${quoted}
    claimed: 2
    unit: "1"
    formula: a + 1
    checks: [{equals: a + 1, because: ${quoted}}]
`;

/** An experiment, its models and its measured records, in which every text that is free is hostile. */
async function hostileWorkplace(): Promise<string> {
	const {cwd, file} = await workplace({repeats: 2});
	await writeFile(join(cwd, 'prices.yaml'), priceBook);
	await writeFile(join(cwd, 'claims.yaml'), claims);
	const sound = await readFile(file, 'utf8');
	const hostile = sound
		.replace(/^description: .*$/m, `description: ${quoted}`)
		.replace(/^prices:\n(?: .*\n)+/m, '')
		.replace(/^accept:/m, 'prices: prices.yaml\naccept:');
	await writeFile(join(cwd, `${fileName}.yaml`), hostile);
	const measured = join(cwd, 'reports', 'measured', 'small');
	for (const name of await readdir(measured)) {
		const {head, tables} = await readRecord(join(measured, name));
		const decisions = {...tables.decisions, reasons: tables.decisions.reasons.map(() => JSON.stringify([text]))};
		const pods = {...tables.pods, pod: tables.pods.pod.map(pod => `${pod} ${text}`)};
		const samples = {...tables.samples, pod: tables.samples.pod.map(pod => `${pod} ${text}`)};
		const requests = {...tables.requests, pod: tables.requests.pod.map(pod => `${pod} ${text}`)};
		const versions = {...head.versions, kubernetes: text, [text]: text};
		const models = {...head.models, [text]: text};
		const validity = name.endsWith('1') ? {valid: false, reasons: [text]} : head.validity;
		writeRecord(join(measured, `${name} ${fileName}`), {
			head: {...head, versions, models, validity},
			tables: {...tables, decisions, pods, samples, requests},
		});
	}

	await cp(join(measured, 'dynamic-0'), join(cwd, 'recording'), {recursive: true});
	return cwd;
}

const yaml = `${fileName}.yaml`;

test('text of files stays text, whatever command shows it', async t => {
	const cwd = await hostileWorkplace();
	const few = ['--replications', '2'];
	const own = ['--price-book', 'prices.yaml'];
	await checkCommand(t, cwd, ['run', yaml, ...few, ...own, '--html', '--out', `run ${fileName}`]);
	await checkCommand(t, cwd, ['run', yaml, ...few, '--json', '--baselines=false', '--out', 'json']);
	await checkCommand(t, cwd, ['explore', yaml, '--out', `explore ${fileName}.html`]);
	await checkCommand(t, cwd, ['compare', yaml, '--html', '--out', `compared ${fileName}`], [0, 3, 4]);
	await checkCommand(t, cwd, ['compare', yaml, '--json'], [0, 3, 4]);
	const search = ['--budget', '20', ...few, '--subject-to', 'p95<50s'];
	await checkCommand(t, cwd, ['tune', yaml, ...search, '--html', '--out', `tuned ${fileName}`]);
	await checkCommand(t, cwd, ['audit', 'claims.yaml']);
	await checkCommand(t, cwd, ['audit', 'claims.yaml', '--json']);
	await checkFiles(t, cwd, {isInput: isInput(cwd)});
});

test('text of files stays text on a poster', async t => {
	const cwd = await hostileWorkplace();
	const words = ['poster', '--records', 'none', '--claims', 'claims.yaml', '--out', `poster ${fileName}`];
	await checkCommand(t, cwd, words);
	await checkFiles(t, join(cwd, `poster ${fileName}`));
});

test('text of files stays text where a command refuses them', async t => {
	const cwd = await hostileWorkplace();
	await mkdir(join(cwd, 'imported'));
	await writeFile(join(cwd, 'imported', 'record.json'), JSON.stringify({kind: text}));
	await writeFile(join(cwd, 'trace.csv'), `atSeconds,promptTokens,outputTokens\n${text},1,1\n1,1,1\n`);
	await writeFile(join(cwd, 'case.yaml'), `${quoted}: 1\n`);
	for (const words of [
		['run', `${text}.yaml`],
		['run', yaml, '--set', `${text}=1`],
		['run', yaml, '--profile', text],
		['run', yaml, `--${text}`],
		[text],
		['tune', yaml, '--subject-to', text],
		['trace', 'inspect', 'trace.csv'],
		['trace', 'inspect', text],
		['decide', 'case.yaml'],
		['decide', text],
		['records', 'import', 'imported', '--out', 'made'],
		['calibrate', '--from', text],
		['explore', yaml, '--record', text],
		['audit', text],
		['init', yaml],
	]) {
		await checkCommand(t, cwd, words, [2]);
	}
});

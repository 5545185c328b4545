import {copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {gzipSync} from 'node:zlib';
import anyTest, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {UserError} from '../../src/errors.ts';
import {readObservations} from '../../src/store/engine-runs/read-observations.ts';
import {readEngineModel} from '../../src/store/experiments/find-engine-model.ts';
import {findRecordings} from '../../src/store/recordings/find-recordings.ts';
import {readReplicas} from '../../src/store/recordings/read-replicas.ts';
import {RecordingReader} from '../../src/store/recordings/read-run.ts';
import {exportsOf, syntheticRun} from '../calibration/engines/synthetic-run.ts';
import {smallRecordings} from '../store/recordings/make-recordings.ts';
import {hostileValues, mutatedText} from './hostile.ts';
import {inputsOr, seed} from './reads-all.ts';
import {rewriteFile} from './rewrite-file.ts';

/* Files that other tools write, with something changed: they are read, or refused in one line, soon. */

const test = anyTest.serial;
const inputs = inputsOr(300);
/** Processor time of one input [ms]. */
const slowest = 2000;
const folder = mkdtempSync(join(tmpdir(), 'replicast-foreign-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

const hpaTable = 'NAME   REFERENCE         TARGETS        MINPODS   MAXPODS   REPLICAS   AGE\n';
const answer = {
	status: 'success',
	data: {
		resultType: 'matrix',
		result: [
			{
				metric: {__name__: 'kube_horizontalpodautoscaler_status_desired_replicas', horizontalpodautoscaler: 'a'},
				values: [
					[1_700_000_000, '1'],
					[1_700_000_015, '2'],
				],
			},
		],
	},
};
const locust = 'Type,Name,Request Count,Average Response Time,Requests/s\n,Aggregated,60,800,2.5\n';

type Reader = (path: string) => Promise<unknown>;

/** Cells, words and numbers in the places of others, and pieces taken out and put in. */
function changed(text: string): fc.Arbitrary<string> {
	const parts = text.split(/([,\s:"{}[\]=]+)/);
	const words = hostileValues.map(value => (typeof value === 'string' ? value : JSON.stringify(value)));
	const cells = fc
		.array(fc.tuple(fc.nat(parts.length - 1), fc.constantFrom(...words)), {minLength: 1, maxLength: 4})
		.map(changes => changes.reduce<string[]>((all, [index, word]) => all.with(index, word), parts).join(''));
	return fc.oneof(
		mutatedText(text),
		cells,
		fc.nat(text.length).map(end => text.slice(0, end)),
		fc.constantFrom(text.replaceAll('\n', '\r\n'), text.replaceAll(/\d+/g, '9'.repeat(400)), `\uFEFF${text}`),
	);
}

async function readsAll(t: ExecutionContext, text: string, read: Reader): Promise<void> {
	const file = join(folder, 'file');
	rewriteFile(file, text);
	await t.notThrowsAsync(async () => read(file));
	let refused = 0;
	await fc.assert(
		fc.asyncProperty(changed(text), async input => {
			rewriteFile(file, input);
			const before = process.cpuUsage();
			try {
				await read(file);
			} catch (error) {
				refused++;
				if (!(error instanceof UserError) || !/^[^\n]*: Expected [^\n]{1,2000}$/.test(error.message)) {
					throw error;
				}
			}

			const {user} = process.cpuUsage(before);
			if (user > 1000 * slowest) {
				throw new Error(`Expected to be done in ${slowest} ms, took ${user / 1000}`);
			}
		}),
		{numRuns: inputs, seed},
	);
	t.true(refused > inputs / 10, `${refused} refused`);
}

for (const [title, text] of Object.entries({
	'a CSV of replicas':
		'time,desired,current\n2026-11-28T10:00:00Z,1,1\n2026-11-28T10:00:30Z,2,1\n2026-11-28T10:02:00Z,4,4\n',
	'the table of kubectl get hpa -w': `${hpaTable}web    Deployment/web    cpu: 10%/50%   1         10        1          5m\n`,
	'a range of Prometheus': JSON.stringify(answer),
})) {
	test(title, async t => readsAll(t, text, readReplicas));
}

for (const name of ['runs.csv', 'workloads/load.csv', 'replicas/two.csv']) {
	test(`a table of recordings, ${name}`, async t => {
		const own = mkdtempSync(join(folder, 'recordings-'));
		for (const [file, content] of Object.entries(smallRecordings)) {
			mkdirSync(dirname(join(own, file)), {recursive: true});
			writeFileSync(join(own, file), file.endsWith('.gz') ? gzipSync(content) : content);
		}

		await readsAll(t, smallRecordings[name]!, async path => {
			copyFileSync(path, join(own, name));
			const reader = new RecordingReader();
			for (const listed of (await findRecordings(own)) ?? []) {
				await reader.read(listed);
			}
		});
	});
}

const tokens = {prompt: 10, output: 20};

for (const [tool, write] of Object.entries({...exportsOf, locust: () => locust})) {
	test(`an export of ${tool}`, async t => {
		const model = await readEngineModel('models/engines/llama-3.1-8b-rtx-pro-6000.yaml');
		const text = write(syntheticRun(model, {count: 12}));
		await readsAll(t, text, async path => readObservations(path, tokens));
	});
}

test('a quote that nobody closes in a table of locust is named with its line', async t => {
	const file = join(folder, 'file');
	rewriteFile(file, `${locust},"open,1,2,3\n`);
	await t.throwsAsync(readObservations(file, tokens), {name: 'UserError', message: /file:3: Expected a quote/});
});

test('a line without end in a table of kubectl get hpa takes no time', async t => {
	const file = join(folder, 'file');
	for (const line of [`a ${'/'.repeat(500_000)}`, 'a/a 1 '.repeat(100_000)]) {
		rewriteFile(file, `${hpaTable}${line}\n`);
		const before = process.cpuUsage();
		const message = /file:2:1: Expected a line of kubectl get hpa, got "a[^\n]{1,100}$/;
		await t.throwsAsync(readReplicas(file), {name: 'UserError', message});
		t.true(process.cpuUsage(before).user < 1e6);
	}

	rewriteFile(file, `${hpaTable}${'x'.repeat(5000)} Deployment/x 1%/2% 1 10 1 5m\ny Deployment/y 1%/2% 1 10 1 5m\n`);
	await t.throwsAsync(readReplicas(file), {name: 'UserError', message: /^[^\n]{100,1200}$/});
});

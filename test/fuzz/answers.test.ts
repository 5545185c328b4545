import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import anyTest from 'ava';
import fc from 'fast-check';
import {UserError} from '../../src/errors.ts';
import {readHistory} from '../../src/library/learn/read-history.ts';
import {mutatedText, mutatedValue} from './hostile.ts';
import {rewriteFile} from './rewrite-file.ts';

/* Whatever a saved answer of Prometheus holds, it is read or refused in one line, soon. */

const test = anyTest.serial;
const folder = mkdtempSync(join(tmpdir(), 'replicast-answers-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

const counter = (name: string, labels: object) => ({
	metric: {__name__: name, namespace: 'shop', pod: 'chat-7d9f8-aaaaa', ...labels},
	values: Array.from({length: 12}, (_, index) => [1_700_000_000 + index * 15, String(index * 7.5)]),
});
const answer = (...result: object[]) => ({status: 'success', data: {resultType: 'matrix', result}});
const sound = {
	all: answer(
		counter('container_cpu_usage_seconds_total', {container: 'a'}),
		counter('http_requests_total', {code: '200'}),
		counter('http_request_duration_seconds_bucket', {le: '+Inf'}),
		counter('kube_deployment_status_replicas', {deployment: 'chat'}),
	),
	inFlight: answer({
		metric: {},
		values: [
			[1_700_000_000, '1'],
			[1_700_000_015, 'NaN'],
		],
	}),
};

test('2,000 mutated answers are read or refused in one line each', async t => {
	const text = JSON.stringify(sound);
	const file = join(folder, 'answers.json');
	let [read, refused] = [0, 0];
	t.true(await readOne(text));
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(
				mutatedText(text),
				mutatedValue(sound).map(value => JSON.stringify(value) ?? ''),
			),
			async input => {
				const begin = performance.now();
				(await readOne(input)) ? read++ : refused++;
				if (performance.now() - begin > 3000) {
					throw new Error('Expected an answer soon');
				}
			},
		),
		{numRuns: 2000, seed: 20_261_129},
	);
	t.true(read > 100 && refused > 100, `${read} read, ${refused} refused`);

	/** Whether a text was read; else it was refused in one line. */
	async function readOne(input: string): Promise<boolean> {
		rewriteFile(file, input);
		try {
			const {steps, series} = await readHistory({exports: file, out: folder, workload: 'shop/chat'});
			if (Object.values(series).some(values => values.length !== steps)) {
				throw new Error('Expected all series to have the same steps');
			}

			return true;
		} catch (error) {
			if (!(error instanceof UserError) || error.message.includes('\n') || error.message.length > 1500) {
				throw error;
			}

			return false;
		}
	}
});

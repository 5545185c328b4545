import {existsSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {TraceTransform} from '../../src/experiment/workload-schema.ts';
import {readExperiment} from '../../src/files/read-experiment.ts';
import {traceArrivals} from '../../src/files/read-trace.ts';
import {faultsOf, inFolder, sound} from './scratch.ts';

const azure = `TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:15:46.6805900,374,44
2023-11-16 18:15:50.9951690,396,109
2023-11-16 18:15:51.2224670,879,55
2023-11-16 18:15:48.0000000,91,16
`;
const plain = 'atSeconds,promptTokens,outputTokens\r\n0.5,10,4\r\n1.5,20,5\r\n2.5,30,6\r\n3.5,40,7\r\n';
const bent = (text: string, transform: object = {}) => traceArrivals(text, TraceTransform.parse(transform));

test('the Azure trace becomes seconds from its first request, in the order of time', t => {
	t.deepEqual(bent(azure), {
		process: 'trace',
		at: [0, 1.31941, 4.314579, 4.541877],
		promptTokens: [374, 91, 396, 879],
		outputTokens: [44, 16, 109, 55],
	});
});

test('a plain trace keeps its own zero', t => {
	t.deepEqual(bent(plain).at, [0.5, 1.5, 2.5, 3.5]);
});

test('a trace is cut, thinned, stretched and its tokens scaled and capped', t => {
	t.deepEqual(bent(plain, {from: '1s', to: '3s'}).at, [0.5, 1.5]);
	t.deepEqual(bent(plain, {rateScale: 0.5}).at, [1.5, 3.5]);
	t.deepEqual(bent(plain, {timeScale: 2}).at, [1, 3, 5, 7]);
	t.deepEqual(bent(plain, {tokenScale: 0.1, maxPromptTokens: 3}), {
		process: 'trace',
		at: [0.5, 1.5, 2.5, 3.5],
		promptTokens: [1, 2, 3, 3],
		outputTokens: [1, 1, 1, 1],
	});
	t.is(bent(plain, {maxOutputTokens: 5}).outputTokens.at(-1), 5);
});

test('malformed rows are counted and named', t => {
	const bad = `${plain}4.5,x,7\n5.5,1\n\n-1,2,3\n`;
	t.throws(() => bent(bad), {instanceOf: RangeError, message: '3 of its lines hold no request: 6, 7, 9'});
	t.throws(() => bent('a,b,c\n'), {message: /^its first line is neither TIMESTAMP,/});
	t.throws(() => bent(plain, {from: '1h'}), {message: 'no request between from and to'});
});

const traced = sound.replace(
	/ {4}process: poisson\n {4}rate.*\n/,
	'    process: trace\n    file: trace.csv\n    transform: {to: 3s}\n',
);

test('an experiment plays a trace', async t => {
	await inFolder({'file.yaml': traced, 'trace.csv': plain}, async folder => {
		const {workload} = await readExperiment(join(folder, 'file.yaml'));
		t.like(workload, {loop: 'open', arrivals: {process: 'trace', at: [0.5, 1.5, 2.5]}});
	});
});

test('a trace that cannot be read is told at its name', async t => {
	const rule = 'file.yaml:7:11: Expected workload.arrivals.file to be the path of a trace in CSV, got trace.csv';
	t.deepEqual(await faultsOf(t, {'file.yaml': traced}), [`${rule} (no such file)`]);
	t.deepEqual(await faultsOf(t, {'file.yaml': traced, 'trace.csv': `${plain}x\n`}), [
		`${rule} (1 of its lines hold no request: 6)`,
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': traced.replace('{to: 3s}', '{from: 5s, to: 3s}'), 'trace.csv': plain}), [
		'file.yaml:8:31: Expected workload.arrivals.transform.to to be later than from, 5s, got "3s"',
	]);
});

const conversation = '../shared/traces/AzureLLMInferenceTrace_conv.csv';
(existsSync(conversation) ? test : test.skip)('the published trace is read whole', async t => {
	await inFolder(
		{'file.yaml': traced.replace('trace.csv', join(process.cwd(), conversation)).replace('{to: 3s}', '{}')},
		async folder => {
			const {workload} = await readExperiment(join(folder, 'file.yaml'));
			t.true(
				workload.loop === 'open' && workload.arrivals.process === 'trace' && workload.arrivals.at.length === 19_366,
			);
		},
	);
});

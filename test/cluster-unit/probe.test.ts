import test from 'ava';
import {measuredRecord} from '../../src/cluster/measured/measured-record.ts';
import {pressureOf} from '../../src/cluster/measured/pressure.ts';
import type {JournalEntry} from '../../src/cluster/observe/entry.ts';
import {readMachine} from '../../src/cluster/probe/describe-machine.ts';
import {sendProbe} from '../../src/cluster/probe/probe-requests.ts';
import {type MeasuredMachine, machineName} from '../../src/records/machine.ts';
import {recordFile} from '../../src/records/record.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {complete, startService} from './fake-service.ts';
import {completed, sent, start} from './make-journal.ts';

const tokenCount = {overhead: 0, perWord: 1};
const machine: MeasuredMachine = {
	processor: 'Fast 3000',
	cores: 2,
	memoryBytes: 4 * 2 ** 30,
	kernel: '6.1',
	id: 'ab12',
};
const request = {promptTokens: 26, outputTokens: 16, serviceSeconds: 3.1, promptSeconds: 2, answerSeconds: 1};

test('a probe sends the same requests one after the other, the first of which does not count', async t => {
	let open = 0;
	let most = 0;
	const {address, received} = await startService(t, (response, body) => {
		most = Math.max(most, ++open);
		response.on('finish', () => open--);
		complete(response, body);
	});
	const {signal} = new AbortController();
	const probed = await sendProbe({address, tokenCount, signal});
	const again = await sendProbe({address, tokenCount, signal});
	t.is(most, 1);
	t.is(probed.length, 8);
	t.deepEqual(
		again.map(({outputTokens}) => outputTokens),
		[24, 8, 24, 8, 24, 8, 24, 8],
	);
	t.deepEqual(
		received.slice(0, 9).map(({prompt}) => prompt),
		received.slice(9).map(({prompt}) => prompt),
	);
	t.is(new Set(received.slice(0, 9).map(({prompt}) => prompt.split(' ')[0])).size, 9); // no prompt is in the cache
});

test('requests that fail are left out of a probe, and an interruption ends it', async t => {
	const {address} = await startService(t, (response, body) => {
		if (body.maxTokens === 8) {
			response.writeHead(503).end('{}');
		} else {
			complete(response, body);
		}
	});
	t.is((await sendProbe({address, tokenCount, signal: new AbortController().signal})).length, 4);
	await t.throwsAsync(sendProbe({address, tokenCount, signal: AbortSignal.abort(new Error('stop'))}), {
		message: 'stop',
	});
});

test('a machine is read from what its kernel says; what it does not say is left out', t => {
	const said = 'processor=Fast 3000\nclock=2900.1\ncores=2\nmemory=4194304\nkernel=6.1';
	t.deepEqual(readMachine(said, 'ab12'), {machine, clockMHz: 2900.1});
	t.deepEqual(readMachine('processor=\nclock=\ncores=2\nmemory=4194304\nkernel='), {
		machine: {cores: 2, memoryBytes: 4 * 2 ** 30},
	});
	t.is(
		readMachine(`family=26\nmodel=2\nstepping=1\n${said}`)!.machine.processor,
		'Fast 3000, family 26 model 2 stepping 1',
	);
	t.is(readMachine('cores=0\nmemory='), undefined);
	t.is(machineName(machine), 'Fast 3000, 2 cores, 4 GiB, ab12');
});

test('pressure is the share of the time that tasks waited; a gap in the readings does not count', t => {
	const reading = (at: number, stalled: number): JournalEntry => ({
		type: 'pressure',
		at,
		node: 'n',
		resource: 'cpu',
		stalled,
	});
	t.deepEqual(pressureOf([reading(0, 7), reading(5, 8), reading(105, 90), reading(110, 91)], 'n'), {cpu: 0.2});
	t.is(pressureOf([reading(0, 7)], 'n'), undefined);
	t.is(pressureOf([reading(0, 7), reading(5, 8)], 'other'), undefined);
});

test('a record holds the machine and its probes; one without is as it was', t => {
	const experiment = makeExperiment({hash: 'ab12', duration: 10});
	const replayed = {experiment, arm: 'dynamic', repeat: 0, versions: {}, models: {}} as const;
	const probe = (when: 'before' | 'after', at: number): JournalEntry => ({
		type: 'probe',
		at,
		probe: {when, durationSeconds: 30, cores: 0.125, requests: [request], steal: 0.01},
	});
	const load: JournalEntry[] = [{type: 'start', at: start}, sent(0, 1), completed(0, start + 4)];
	const end: JournalEntry = {type: 'end', at: start + 10, why: 'done'};
	const entries = [
		{type: 'machine', at: 900, machine} as const,
		probe('before', 900),
		...load,
		end,
		probe('after', 1020),
	];
	const {head} = measuredRecord(entries, replayed).recording;
	t.deepEqual(head.machine, machine);
	t.deepEqual(
		head.probes?.map(({when, seconds}) => [when, seconds]),
		[
			['before', -100],
			['after', 20],
		],
	);
	t.deepEqual(recordFile.parse(head), head);
	const {head: without} = measuredRecord([...load, end], replayed).recording;
	t.false('machine' in without || 'probes' in without);
	t.deepEqual(recordFile.parse(without), without);
});

import test, {type ExecutionContext} from 'ava';
import {sendRequests} from '../../src/cluster/load/send-requests.ts';
import {unixNow} from '../../src/cluster/observe/clock.ts';
import type {EndedEntry, JournalEntry, SentEntry} from '../../src/cluster/observe/entry.ts';
import type {Experiment, UserCurve, Workload} from '../../src/experiment/experiment.ts';
import {makeExperiment, openWorkload} from '../simulator/make-experiment.ts';
import {type FakeService, startService} from './fake-service.ts';

const tokenCount = {overhead: 9, perWord: 1};

async function play(experiment: Experiment, {address}: FakeService, abortAfter?: number) {
	const entries: JournalEntry[] = [];
	const write = (entry: JournalEntry) => void entries.push(entry);
	const signal = abortAfter === undefined ? new AbortController().signal : AbortSignal.timeout(abortAfter * 1000);
	const start = unixNow() + 0.05;
	await sendRequests({experiment, address, tokenCount, start, write, signal});
	const sent = entries.filter((entry): entry is SentEntry => entry.type === 'sent');
	const ended = entries.filter((entry): entry is EndedEntry => entry.type === 'ended');
	return {start, sent, ended, took: unixNow() - start};
}

const steady = (perSecond: number): Workload => ({
	...openWorkload(perSecond),
	loop: 'open',
	arrivals: {process: 'deterministic', cv: 0, interpolation: 'step', rate: [{at: 0, perSecond}]},
});

test('an open loop sends at its own times though nothing is answered', async t => {
	const service = await startService(t, () => undefined);
	const {start, sent, ended, took} = await play(makeExperiment({duration: 1, workload: steady(20)}), service);
	t.is(sent.length, 19);
	for (const {at, scheduled} of sent) {
		t.true(at - start >= scheduled - 1e-6);
		t.true(at - start - scheduled < 0.5);
	}

	t.true(took >= 1 && took < 3);
	t.deepEqual(
		ended.map(({outcome}) => outcome),
		sent.map(() => 'inFlight'),
	);
});

test('a timeout counts from the scheduled time and breaks the request off', async t => {
	const service = await startService(t, () => undefined);
	const workload: Workload = {...steady(4), timeout: 0.2};
	const {start, sent, ended} = await play(makeExperiment({duration: 0.99, workload}), service);
	t.deepEqual(
		ended.map(({outcome}) => outcome),
		['timedOut', 'timedOut', 'timedOut'],
	);
	for (const [index, {at}] of ended.entries()) {
		t.true(at - start >= sent[index]!.scheduled + 0.19);
	}
});

test('prompts have the scheduled tokens, and conversations belong to one tenant', async t => {
	const service = await startService(t);
	const workload: Workload = {
		...steady(20),
		tenants: [
			{name: 'team-a', share: 1, conversations: 2},
			{name: 'team-b', share: 1, conversations: 2},
		],
		requests: {
			promptTokens: {distribution: 'constant', value: 26},
			outputTokens: {distribution: 'constant', value: 7},
		},
	};
	const {sent} = await play(makeExperiment({duration: 0.5, workload}), service);
	t.is(service.received.length, sent.length);
	t.true(service.received.every(({prompt, maxTokens}) => prompt.split(' ').length === 17 && maxTokens === 7));
	const owners = new Map(service.received.map(({conversation, tenant}) => [conversation, tenant]));
	t.true(service.received.every(({conversation, tenant}) => owners.get(conversation) === tenant));
});

/** Three users who think for 0.1 s, of a service that answers after 0.1 s with a status. */
async function playUsers(t: ExecutionContext, status: number, duration: number, curve?: UserCurve) {
	const service = await startService(t, response => {
		setTimeout(() => response.writeHead(status).end('{"error": "no"}\n'), 100);
	});
	const {requests, tenants, connections, timeout} = openWorkload(1);
	const users = {count: 3, thinkTime: {distribution: 'constant', value: 0.1} as const, ...(curve && {curve})};
	const workload: Workload = {requests, tenants, connections, timeout, loop: 'closed', users};
	return play(makeExperiment({duration, workload}), service);
}

test('a user of a closed loop waits for the answer, then thinks', async t => {
	const {start, sent, ended} = await playUsers(t, 500, 2);
	// At most ten turns each; a busy machine makes them fewer.
	t.true(sent.length >= 9 && sent.length <= 30, `${sent.length} turns`);
	const first = sent[0]!;
	const next = sent.find(({id}) => id >= 3)!;
	t.true(first.at - start >= 0.1);
	t.true(next.scheduled >= first.scheduled + 0.2 - 0.01);
	t.true(ended.every(({outcome}) => outcome === 'failed' || outcome === 'inFlight'));
});

test('users of a closed loop come and go with its curve', async t => {
	const points = [
		{at: 0.5, count: 3},
		{at: 1, count: 0},
	];
	const {sent, took} = await playUsers(t, 500, 2, {interpolation: 'step', points});
	t.true(sent.length >= 3 && sent.every(({scheduled}) => scheduled >= 0.6 && scheduled < 1), `${sent.length} turns`);
	t.true(took >= 2, 'a run without users goes on to its end');
});

test('a user who was refused pauses for a second', async t => {
	const {sent} = await playUsers(t, 503, 2);
	const next = sent.find(({id}) => id >= 3)!;
	t.true(next.scheduled >= sent[0]!.scheduled + 1.1 - 0.01, `${next.scheduled}`);
});

test('an interruption ends the run at once', async t => {
	const service = await startService(t, () => undefined);
	const {took, ended, sent} = await play(makeExperiment({duration: 60, workload: steady(10)}), service, 0.4);
	t.true(took < 5);
	t.is(ended.length, sent.length);
});

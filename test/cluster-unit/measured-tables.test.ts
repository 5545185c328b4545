import test from 'ava';
import {decisionTable} from '../../src/cluster/measured/decision-table.ts';
import {podTable} from '../../src/cluster/measured/pod-table.ts';
import {requestTable, sentRequests, timingTable} from '../../src/cluster/measured/request-tables.ts';
import {sampleTable} from '../../src/cluster/measured/sample-table.ts';
import type {EndedEntry, JournalEntry} from '../../src/cluster/observe/entry.ts';
import {completed, notReadyView, podEntry, readyView, sample, sent, start} from './make-journal.ts';

test('a completed request starts as long before its end as Ollama was busy with it', t => {
	const requests = sentRequests([sent(0, 1, 1001.002), completed(0, 1006)]);
	const table = requestTable(requests, start);
	t.is(table.scheduledSeconds[0], 1);
	t.true(Math.abs(table.sentSeconds[0]! - 1.002) < 1e-9);
	t.is(table.startedSeconds[0], 2.5); // half a second of finding the model, 2 s of prompt and 1 s of answer before 6
	t.is(table.firstTokenSeconds[0], 5);
	t.is(table.endedSeconds[0], 6);
	t.is(table.promptTokens[0], 26); // as the model counted, not as planned
	t.deepEqual(table.pod, ['llm-0']);
});

test('where the slot was taken, finding the model happened while it waited', t => {
	const ended = completed(0, 1006) as EndedEntry;
	const {timings} = ended.reply!;
	const reply = {...ended.reply!, timings: {...timings, waitingSeconds: 1.5, queuedSeconds: 0.5}};
	t.is(requestTable(sentRequests([sent(0, 1), {...ended, reply}]), start).startedSeconds[0], 3);
});

test('a request never starts before it is sent', t => {
	t.is(requestTable(sentRequests([sent(0, 1), completed(0, 1002)]), start).startedSeconds[0], 1);
});

test('requests that were not answered keep what was planned', t => {
	const requests = sentRequests([
		sent(0, 1),
		sent(1, 2),
		sent(2, 3),
		{type: 'ended', at: 1004, id: 0, outcome: 'failed', status: 503, error: 'full'},
		{type: 'ended', at: 1005, id: 1, outcome: 'inFlight'},
	]);
	const table = requestTable(requests, start);
	t.deepEqual(table.outcome, ['failed', 'inFlight', 'inFlight']);
	t.deepEqual([...table.endedSeconds], [4, Number.NaN, Number.NaN]);
	t.deepEqual([...table.promptTokens], [25, 25, 25]);
	const timings = timingTable(requests, start);
	t.deepEqual([...timings.status], [503, 0, 0]);
	t.deepEqual(timings.error, ['full', '', '']);
	t.true(Number.isNaN(timings.loopbackSeconds[0]));
});

const eventsOf = (entries: readonly JournalEntry[]) => {
	const {event, seconds} = podTable(entries, start);
	return event.map((name, index) => `${seconds[index]} ${name}`);
};

test('a pod’s life, from creation to its end', t => {
	const stopped = podEntry(0).containers.map(container => ({...container, isRunning: false}));
	t.deepEqual(
		eventsOf([
			podEntry(990, {isScheduled: false, containers: []}),
			podEntry(991, {containers: stopped}),
			podEntry(992, {view: notReadyView(991)}),
			podEntry(996, {view: readyView(996)}),
			{type: 'model', at: 995, pod: 'llm-0'},
			{type: 'endpoints', at: 997, ready: ['llm-0']},
			podEntry(1100, {view: {...readyView(996), deletionTimestamp: 1130}}),
			{type: 'endpoints', at: 1101, ready: []},
			podEntry(1103, {view: {...notReadyView(1103), deletionTimestamp: 1130}}),
			{type: 'gone', at: 1104, pod: 'llm-0'},
		]),
		[
			'-10 created',
			'-9 scheduled',
			'-8 started',
			'-5 modelLoaded',
			'-4 ready',
			'-3 endpointAdded',
			'100 terminating',
			'101 endpointRemoved',
			'103 notReady',
			'104 gone',
		],
	);
});

test('a killed pod is terminating when it is gone', t => {
	const events = eventsOf([podEntry(1000, {view: readyView(1000)}), {type: 'gone', at: 1010, pod: 'llm-0'}]);
	t.deepEqual(events.slice(-2), ['10 terminating', '10 gone']);
});

test('a restart is no second start', t => {
	const {containers} = podEntry(0);
	const dead = containers.map(container => ({...container, isRunning: container.name !== 'ollama'}));
	const again = containers.map(container => ({...container, restarts: container.name === 'ollama' ? 1 : 0}));
	t.deepEqual(
		eventsOf([
			podEntry(1000, {view: readyView(1000)}),
			podEntry(1010, {view: notReadyView(1010), containers: dead}),
			podEntry(1011, {view: notReadyView(1010), containers: again}),
			podEntry(1015, {view: readyView(1015), containers: again}),
		]).slice(4),
		['10 notReady', '11 containerRestarted', '15 ready'],
	);
});

test('samples are first seen by whoever looked first', t => {
	const proposed = (at: number, timestamp: number): JournalEntry => ({
		type: 'decision',
		at,
		step: 'proposed',
		timestamp,
	});
	const entries = [
		sample(1010, 1005),
		sample(1025.9, 1020),
		proposed(1025.2, 1020),
		sample(1040, 1035),
		proposed(1055, 1035),
	];
	const {seconds, sampledSeconds, windowSeconds} = sampleTable(entries, start);
	t.deepEqual([...sampledSeconds], [5, 20, 35]);
	t.deepEqual([...windowSeconds], [15, 15, 15]);
	t.true(Math.abs(seconds[1]! - 25.2) < 1e-9); // the autoscaler used it before our next question
	t.deepEqual([seconds[0], seconds[2]], [10, 40]);
});

test('a pod that is served no more has a row without values', t => {
	const {seconds, cpuCores, container} = sampleTable(
		[sample(1010, 1005), {type: 'sampleLost', at: 1020, pod: 'llm-0'}],
		start,
	);
	t.deepEqual([...seconds], [10, 20]);
	t.deepEqual([...cpuCores], [0.1, Number.NaN]);
	t.deepEqual(container, ['ollama', 'ollama']);
});

const status = (at: number, utilization: number, reason = 'ReadyForNewScale'): JournalEntry => ({
	type: 'hpa',
	at,
	status: {
		currentReplicas: 2,
		desiredReplicas: 3,
		currentMetrics: [
			{type: 'Resource', resource: {name: 'cpu', current: {averageUtilization: utilization, averageValue: '132m'}}},
		],
		conditions: [
			{type: 'AbleToScale', status: 'True', reason},
			{type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound'},
			{type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange'},
		],
	},
});
const scale = (at: number, specReplicas: number): JournalEntry => ({
	type: 'scale',
	at,
	specReplicas,
	statusReplicas: specReplicas,
});
const cpu = 'cpu resource utilization (percentage of request)';

test('a decision is read from the log, what it saw from the status that follows', t => {
	const table = decisionTable(
		[
			scale(990, 2),
			status(1000, 40),
			{type: 'decision', at: 1015, step: 'proposed', desiredReplicas: 3, metric: cpu, timestamp: 1002},
			{type: 'decision', at: 1015.01, step: 'rescaled', currentReplicas: 2, desiredReplicas: 3},
			scale(1015.005, 3),
			status(1015.02, 88, 'SucceededRescale'),
			{type: 'decision', at: 1030, step: 'proposed', desiredReplicas: 3, metric: cpu, timestamp: 1020},
			{type: 'decision', at: 1030, step: 'kept', desiredReplicas: 3},
		],
		start,
	);
	t.deepEqual([...table.seconds], [15, 30]);
	t.deepEqual([...table.currentReplicas], [2, 3]);
	t.deepEqual([...table.desiredReplicas], [3, 3]);
	t.deepEqual(JSON.parse(table.proposals[0]!), [
		{type: 'Resource', name: 'cpu', proposal: 3, utilization: 88, averageValueMilli: 132},
	]);
	t.deepEqual(JSON.parse(table.reasons[0]!), ['ValidMetricFound', 'SucceededRescale', 'DesiredWithinRange']);
});

test('a reconcile that failed is a row with the controller’s words', t => {
	const table = decisionTable(
		[scale(990, 2), {type: 'decision', at: 1015, step: 'failed', words: 'no metrics'}],
		start,
	);
	t.deepEqual([...table.desiredReplicas], [2]);
	t.deepEqual(JSON.parse(table.reasons[0]!), ['no metrics']);
});

test('a complaint after a decision belongs to that decision', t => {
	const {seconds, reasons} = decisionTable(
		[
			scale(990, 2),
			{type: 'decision', at: 1015, step: 'proposed', desiredReplicas: 2, metric: 'memory resource'},
			{type: 'decision', at: 1015, step: 'kept', desiredReplicas: 2},
			{type: 'decision', at: 1015.01, step: 'failed', words: '1 invalid out of 2'},
		],
		start,
	);
	t.is(seconds.length, 1);
	t.deepEqual(JSON.parse(reasons[0]!), ['1 invalid out of 2']);
});

test('without the log each change of the status is a row', t => {
	const {seconds, currentReplicas, desiredReplicas} = decisionTable(
		[scale(990, 2), status(1000, 40), status(1015, 88)],
		start,
	);
	t.deepEqual([...seconds], [0, 15]);
	t.deepEqual([...currentReplicas], [2, 2]);
	t.deepEqual([...desiredReplicas], [3, 3]);
});

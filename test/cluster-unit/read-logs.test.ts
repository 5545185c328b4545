import test from 'ava';
import {readGauges} from '../../src/cluster/observe/observe-backends.ts';
import {readDecision} from '../../src/cluster/observe/observe-decisions.ts';
import {loadedAt} from '../../src/cluster/observe/observe-pods.ts';

// Lines of kube-controller-manager 1.34.4, as the API gives them with timestamps.
const logger = 'logger="horizontal-pod-autoscaler-controller"';
const target = 'scaleTarget="Deployment/replicast/llm"';
const at = Date.parse('2026-11-24T07:15:24.968Z') / 1000;

test('a proposal names the metric and the time of its samples', t => {
	const line = `2026-11-24T07:15:24.968463245Z I1124 07:15:24.967894       1 horizontal.go:860] "Proposing desired replicas" ${logger} desiredReplicas=3 metric="cpu resource utilization (percentage of request)" tolerances="[down:10.0%, up:10.0%]" timestamp="2026-11-24 07:15:08 +0000 UTC" ${target}`;
	t.deepEqual(readDecision(line), {
		type: 'decision',
		at,
		step: 'proposed',
		desiredReplicas: 3,
		metric: 'cpu resource utilization (percentage of request)',
		timestamp: Date.parse('2026-11-24T07:15:08Z') / 1000,
	});
});

test('a decision to stay', t => {
	const line = `2026-11-24T07:15:24.968481642Z I1124 07:15:24.967943       1 horizontal.go:939] "Decided not to scale" ${logger} ${target} desiredReplicas=2 lastScaleTime="2026-11-24 07:15:09 +0000 UTC"`;
	t.deepEqual(readDecision(line), {type: 'decision', at, step: 'kept', desiredReplicas: 2});
});

test('a change of scale has its reason', t => {
	const line = `2026-11-24T07:15:24.968481642Z I1124 07:15:24.967943       1 horizontal.go:927] "Successfully rescaled" ${logger} HPA="replicast/llm" currentReplicas=2 desiredReplicas=3 reason="cpu resource utilization (percentage of request) above target"`;
	t.deepEqual(readDecision(line), {
		type: 'decision',
		at,
		step: 'rescaled',
		desiredReplicas: 3,
		currentReplicas: 2,
		words: 'cpu resource utilization (percentage of request) above target',
	});
});

test('a failure has the controller’s words', t => {
	const line = `2026-11-24T07:15:24.968351409Z E1124 07:15:24.972292       1 horizontal.go:279] "Unhandled Error" err="invalid metrics (1 invalid out of 2)" logger="UnhandledError"`;
	t.deepEqual(readDecision(line), {
		type: 'decision',
		at,
		step: 'failed',
		words: 'invalid metrics (1 invalid out of 2)',
	});
});

const ignored = test.macro((t, line: string) => t.is(readDecision(line), undefined));

test(
	'another autoscaler’s decision is not ours',
	ignored,
	`2026-11-24T07:15:24.968481642Z I1124 07:15:24.967943       1 horizontal.go:939] "Decided not to scale" ${logger} scaleTarget="Deployment/default/llm" desiredReplicas=2`,
);
test(
	'other lines of the controller say nothing',
	ignored,
	'2026-11-24T07:15:24.968481642Z I1124 07:15:24.967943       1 replica_set.go:10] "Finished syncing"',
);
test('a line that is cut off says nothing', ignored, '2026-11-24T07:15:24.968');

test('the backend’s log says when the model was last loaded', t => {
	const line = (time: number, msg: string) => JSON.stringify({level: 30, time, pid: 1, msg});
	const log = [line(1000, 'listening'), line(2500, 'Ollama has loaded smollm2:135m'), line(9000, 'other')].join('\n');
	t.is(loadedAt(log), 2.5);
	t.is(loadedAt('no JSON at all'), undefined);
});

test('queue lengths are read by tenant', t => {
	const page = [
		'# TYPE replicast_backend_in_flight gauge',
		'replicast_backend_in_flight{tenant="team-a"} 3',
		'replicast_backend_in_flight{tenant="team-b"} 0',
		'# TYPE replicast_backend_queue_length gauge',
		'replicast_backend_queue_length{tenant="team-a"} 2',
		'replicast_backend_queue_length{tenant="team-b"} 0',
	].join('\n');
	t.deepEqual(readGauges(page), [
		{tenant: 'team-a', inFlight: 3, queueLength: 2},
		{tenant: 'team-b', inFlight: 0, queueLength: 0},
	]);
});

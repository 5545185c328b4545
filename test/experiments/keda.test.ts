import test from 'ava';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {findAnswer} from '../../src/forecast/find-answer.ts';
import {zeroFigures} from '../../src/records/zero-figures.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

type Parts = {
	readonly triggers?: string;
	readonly spec?: string;
	readonly more?: string;
	readonly atZero?: string;
	readonly annotations?: string;
	readonly startup?: string;
};

const ofGateway = '[{type: prometheus, metadata: {serverAddress: "http://p", query: sum(gw), threshold: "1"}}]';
const ofPods =
	'[{type: prometheus, metadata: {serverAddress: "http://p", query: "sum(vllm:num_requests_waiting) + sum(vllm:num_requests_running)", threshold: "1"}}]';

/** Load from 200 s to 600 s and from 1500 s to 1800 s; a request takes 2 s. */
async function experiment({
	triggers = ofGateway,
	spec = '',
	more = '',
	atZero,
	annotations,
	startup = '5s',
}: Parts = {}) {
	const text = `name: zero
duration: 30m
workload:
  arrivals: {process: deterministic, interpolation: step, rate: [{at: 0s, perSecond: 0}, {at: 200s, perSecond: 1}, {at: 600s, perSecond: 0}, {at: 1500s, perSecond: 1}]}
  timeout: 60s
deployment:
  containers: {m: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}}
  service: {distribution: constant, value: 2s}
  startup: ${startup}
${atZero === undefined ? '' : `  atZero: ${atZero}\n`}autoscaler:
  apiVersion: keda.sh/v1alpha1
  kind: ScaledObject
  metadata: {name: llm${annotations === undefined ? '' : `, annotations: {${annotations}}`}}
  spec:
    scaleTargetRef: {name: llm}
    maxReplicaCount: 4
    pollingInterval: 15
    cooldownPeriod: 120
    triggers: ${triggers}
${spec === '' ? '' : `    ${spec}\n`}${triggers.includes('gw') ? 'metricSources: {gw: {source: in-flight, exporter: gateway}}\n' : ''}${more}`;
	return readExperiment('/nowhere/experiment.yaml', {text});
}

function run(given: Experiment) {
	const schedule = new Schedule(given, 0);
	return simulate(given, {replication: 0, arm: 'dynamic', schedule, isRecorded: false});
}

const replicasAt = (timeline: readonly (readonly [number, number])[], at: number) =>
	timeline.findLast(([seconds]) => seconds <= at)![1];

test('from zero within a poll of the first request, up by the HPA, and back after the cooldown', async t => {
	const {timeline, requests} = run(await experiment({atZero: 'held'}));
	t.is(timeline[0]![1], 0);
	const [first, last] = [
		timeline.find(([, pods]) => pods === 1)!,
		timeline.findLast(([at, pods]) => pods === 0 && at < 1500)!,
	];
	t.true(first[0] > 200 && first[0] < 200 + 15 + 15 + 1, `woken at ${first[0]}`);
	t.true(replicasAt(timeline, 400) >= 2, 'the HPA scales beyond one');
	t.true(last[0] > 600 + 120 && last[0] < 600 + 120 + 60, `asleep at ${last[0]}`);
	t.is(requests.requests.failed, 0, 'what came at zero was held');
	t.like(zeroFigures(timeline, 0, 1800), {starts: 2});
});

test('requests at zero pods: refused, held, held in a bounded buffer, held up to a time-out', async t => {
	const failed = async (atZero?: string) =>
		run(await experiment({...(atZero !== undefined && {atZero})})).requests.requests.failed;
	const refused = await failed();
	t.true(refused > 20, `${refused} found no pod`);
	t.is(await failed('refused'), refused);
	t.is(await failed('held'), 0);
	t.is(await failed('{activator: knative}'), 0);
	const bounded = await failed('{queue: 5}');
	t.true(bounded > 0 && bounded < refused, `${bounded}`);
	const timed = await failed('{timeout: 1s}');
	t.true(timed > bounded && timed < refused, `${timed}`);
});

test('a series that only the pods export never brings the first pod, and the answer says so', async t => {
	const given = await experiment({triggers: ofPods, atZero: 'held'});
	const dynamic = run(given);
	t.deepEqual(dynamic.timeline, [[0, 0]]);
	t.like(findAnswer(given, [{dynamic}]).cause, {kind: 'stuck-at-zero', metric: 's0-prometheus'});
	const kept = await experiment({triggers: ofPods, spec: 'minReplicaCount: 1'});
	t.true(
		run(kept).timeline.some(([, pods]) => pods > 1),
		'with a pod that stays the same trigger works',
	);
});

test('a queue counts messages in flight unless it is told not to', async t => {
	const queue = (flags = '') =>
		`[{type: aws-sqs-queue, metadata: {queueURL: "https://sqs/1/q", awsRegion: x, queueLength: "1"${flags}}}]`;
	const most = async (triggers: string) =>
		Math.max(...run(await experiment({triggers, atZero: 'held'})).timeline.map(([, pods]) => pods));
	t.true((await most(queue())) >= 2);
	t.is(
		await most(queue(', scaleOnInFlight: "false"')),
		await most(queue(', scaleOnInFlight: "false", scaleOnDelayed: "false"')),
	);
});

test('a cron trigger holds its pods for its hours', async t => {
	const triggers =
		'[{type: cron, metadata: {timezone: Europe/Berlin, start: "5 9 * * *", end: "20 9 * * *", desiredReplicas: "3"}}]';
	const {timeline} = run(await experiment({triggers, more: 'startsAt: 2026-01-05T08:00:00Z\n'}));
	t.deepEqual(
		[200, 600, 1000].map(at => replicasAt(timeline, at)),
		[0, 3, 3],
	);
	const asleep = timeline.findLast(([, pods]) => pods === 0)!;
	t.true(asleep[0] > 1200 - 15 + 120 && asleep[0] < 1200 + 120 + 16, `asleep at ${asleep[0]}`);
	await t.throwsAsync(experiment({triggers}), {
		message: /^.*Expected startsAt to be given, as in startsAt: 2026-01-05T08:00:00Z/,
	});
});

test('a pushed trigger does not wait for the poll', async t => {
	const triggers = '[{type: external-push, metadata: {scalerAddress: a, source: in-flight, targetValue: "1"}}]';
	const {timeline} = run(await experiment({triggers, spec: 'idleReplicaCount: null', atZero: 'held'}));
	const [at] = timeline.find(([, pods]) => pods === 1)!;
	t.true(at > 200 && at < 203, `woken at ${at}`);
});

test('pausing: no HPA and so many pods; no way down', async t => {
	const paused = run(await experiment({annotations: 'autoscaling.keda.sh/paused-replicas: "2"'}));
	t.deepEqual(paused.timeline, [[0, 2]]);
	const frozen = run(await experiment({annotations: 'autoscaling.keda.sh/paused-scale-in: "true"', atZero: 'held'}));
	t.false(frozen.timeline.some(([, pods], index) => pods < (frozen.timeline[index - 1]?.[1] ?? 0)));
});

test('a formula of two triggers scales by its one metric', async t => {
	const trigger = (name: string) =>
		`{type: prometheus, name: ${name}, metadata: {serverAddress: "http://p", query: sum(gw), threshold: "1"}}`;
	const given = await experiment({
		triggers: `[${trigger('a')}, ${trigger('b')}]`,
		spec: 'advanced: {scalingModifiers: {formula: "a + b", target: "2", activationTarget: "1"}}',
		atZero: 'held',
	});
	t.deepEqual(given.autoscaler !== 'none' && given.autoscaler.metrics.map(({name}) => name), ['composite-metric']);
	t.true(run(given).timeline.some(([at, pods]) => at < 600 && pods >= 2));
});

test('the same seed gives the same run, and another poll phase another one', async t => {
	const given = await experiment({atZero: 'held'});
	t.deepEqual(run(given).timeline, run(given).timeline);
	t.notDeepEqual(run({...given, seed: 2}).timeline, run(given).timeline);
});

import test from 'ava';
import {Schedule} from '../../src/experiment/schedule.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

type Parts = {readonly countAge?: string; readonly trigger?: string; readonly autoscaler?: string};

const sqs =
	'{type: aws-sqs-queue, metadata: {queueURL: https://sqs.us-east-1.amazonaws.com/1/work, awsRegion: us-east-1, queueLength: "5"}}';
const rabbitmq =
	'{type: rabbitmq, metadata: {host: "amqp://guest@rabbit/shop", queueName: work, mode: QueueLength, value: "5"}}';
const bySource = '{type: external, metadata: {scalerAddress: "queue:1", source: in-flight, targetValue: "5"}}';

/** 40 messages of 5 s each come from 300 s on within 4 s, and one pod works on one of them at a time. */
async function experiment({countAge, trigger = sqs, autoscaler}: Parts = {}) {
	const age = countAge === undefined ? '' : `, countAge: ${countAge}`;
	const scaled = `{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: work}, spec: {scaleTargetRef: {name: work}, minReplicaCount: 1, maxReplicaCount: 4, triggers: [${trigger}]}}`;
	const text = `name: queue
duration: 15m
workload:
  arrivals: {process: deterministic, interpolation: step, rate: [{at: 0s, perSecond: 0}, {at: 300s, perSecond: 10}, {at: 304s, perSecond: 0}]}
  timeout: 1h
deployment:
  containers: {m: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}}
  service: {distribution: constant, value: 5s}
  startup: 5s
  waiting: {at: proxy, connections: 1${age}}
autoscaler: ${autoscaler ?? scaled}
`;
	return readExperiment('/nowhere/experiment.yaml', {text});
}

async function firstUp(parts: Parts, replication = 0): Promise<number> {
	const given = await experiment(parts);
	const schedule = new Schedule(given, replication);
	const {timeline} = simulate(given, {replication, arm: 'dynamic', schedule, isRecorded: false});
	return timeline.find(([, pods]) => pods > 1)?.[0] ?? Number.NaN;
}

test('an autoscaler sees a queue as it was when its counts are old', async t => {
	for (const trigger of [sqs, rabbitmq, bySource]) {
		const now = await firstUp({trigger});
		const old = await firstUp({trigger, countAge: '{distribution: constant, value: 60s}'});
		t.true(now >= 300 && now <= 316, `${trigger} ${now}`);
		// At each sync it sees what was there 60 s before, and syncs are 15 s apart.
		t.true(Math.abs(old - now - 60) < 0.5, `${trigger} ${now} ${old}`);
	}
});

test('counts of every age up to the longest are drawn, another one each time', async t => {
	const ups: number[] = [];
	for (let replication = 0; replication < 12; replication++) {
		ups.push(await firstUp({countAge: '{distribution: uniform, min: 0s, max: 60s}'}, replication));
	}

	t.true(
		ups.every(at => at >= 300 && at <= 300 + 60 + 16),
		`${ups}`,
	);
	t.true(Math.min(...ups) < 320 && Math.max(...ups) > 320, `${ups}`);
});

test('a count that is not old gives the run without it', async t => {
	t.is(await firstUp({countAge: '{distribution: constant, value: 0s}'}), await firstUp({}));
});

test('countAge is refused where nothing asks the queue itself', async t => {
	const cpu =
		'{minReplicas: 1, maxReplicas: 3, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 75}}}]}';
	await t.throwsAsync(experiment({countAge: '{distribution: constant, value: 9s}', autoscaler: cpu}), {
		message:
			/^\/nowhere\/experiment\.yaml:10:\d+: Expected deployment\.waiting\.countAge to be left out where no trigger asks the queue itself, as aws-sqs-queue and rabbitmq do/,
	});
});

import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {removeTemporaryFolders, replicast, temporaryFolder} from '../run-command.ts';

test.after.always(removeTemporaryFolders);

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec:
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec:
      containers:
        - {name: worker, image: "vllm/vllm-openai:v0.19.0", resources: {requests: {cpu: 4, memory: 24Gi, nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 1}}}
`;
const scaledObject = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: worker}
spec:
  scaleTargetRef: {name: worker}
  minReplicaCount: 0
  maxReplicaCount: 3
  cooldownPeriod: 60
  triggers:
    - type: redis
      metadata: {address: "redis:6379", listName: summaries, listLength: "5"}
`;

test('engines behind a queue get their messages from it, at zero pods too', async t => {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'worker.yaml'), `${deployment}---\n${scaledObject}`);
	const {stdout, stderr, exitCode} = await replicast(['init', '--from', 'worker.yaml'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stdout.replaceAll(/\n +/g, ' '), /Assumed: The queue: requests are messages that wait in front of all pods/);
	const document = parse(await readFile(join(cwd, 'experiment.yaml'), 'utf8'));
	t.like(document, {deployment: {waiting: {at: 'proxy'}}, workload: {timeout: '1h'}});

	const run = await replicast(['run', 'experiment.yaml', '--replications', '2', '--json'], {cwd});
	t.is(run.exitCode, 0, run.stderr);
	const [{dynamic, assumptions}] = JSON.parse(run.stdout);
	t.true(dynamic.replicas.max >= 2);
	t.is(dynamic.requests.failed, 0);
	t.regex(assumptions.join('\n'), /The redis trigger counts each request of the load as a message/);
});

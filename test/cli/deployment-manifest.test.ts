import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {removeTemporaryFolders, replicast, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

const manifests = `apiVersion: v1
kind: Service
metadata: {name: llm}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: llm, namespace: prod}
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  template:
    spec:
      terminationGracePeriodSeconds: 90
      initContainers:
        - {name: mesh, restartPolicy: Always, resources: {requests: {cpu: 100m, memory: 64Mi}}}
        - {name: pull, resources: {requests: {cpu: 3, memory: 64Mi}}}
      containers:
        - name: server
          image: ollama/ollama:0.12
          env: [{name: OLLAMA_NUM_PARALLEL, value: "2"}, {name: OLLAMA_KEEP_ALIVE, value: "-1"}, {name: OLLAMA_MAX_QUEUE, value: "64"}]
          resources: {limits: {cpu: "2", memory: 4Gi}}
          readinessProbe: {httpGet: {path: /, port: 11434}, periodSeconds: 5}
          livenessProbe: {httpGet: {path: /, port: 11434}}
          lifecycle: {preStop: {sleep: {seconds: 5}}}
        - {name: api, image: "team/api:1", resources: {requests: {cpu: 500m, memory: 128Mi}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: other}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: other}, maxReplicas: 9}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: llm}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: llm}, maxReplicas: 4}
`;

const experiment = `name: mine
duration: 5m
replications: 2
workload: {arrivals: {process: poisson, rate: [{at: 0s, perSecond: 0.3}]}}
deployment: {manifest: all.yaml, service: {distribution: constant, value: 3s}}
autoscaler: all.yaml
`;

async function inFolder(files: Readonly<Record<string, string>>): Promise<string> {
	const cwd = await temporaryFolder();
	await Promise.all(Object.entries(files).map(async ([name, text]) => writeFile(join(cwd, name), text)));
	return cwd;
}

test('a Deployment gives containers, sidecars, grace, rollout, probes and how the model is served; its HPA is found', async t => {
	const cwd = await inFolder({'all.yaml': manifests, 'file.yaml': experiment});
	const {deployment, autoscaler} = await readExperiment(join(cwd, 'file.yaml'));
	t.like(deployment, {
		replicas: 2,
		initRequests: {cpu: 3.1, memory: 2 ** 27},
		readiness: {periodSeconds: 5},
		terminationGrace: 90,
		rollout: {maxSurge: {absolute: 1}, maxUnavailable: {absolute: 0}},
	});
	t.deepEqual(
		deployment.containers.map(({name, requests}) => [name, requests.cpu]),
		[
			['server', 2],
			['api', 0.5],
			['mesh', 0.1],
		],
	);
	const {parallel, keepAlive, maxQueue, container, threads} = deployment.llm;
	t.deepEqual([parallel, keepAlive, maxQueue, container, threads], [2, Number.POSITIVE_INFINITY, 64, 'server', 2]);
	t.is(autoscaler === 'none' ? 0 : autoscaler.maxReplicas, 4);
});

test('the experiment and --set are laid over the manifest, and the ignored parts are reported', async t => {
	const cwd = await inFolder({'all.yaml': manifests, 'file.yaml': experiment});
	const set = ['--set', 'deployment.containers.api.requests.cpu=7', '--set', 'deployment.nodes={cpu: 8, memory: 64Gi}'];
	const refused = await replicast(['run', 'file.yaml', ...set], {cwd});
	t.regex(refused.stderr, /Expected deployment\.nodes\.cpu to be at least the requests of one pod, 9\.1 cores, got 8/);
	const {stdout, exitCode} = await replicast(['run', 'file.yaml', '--baselines=false', '--out', 'out'], {cwd});
	t.is(exitCode, 0);
	t.regex(
		stdout.replaceAll(/\s+/g, ' '),
		/The simulator ignores parts of the manifest: liveness probes; preStop hooks; the time that init containers take\./,
	);
});

test('the path of a manifest is enough: the time in service is assumed, and the report says so first', async t => {
	const text = experiment.replace(/deployment: .*/, 'deployment: all.yaml');
	const cwd = await inFolder({'all.yaml': manifests, 'file.yaml': text});
	const {deployment} = await readExperiment(join(cwd, 'file.yaml'));
	t.is(deployment.containers.length, 3);
	t.is(deployment.llm.parallel, 2);
	const told = await readExperiment(join(cwd, 'file.yaml'), {
		set: ['deployment.service={distribution: constant, value: 2s}'],
	});
	t.notRegex(String(told.deployment.assumed), /in service/, 'what is said is not assumed');
	t.regex(String(deployment.assumed), /in service/);
	const {exitCode, stdout, stderr} = await replicast(['run', 'file.yaml', '--baselines=false'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stdout.slice(0, 1200), /A request takes 3 s in service in the mean/);
});

test('an init container that no node has room for is refused', async t => {
	const cwd = await inFolder({'all.yaml': manifests, 'file.yaml': experiment});
	const set = ['--set', 'deployment.nodes={cpu: 3, memory: 64Gi}'];
	const {stderr, exitCode} = await replicast(['run', 'file.yaml', ...set], {cwd});
	t.is(exitCode, 2);
	t.regex(stderr, /at least the requests of one pod, 3\.1 cores, got 3/);
});

test('what is wrong in a manifest is told at its place in it', async t => {
	const cwd = await inFolder({'all.yaml': manifests.replace('"2", memory', '2x, memory'), 'file.yaml': experiment});
	const {stderr, exitCode} = await replicast(['run', 'file.yaml'], {cwd});
	t.is(exitCode, 2);
	t.regex(
		stderr,
		/^all\.yaml:21:\d+: Expected deployment\.containers\.server\.limits\.cpu to be CPU such as .*, got "2x"\n$/,
	);
});

test('a file without a Deployment, and one with two, are refused in one line', async t => {
	const service = manifests.slice(0, manifests.indexOf('---'));
	const cwd = await inFolder({
		'all.yaml': service,
		'file.yaml': experiment.replace('autoscaler: all.yaml', 'autoscaler: none'),
	});
	const none = await replicast(['run', 'file.yaml'], {cwd});
	t.regex(
		none.stderr,
		/^file\.yaml:5:24: Expected deployment\.manifest to be the path of a file with a Deployment, a StatefulSet or a Rollout, got .*\n$/,
	);
	const second = manifests.replaceAll(
		'kind: Deployment\nmetadata: {name: llm',
		'kind: Deployment\nmetadata: {name: web',
	);
	await writeFile(join(cwd, 'all.yaml'), `${manifests}---\n${second}`);
	const two = await replicast(['run', 'file.yaml'], {cwd});
	t.regex(two.stderr, /to be a path with #NAME .*all\.yaml#llm, got all\.yaml with Deployment llm, Deployment web\n$/);
});

test('init --from writes an experiment around manifests, says what it assumed, and it runs at once', async t => {
	const cwd = await temporaryFolder();
	await mkdir(join(cwd, 'k8s'));
	const [before, hpas] = [
		manifests.slice(0, manifests.indexOf('---\napiVersion: autoscaling')),
		manifests.slice(manifests.indexOf('apiVersion: autoscaling')),
	];
	await writeFile(
		join(cwd, 'k8s', 'app.yaml'),
		before.replace('limits: {cpu: "2", memory: 4Gi}', 'requests: {cpu: 2, memory: 4Gi}'),
	);
	await writeFile(join(cwd, 'k8s', 'hpa.yaml'), hpas);
	const {stdout, stderr, exitCode} = await replicast(['init', 'new', '--from', 'k8s'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /^Written: new\/experiment\.yaml\nAssumed: The load: /);
	t.regex(stdout, /\nAssumed: The threads of the model: 2, as container server has no CPU limit/);
	const text = await readFile(join(cwd, 'new', 'experiment.yaml'), 'utf8');
	for (const [, sentence] of stdout.replaceAll('\n  ', ' ').matchAll(/^Assumed: (.*)$/gm)) {
		t.true(text.includes(`# - ${sentence}\n`), sentence);
	}

	t.regex(text, /manifest: \.\.\/k8s\/app\.yaml#llm\n/);
	t.regex(text, /autoscaler: \.\.\/k8s\/hpa\.yaml#llm\n/);
	const run = await replicast(['run', 'new/experiment.yaml', '--replications', '2', '--baselines=false', '--json'], {
		cwd,
	});
	t.is(run.exitCode, 0, run.stderr);
	const again = await replicast(['init', 'new', '--from', 'k8s'], {cwd});
	t.deepEqual(
		[again.exitCode, again.stderr],
		[2, 'Expected new/experiment.yaml to be absent, as nothing is overwritten, got a file\n'],
	);
});

test('init --from refuses what it cannot use in one line, and writes nothing', async t => {
	const template = 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: {{ .Values.replicas }}\n';
	const cwd = await inFolder({
		'svc.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n',
		'chart.yaml': template,
	});
	for (const [file, words] of [
		[
			'svc.yaml',
			/^Expected svc\.yaml to hold one Deployment, StatefulSet or Rollout that is meant, got only Service\n$/,
		],
		['chart.yaml', /^chart\.yaml:4:13: Expected YAML, got an unrendered Helm template; .*\n$/],
		['nowhere.yaml', /^nowhere\.yaml does not exist\n$/],
	] as const) {
		const {stderr, stdout, exitCode} = await replicast(['init', 'new', '--from', file], {cwd});
		t.deepEqual([exitCode, stdout], [2, '']);
		t.regex(stderr, words);
	}

	t.deepEqual((await readdir(cwd)).sort(), ['chart.yaml', 'svc.yaml']);
});

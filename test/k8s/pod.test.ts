import test from 'ava';
import {find, type Manifest} from './manifests.ts';

const {spec} = find('Deployment', 'llm');
const pod = spec.template.spec;
const container = (name: string): Manifest => pod.containers.find((one: Manifest) => one.name === name);
const environment = (name: string) =>
	new Map<string, Manifest>(container(name).env.map((one: Manifest) => [one.name, one.value ?? one.valueFrom]));

test('a pod is a backend and Ollama', t => {
	t.deepEqual(
		pod.containers.map(({name}: Manifest) => name),
		['backend', 'ollama'],
	);
});

const resources = test.macro({
	exec(t, name: string, expected: unknown) {
		t.deepEqual(container(name).resources, expected);
	},
	title: (_, name) => `${name} has its requests and limits`,
});
test(resources, 'backend', {requests: {cpu: '25m', memory: '64Mi'}, limits: {cpu: '100m', memory: '128Mi'}});
test(resources, 'ollama', {requests: {cpu: '125m', memory: '256Mi'}, limits: {cpu: '125m', memory: '1Gi'}});

test('both containers have all three probes, and readiness is asked every 2 s', t => {
	for (const {name, startupProbe, readinessProbe, livenessProbe} of pod.containers) {
		for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
			t.true(probe.timeoutSeconds >= 5, `${name}: a pod short of CPU answers late`);
			t.true([8080, 'http'].includes(probe.httpGet.port), name);
		}

		t.is(readinessProbe.periodSeconds, 2);
	}

	t.is(container('backend').readinessProbe.httpGet.path, '/readyz');
	t.is(container('backend').livenessProbe.httpGet.path, '/healthz');
	t.is(container('ollama').livenessProbe.httpGet.path, '/healthz/ollama');
});

test('nobody in the pod is root, writes its image or may talk to the API server', t => {
	t.is(pod.automountServiceAccountToken, false);
	t.is(pod.securityContext.runAsNonRoot, true);
	t.true(pod.securityContext.runAsUser > 0);
	t.deepEqual(pod.securityContext.seccompProfile, {type: 'RuntimeDefault'});
	for (const {name, securityContext, imagePullPolicy} of pod.containers) {
		t.deepEqual(
			securityContext,
			{allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: ['ALL']}},
			name,
		);
		t.is(imagePullPolicy, 'IfNotPresent');
	}

	for (const volume of pod.volumes) {
		t.truthy(volume.emptyDir.sizeLimit, volume.name);
	}
});

test('Ollama is reached over the loopback interface alone, and keeps its model', t => {
	const ollama = environment('ollama');
	t.is(ollama.get('OLLAMA_HOST'), '127.0.0.1:11434');
	t.is(ollama.get('OLLAMA_KEEP_ALIVE'), '-1');
	t.is(ollama.get('OLLAMA_MAX_QUEUE'), '512');
	t.is(container('ollama').ports, undefined);
});

test('what backend and Ollama are told agrees', t => {
	const backend = environment('backend');
	const ollama = environment('ollama');
	t.is(backend.get('OLLAMA_NUM_PARALLEL'), ollama.get('OLLAMA_NUM_PARALLEL'));
	t.is(backend.get('NUM_CTX'), ollama.get('OLLAMA_CONTEXT_LENGTH'));
	t.deepEqual(backend.get('OLLAMA_CPU_LIMIT_MILLICORES'), {
		resourceFieldRef: {containerName: 'ollama', resource: 'limits.cpu', divisor: '1m'},
	});
	t.deepEqual(backend.get('POD_NAME'), {fieldRef: {fieldPath: 'metadata.name'}});
});

test('there is time to drain before the grace period ends', t => {
	const backend = environment('backend');
	t.is(pod.terminationGracePeriodSeconds, 30);
	t.true(Number(backend.get('LAME_DUCK_SECONDS')) < Number(backend.get('DRAIN_SECONDS')));
	t.true(Number(backend.get('DRAIN_SECONDS')) <= pod.terminationGracePeriodSeconds - 3);
	t.regex(container('ollama').lifecycle.preStop.exec.command.at(-1), /127\.0\.0\.1\/8080/);
	t.true(container('ollama').livenessProbe.terminationGracePeriodSeconds <= 5);
});

test('the number of pods is left to the HorizontalPodAutoscaler', t => {
	t.false('replicas' in spec);
});

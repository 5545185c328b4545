import {readFile} from 'node:fs/promises';
import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {parseManifests} from '../../src/store/manifests/parse-manifests.ts';
import {faultsOf, inFolder, sound} from './scratch.ts';

/** Manifests as they lie around, read as an experiment's autoscaler. */

const scaled = sound.replace(/^autoscaler.*$/m, 'autoscaler: hpa.yaml');
const hpa = (name: string, maxReplicas: number | string, target = name) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${target}}
  maxReplicas: ${maxReplicas}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 070}}}]
`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n';
const indented = (text: string) =>
	text.trimEnd().replaceAll(/^/gm, '    ').concat('\n').replace('    apiVersion', '  - apiVersion');

async function autoscalerOf(text: string, set: readonly string[] = []) {
	return inFolder({'file.yaml': scaled, 'hpa.yaml': text}, async folder => {
		const {autoscaler} = await readExperiment(`${folder}/file.yaml`, {set});
		return autoscaler;
	});
}

const reads = test.macro(async (t, text: string) => {
	t.deepEqual(await autoscalerOf(text), {
		minReplicas: 1,
		maxReplicas: 8,
		metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 56}}],
	});
});

test('numbers are what kubectl takes them for', reads, hpa('a', '010'));
test('an empty document at the end', reads, `${hpa('a', 8)}---\n`);
test('documents of comments', reads, `# a chart\n---\n# Source: hpa.yaml\n${hpa('a', 8)}---\n# nothing\n`);
test('the only HPA of several documents', reads, `${service}---\n${hpa('a', 8)}---\n${service}`);
test('a List', reads, `apiVersion: v1\nkind: List\nitems:\n${indented(service)}${indented(hpa('a', 8))}`);
test(
	'a HorizontalPodAutoscalerList, whose items need no kind',
	reads,
	`apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscalerList\nitems:\n${indented(hpa('a', 8)).replace(/ {4}kind.*\n/, '')}`,
);
test(
	'a List in JSON',
	reads,
	'{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "spec": {"maxReplicas": 8, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 56}}}]}}]}',
);
test(
	'what the server has written',
	reads,
	`${hpa('a', 8).replace(
		'{name: a}',
		'{name: a, uid: 0f2, generation: 2, creationTimestamp: null, managedFields: [{manager: kubectl, fieldsV1: {"f:spec": {}}}]}',
	)}status: {currentReplicas: 2, desiredReplicas: 0, currentMetrics: null, conditions: []}\n`,
);
test(
	'anchors and keys that merge',
	reads,
	`kind: ConfigMap
metadata: {name: shared}
spec: &shared
  minReplicas: 3
  maxReplicas: 8
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
x: &bounds {minReplicas: 3, maxReplicas: 010}
spec:
  <<: *bounds
  minReplicas: 1
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 56}}}]
`.replace(/^x: /m, 'status: '),
);

test('of several HPAs the one that is named', async t => {
	const text = `${hpa('a', 8)}---\n${hpa('b', 9)}`;
	const bounds = async (path: string) =>
		inFolder({'file.yaml': scaled, 'hpa.yaml': text}, async folder => {
			const {autoscaler} = await readExperiment(`${folder}/file.yaml`, {set: [`autoscaler=${folder}/${path}`]});
			return autoscaler === 'none' ? 0 : autoscaler.maxReplicas;
		});
	t.is(await bounds('hpa.yaml#a'), 8);
	t.is(await bounds('hpa.yaml#b'), 9);
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled, 'hpa.yaml': text}), [
		'file.yaml:20:13: Expected autoscaler to be a path with #NAME of one HPA, such as hpa.yaml#a, got hpa.yaml with a (for Deployment a), b (for Deployment b)',
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled.replace('hpa.yaml', 'hpa.yaml#c'), 'hpa.yaml': text}), [
		'file.yaml:20:13: Expected autoscaler to be the path of a file with an HPA c, got hpa.yaml with a (for Deployment a), b (for Deployment b)',
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled.replace('hpa.yaml', '"#a"'), 'hpa.yaml': text}), [
		'file.yaml:20:13: Expected autoscaler to be the path of a file of kind HorizontalPodAutoscaler or ScaledObject, got #a (no such file)',
	]);
});

test('a file without an HPA says what it holds', async t => {
	const told = async (text: string) => (await faultsOf(t, {'file.yaml': scaled, 'hpa.yaml': text})).join();
	const start =
		'file.yaml:20:13: Expected autoscaler to be the path of a file of kind HorizontalPodAutoscaler or ScaledObject';
	t.is(await told(`${service}---\nkind: Deployment\n`), `${start}, got hpa.yaml, of kinds Service, Deployment`);
	t.is(await told('a: 1\n'), `${start}, got hpa.yaml, a file without a kind`);
	t.is(await told('---\n---\n'), `${start}, got hpa.yaml, an empty file`);
});

const template =
	'Expected YAML, got an unrendered Helm template; render it first: helm template NAME CHART > manifests.yaml';
const isTemplate = test.macro(async (t, text: string, place: string) => {
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled, 'hpa.yaml': text}), [`hpa.yaml:${place}: ${template}`]);
});

test('a template as a value', isTemplate, hpa('a', '{{ .Values.max }}'), '6:16');
test('a template with a pipe', isTemplate, hpa('{{ include "chat.name" . | quote }}', 8), '3:18');
test('a template around all', isTemplate, `{{- if .Values.enabled }}\n${hpa('a', 8)}{{- end }}\n`, '1:1');
test('a template in a block', isTemplate, hpa('a', 8).replace('metrics:', '{{- with .m }}\n  metrics:'), '7:3');
test('a template of labels', isTemplate, `${hpa('a', 8)}  labels:\n    {{- include "x" . | nindent 4 }}\n`, '9:5');
test('a template in quotes', isTemplate, hpa('a', '"{{ .Values.max }}"'), '6:16');
test('a template as a name', isTemplate, hpa("'{{ .Release.Name }}-a'", 8, 'b'), '3:18');
test('a template that is but a comment', isTemplate, `{{/* of the chart */}}\n${hpa('a', 8)}`, '1:1');

test('braces of a rendered file are no template', async t => {
	const rule = 'kind: PrometheusRule\nspec: {annotations: {text: "{{ $labels.pod }} is slow"}}\n';
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled, 'hpa.yaml': `${rule}---\n${hpa('a', 8)}`}), []);
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled, 'hpa.yaml': `${rule}---\n${hpa('a', 8)}: 1\n`}), [
		'hpa.yaml:11:1: Expected a key to be text, got nothing',
	]);
});

test('many documents, and bombs over several of them, are refused soon', t => {
	const start = performance.now();
	const message = (text: string) => parseManifests(text, 'a.yaml').faults.map(fault => fault.message);
	t.deepEqual(message('--- 1\n'.repeat(150_000)), ['Expected at most 10000 documents, got more']);
	const bomb = `kind: A\na: &a [${'x, '.repeat(300)}]\nb: &b [${'*a, '.repeat(300)}]\n---\n`;
	t.deepEqual(message(bomb.repeat(200)).slice(0, 1), [
		'Expected at most 200000 values once aliases are followed, got more',
	]);
	const merged = `kind: A\na: &a {${Array.from({length: 300}, (_, index) => `k${index}: 1, `).join('')}}\nb: [${'{<<: *a}, '.repeat(3000)}]\n`;
	t.deepEqual(message(merged), ['Expected at most 200000 values once aliases are followed, got more']);
	t.true(performance.now() - start < 10_000);
});

test('the manifests of this repository are read, each document an object', async t => {
	for (const file of ['hpa', 'deployment', 'metrics-server', 'service']) {
		const text = await readFile(`k8s/${file}.yaml`, 'utf8');
		const {objects, others, faults} = parseManifests(text, file);
		t.deepEqual({others, faults}, {others: [], faults: []});
		t.is(objects.length, text.split(/^kind: /m).length - 1);
		t.true(objects.every(({apiVersion, name}) => apiVersion !== undefined && name !== undefined));
	}
});

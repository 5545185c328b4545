import {readdirSync, readFileSync} from 'node:fs';
import test from 'ava';
import {parseAllDocuments} from 'yaml';
import {ZodError} from 'zod';
import {hpaSchemaFor, hpaSpecOf} from '../../src/autoscaler/hpa-manifest.ts';

const cpu = {type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}};
const external = {type: 'External', external: {metric: {name: 'q'}, target: {type: 'Value', value: '10'}}};

test('a bare spec gets its defaults', t => {
	t.deepEqual(hpaSpecOf({maxReplicas: 3}), {
		minReplicas: 1,
		maxReplicas: 3,
		metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}],
	});
	t.deepEqual(hpaSpecOf({maxReplicas: 3, metrics: [], minReplicas: null, behavior: null}), hpaSpecOf({maxReplicas: 3}));
});

test('a behavior is filled in, each direction by itself', t => {
	const {scaleUp, scaleDown} = hpaSpecOf({maxReplicas: 3, behavior: {}}).behavior!;
	t.deepEqual(scaleUp, {
		stabilizationWindowSeconds: 0,
		selectPolicy: 'Max',
		policies: [
			{type: 'Pods', value: 4, periodSeconds: 15},
			{type: 'Percent', value: 100, periodSeconds: 15},
		],
	});
	t.deepEqual(scaleDown, {selectPolicy: 'Max', policies: [{type: 'Percent', value: 100, periodSeconds: 15}]});
	const given = {
		stabilizationWindowSeconds: 60,
		policies: [{type: 'Pods', value: 1, periodSeconds: 30}],
		tolerance: '50m',
	};
	const partly = hpaSpecOf({maxReplicas: 3, behavior: {scaleDown: given}}).behavior!;
	t.deepEqual(partly.scaleDown, {...given, selectPolicy: 'Max', tolerance: 0.05});
	t.deepEqual(partly.scaleUp, scaleUp);
});

test('metrics of each type are read, quantities in milli-units', t => {
	const target = {type: 'AverageValue', averageValue: '1.5'};
	const {metrics} = hpaSpecOf({
		maxReplicas: 3,
		metrics: [
			{type: 'Resource', resource: {name: 'memory', target: {type: 'AverageValue', averageValue: '64Mi'}}},
			{type: 'ContainerResource', containerResource: {name: 'cpu', container: 'ollama', target: cpu.resource.target}},
			{type: 'Pods', pods: {metric: {name: 'q', selector: {matchLabels: {a: 'b'}}}, target}},
			{type: 'Object', object: {describedObject: {kind: 'Service', name: 'web'}, metric: {name: 'rps'}, target}},
			external,
		],
	});
	t.deepEqual(metrics, [
		{type: 'Resource', name: 'memory', target: {type: 'AverageValue', averageValueMilli: 64 * 2 ** 20 * 1000}},
		{
			type: 'ContainerResource',
			name: 'cpu',
			container: 'ollama',
			target: {type: 'Utilization', averageUtilization: 70},
		},
		{type: 'Pods', name: 'q', target: {type: 'AverageValue', averageValueMilli: 1500}},
		{
			type: 'Object',
			name: 'rps',
			describedObject: {kind: 'Service', name: 'web'},
			target: {type: 'AverageValue', averageValueMilli: 1500},
		},
		{type: 'External', name: 'q', target: {type: 'Value', valueMilli: 10_000}},
	]);
});

test('each HPA manifest of this repository is one that Kubernetes takes', t => {
	const folder = new URL('../../../k8s/', import.meta.url);
	const files = readdirSync(folder).filter(name => name.endsWith('.yaml'));
	const manifests = files
		.flatMap(name => parseAllDocuments(readFileSync(new URL(name, folder), 'utf8')))
		.map(document => document.toJS())
		.filter(value => value?.kind === 'HorizontalPodAutoscaler');
	t.true(manifests.length > 0);
	for (const manifest of manifests) {
		t.notThrows(() => hpaSpecOf(manifest));
	}
});

const policy = {type: 'Pods', value: 1, periodSeconds: 60};
const rules = (scaleUp: object) => ({maxReplicas: 3, behavior: {scaleUp}});

const refuses = test.macro({
	exec(t, spec: object, path: string, rule: string) {
		const {issues} = t.throws(() => hpaSpecOf(spec), {instanceOf: ZodError}) as ZodError;
		const {success, error: same} = hpaSchemaFor(spec).safeParse(spec);
		t.false(success);
		t.deepEqual(same!.issues, issues);
		const told = issues.map(issue => ({where: issue.path.join('.'), what: issue.message}));
		t.true(
			told.some(({where, what}) => where === path && what.includes(rule)),
			JSON.stringify(told),
		);
	},
	title: (_, __, path, rule) => `refuses ${path || 'the whole'}: ${rule}`,
});

test(refuses, {}, 'maxReplicas', 'a whole number, at least 1');
test(refuses, {maxReplicas: 0}, 'maxReplicas', 'at least 1');
test(refuses, {maxReplicas: 2.5}, 'maxReplicas', 'a whole number');
test(refuses, {maxReplicas: 3, minReplicas: 4}, 'maxReplicas', 'at least minReplicas');
test(refuses, {maxReplicas: 3, minReplicas: 0, metrics: [cpu]}, 'minReplicas', 'no Object or External metric');
test(refuses, {maxReplicas: 3, replicas: 2}, '', 'Unrecognized key');
test(
	refuses,
	rules({stabilizationWindowSeconds: 3601}),
	'behavior.scaleUp.stabilizationWindowSeconds',
	'from 0 to 3600',
);
test(refuses, rules({policies: []}), 'behavior.scaleUp.policies', 'at least one policy');
test(
	refuses,
	rules({policies: [{...policy, periodSeconds: 1801}]}),
	'behavior.scaleUp.policies.0.periodSeconds',
	'from 1 to 1800',
);
test(refuses, rules({policies: [{...policy, value: 0}]}), 'behavior.scaleUp.policies.0.value', 'at least 1');
test(
	refuses,
	rules({policies: [{...policy, type: 'Pod'}]}),
	'behavior.scaleUp.policies.0.type',
	'one of Pods, Percent',
);
test(refuses, rules({selectPolicy: 'Most'}), 'behavior.scaleUp.selectPolicy', 'one of Max, Min, Disabled');
test(refuses, rules({tolerance: '-0.1'}), 'behavior.scaleUp.tolerance', 'at least 0');
test(refuses, {maxReplicas: 3, metrics: [{type: 'CPU'}]}, 'metrics.0.type', 'a metric of type');
test(refuses, {maxReplicas: 3, metrics: [{...cpu, external: external.external}]}, 'metrics.0', 'Unrecognized key');
const withTarget = (target: object) => ({
	maxReplicas: 3,
	metrics: [{type: 'Resource', resource: {name: 'cpu', target}}],
});
test(
	refuses,
	withTarget({type: 'Utilization'}),
	'metrics.0.resource.target',
	'either averageUtilization or averageValue',
);
test(
	refuses,
	withTarget({type: 'Utilization', averageUtilization: 0}),
	'metrics.0.resource.target.averageUtilization',
	'at least 1',
);
test(refuses, withTarget({type: 'AverageValue', averageValue: 0}), 'metrics.0.resource.target.averageValue', 'above 0');
test(
	refuses,
	{apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', spec: {maxReplicas: 3}},
	'apiVersion',
	'autoscaling/v2',
);
test(
	refuses,
	{kind: 'Deployment', apiVersion: 'autoscaling/v2', spec: {maxReplicas: 3}},
	'kind',
	'HorizontalPodAutoscaler',
);

const named = (metadata: object, scaleTargetRef: object = {kind: 'Deployment', name: 'chat'}) => ({
	apiVersion: 'autoscaling/v2',
	kind: 'HorizontalPodAutoscaler',
	metadata,
	spec: {maxReplicas: 3, scaleTargetRef},
});
const target = {kind: 'Deployment', name: 'chat'};

test('names that the API server takes', t => {
	for (const name of ['yes', '0', 'a.b-c.d', 'x'.repeat(253)]) {
		t.notThrows(() => hpaSpecOf(named({name, namespace: 'no'}, {...target, name, apiVersion: 'apps/v1'})));
	}
});

test(refuses, named({name: 'a', namespace: 'a\nspec: {}'}), 'metadata.namespace', "digits and '-'");
test(refuses, named({name: 'a', namespace: 'x'.repeat(64)}), 'metadata.namespace', 'at most 63');
test(refuses, named({name: 'Chat'}), 'metadata.name', 'small letters');
test(refuses, named({name: true}), 'metadata.name', 'a name of small letters');
test(refuses, named({name: 'a.'}), 'metadata.name', 'at most 253');
test(refuses, named({}, {...target, name: 'a; rm -rf ~'}), 'spec.scaleTargetRef.name', 'small letters');
test(refuses, named({}, {...target, kind: 'Deployment\n#'}), 'spec.scaleTargetRef.kind', 'a kind');
test(refuses, named({}, {...target, apiVersion: 'apps/v1 '}), 'spec.scaleTargetRef.apiVersion', 'a version');
test(
	refuses,
	{
		maxReplicas: 3,
		metrics: [
			{type: 'ContainerResource', containerResource: {name: 'cpu', container: 'a b', target: cpu.resource.target}},
		],
	},
	'metrics.0.containerResource.container',
	"digits and '-'",
);

import test from 'ava';
import {convertHpa} from '../../src/store/manifests/convert-hpa.ts';
import {plainValue, printFaults} from '../../src/store/yaml/source-tree.ts';
import {treeOfValue} from '../../src/store/yaml/tree-builder.ts';

const place = {file: 'hpa.yaml', line: 1, column: 1};
const kind = 'HorizontalPodAutoscaler';
const target = {apiVersion: 'apps/v1', kind: 'Deployment', name: 'chat'};
const describedObject = {apiVersion: 'v1', kind: 'Service', name: 'chat'};
const selector = {matchLabels: {model: 'a'}};

function converted(manifest: object): unknown {
	const {tree, faults} = convertHpa(treeOfValue({kind, ...manifest}, place));
	return faults.length > 0 ? printFaults(faults) : plainValue(tree);
}

/** Metrics of autoscaling/v2beta1, and what they are to autoscaling/v2. */
const old = [
	{type: 'Resource', resource: {name: 'cpu', targetAverageUtilization: 50}},
	{type: 'Resource', resource: {name: 'memory', targetAverageValue: '1Gi'}},
	{type: 'ContainerResource', containerResource: {name: 'cpu', container: 'ollama', targetAverageUtilization: 60}},
	{type: 'Pods', pods: {metricName: 'running', selector, targetAverageValue: '4'}},
	{type: 'Object', object: {metricName: 'waiting', target: describedObject, targetValue: '8', selector}},
	{type: 'Object', object: {metricName: 'waiting', target: describedObject, targetValue: '0', averageValue: '3'}},
	{type: 'External', external: {metricName: 'queue', metricSelector: selector, targetValue: 30}},
	{type: 'External', external: {metricName: 'queue', targetAverageValue: '500m'}},
];
const metric = (name: string, given = true) => ({name, ...(given && {selector})});
const present = [
	{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}},
	{type: 'Resource', resource: {name: 'memory', target: {type: 'AverageValue', averageValue: '1Gi'}}},
	{
		type: 'ContainerResource',
		containerResource: {name: 'cpu', container: 'ollama', target: {type: 'Utilization', averageUtilization: 60}},
	},
	{type: 'Pods', pods: {metric: metric('running'), target: {type: 'AverageValue', averageValue: '4'}}},
	{type: 'Object', object: {describedObject, metric: metric('waiting'), target: {type: 'Value', value: '8'}}},
	{
		type: 'Object',
		object: {describedObject, metric: metric('waiting', false), target: {type: 'AverageValue', averageValue: '3'}},
	},
	{type: 'External', external: {metric: metric('queue'), target: {type: 'Value', value: 30}}},
	{type: 'External', external: {metric: metric('queue', false), target: {type: 'AverageValue', averageValue: '500m'}}},
];
/** As the API server writes its own type. */
const annotatedBehavior = {
	ScaleUp: null,
	ScaleDown: {
		StabilizationWindowSeconds: 60,
		SelectPolicy: 'Min',
		Policies: [{Type: 'Pods', Value: 1, PeriodSeconds: 30}],
		Tolerance: null,
	},
};
const behavior = {
	scaleUp: null,
	scaleDown: {
		stabilizationWindowSeconds: 60,
		selectPolicy: 'Min',
		policies: [{type: 'Pods', value: 1, periodSeconds: 30}],
		tolerance: null,
	},
};

test('autoscaling/v1: its percentage is a metric of cpu', t => {
	const spec = {scaleTargetRef: target, minReplicas: 2, maxReplicas: 4};
	t.deepEqual(converted({apiVersion: 'autoscaling/v1', spec: {...spec, targetCPUUtilizationPercentage: 50}}), {
		kind,
		apiVersion: 'autoscaling/v2',
		spec: {...spec, metrics: present.slice(0, 1)},
	});
	t.deepEqual(converted({apiVersion: 'autoscaling/v1', spec}), {kind, apiVersion: 'autoscaling/v2', spec});
});

test('autoscaling/v1: annotations carry the other metrics, which come first, and the behavior', t => {
	const annotations = {
		'autoscaling.alpha.kubernetes.io/metrics': JSON.stringify(old.slice(1)),
		'autoscaling.alpha.kubernetes.io/behavior': JSON.stringify(annotatedBehavior),
	};
	const spec = {maxReplicas: 4, targetCPUUtilizationPercentage: 50};
	t.like(converted({apiVersion: 'autoscaling/v1', metadata: {annotations}, spec}), {
		spec: {maxReplicas: 4, metrics: [...present.slice(1), present[0]!], behavior},
	});
	t.is(
		converted({
			apiVersion: 'autoscaling/v1',
			metadata: {annotations: {'autoscaling.alpha.kubernetes.io/metrics': '{"a": 1}'}},
			spec,
		}),
		'hpa.yaml:1:1: Expected the annotation autoscaling.alpha.kubernetes.io/metrics to be a list in JSON, got something else',
	);
});

test('autoscaling/v2beta1: every type of metric, and the behavior', t => {
	const annotations = {'autoscaling.alpha.kubernetes.io/behavior': JSON.stringify(annotatedBehavior)};
	t.deepEqual(
		converted({apiVersion: 'autoscaling/v2beta1', metadata: {annotations}, spec: {maxReplicas: 4, metrics: old}}),
		{
			kind,
			apiVersion: 'autoscaling/v2',
			metadata: {annotations},
			spec: {maxReplicas: 4, metrics: present, behavior},
		},
	);
});

test('autoscaling/v2beta2 has the form of autoscaling/v2, and tolerances in annotations', t => {
	const annotations = {'autoscaling.alpha.kubernetes.io/scale-up-tolerance': '50m'};
	const spec = {maxReplicas: 4, metrics: present};
	t.deepEqual(converted({apiVersion: 'autoscaling/v2beta2', metadata: {annotations}, spec}), {
		kind,
		apiVersion: 'autoscaling/v2',
		metadata: {annotations},
		spec: {...spec, behavior: {scaleUp: {tolerance: '50m'}}},
	});
});

test('the status of an older version is converted, too', t => {
	const current = {averageUtilization: 71, averageValue: '71m'};
	const currentMetrics = [{type: 'Resource', resource: {name: 'cpu', current}}];
	const oldMetrics = [
		{type: 'Resource', resource: {name: 'cpu', currentAverageUtilization: 71, currentAverageValue: '71m'}},
	];
	const spec = {maxReplicas: 4};
	t.like(converted({apiVersion: 'autoscaling/v2beta1', spec, status: {currentMetrics: oldMetrics}}), {
		status: {currentMetrics},
	});
	t.like(converted({apiVersion: 'autoscaling/v1', spec, status: {currentCPUUtilizationPercentage: 71}}), {
		status: {currentMetrics: [{type: 'Resource', resource: {name: 'cpu', current: {averageUtilization: 71}}}]},
	});
	const annotations = {'autoscaling.alpha.kubernetes.io/current-metrics': JSON.stringify(oldMetrics)};
	t.like(
		converted({
			apiVersion: 'autoscaling/v1',
			metadata: {annotations},
			spec,
			status: {currentCPUUtilizationPercentage: 3},
		}),
		{status: {currentMetrics}},
	);
});

test('a key that came later is told', t => {
	const told = (apiVersion: string, spec: object) => converted({apiVersion, spec});
	t.is(
		told('autoscaling/v1', {maxReplicas: 3, metrics: []}),
		'hpa.yaml:1:1: Expected spec.metrics to be left out of autoscaling/v1, got a key of autoscaling/v2',
	);
	t.is(
		told('autoscaling/v2beta1', {maxReplicas: 3, metrics: present.slice(0, 1)}),
		'hpa.yaml:1:1: Expected target to be left out of autoscaling/v2beta1, got a key of autoscaling/v2',
	);
});

test('autoscaling/v2, and what is no HPA, stay as they are', t => {
	const tree = treeOfValue({kind, apiVersion: 'autoscaling/v2', spec: {targetCPUUtilizationPercentage: 3}}, place);
	t.is(convertHpa(tree).tree, tree);
	const other = treeOfValue({apiVersion: 'autoscaling/v1', kind: 'Scale'}, place);
	t.is(convertHpa(other).tree, other);
});

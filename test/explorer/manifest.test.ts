import test from 'ava';
import {parse} from 'yaml';
import {hpaSpecOf} from '../../src/autoscaler/hpa-manifest.ts';
import {manifestText} from '../../src/explorer/fragment.ts';
import {controlsOf, experimentWith} from '../../src/explorer/settings.ts';
import {exploredOf, shipped} from './experiments.ts';

test('the manifest says what the sliders say', async t => {
	const explored = await exploredOf(shipped('dynamic-scaling'));
	const settings = new Map<string, string | number>([
		['maxReplicas', 9],
		['memory.averageUtilization', 'none'],
		['scaleDown.stabilizationWindowSeconds', 60],
		['scaleDown.pods', 1],
	]);
	const {autoscaler} = experimentWith(explored.experiment, controlsOf(explored), settings);
	const manifest: unknown = parse(manifestText(autoscaler as Exclude<typeof autoscaler, 'none'>, explored));
	t.deepEqual(hpaSpecOf(manifest), autoscaler);
	const {metadata, spec} = manifest as {metadata: unknown; spec: {scaleTargetRef: unknown}};
	t.deepEqual(metadata, {name: 'llm', namespace: 'replicast'});
	t.deepEqual(spec.scaleTargetRef, {apiVersion: 'apps/v1', kind: 'Deployment', name: 'llm'});
});

test('names that YAML 1.1 takes for something else stay names', t => {
	const identity = {
		metadata: {name: 'yes', namespace: 'no'},
		scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: '010'},
	};
	const manifest = parse(manifestText(hpaSpecOf({maxReplicas: 3}), {identity}), {version: '1.1'});
	t.like(manifest, {metadata: identity.metadata, spec: {scaleTargetRef: identity.scaleTargetRef}});
});

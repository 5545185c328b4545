import {join} from 'node:path';
import test from 'ava';
import {lint} from '../../src/library/lint.ts';
import {deployment, folderOf, hpa, removeFolders} from './manifests.ts';

test.after.always(removeFolders);

const base = {
	'base/kustomization.yaml': 'resources: [web.yaml, hpa.yaml]\n',
	'base/web.yaml': deployment('web'),
	'base/hpa.yaml': hpa('web'),
};
const requests = deployment('web', '{cpu: 100m}');
const size =
	'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {maxReplicas: 30}\n';

/** Lints an overlay of the base beside it. */
async function overlaid(overlay: Readonly<Record<string, string>>) {
	const folder = await folderOf({...base, ...overlay});
	const {findings, notLookedAt, autoscalers} = await lint([folder]);
	const relative = (text = '') => text.replaceAll(`${folder}/`, '');
	return {
		autoscalers,
		rules: findings.map(({rule, place}) => `${relative(place.file)} ${rule}`),
		left: notLookedAt.map(({what, place, why, command}) => [
			what,
			relative(place.file),
			relative(why),
			relative(command),
		]),
	};
}

test('a base that no kustomization patches is judged', async t => {
	const {rules, left} = await overlaid({'prod/kustomization.yaml': 'resources: [../base]\n'});
	t.deepEqual(rules, ['base/web.yaml missing-request']);
	t.deepEqual(left, []);
});

test('a patch of the HPA is no object, and the HPA is looked at as the overlay renders it', async t => {
	for (const patches of [
		'patches: [{path: hpa.yaml}]',
		'patches: [{path: hpa.yaml, target: {kind: Horizontal.*}}]',
		'patchesStrategicMerge: [hpa.yaml]',
	]) {
		const {rules, left, autoscalers} = await overlaid({
			'prod/kustomization.yaml': `resources: [../base]\n${patches}\n`,
			'prod/hpa.yaml': size,
		});
		t.deepEqual(rules, [], patches);
		t.is(autoscalers, 0);
		t.deepEqual(left, [
			[
				'autoscaler',
				'base/hpa.yaml',
				'It is patched by the kustomization prod',
				'kubectl kustomize prod | replicast lint -',
			],
		]);
	}
});

test('a request that only an overlay adds is not missed in the base', async t => {
	const patch = requests.replaceAll('\n', '\n      ');
	for (const [name, files] of Object.entries({
		'a file elsewhere': {
			'prod/kustomization.yml': 'resources: [../base]\npatches: [{path: ../shared/requests.yaml}]\n',
			'shared/requests.yaml': requests,
		},
		'a text': {'prod/Kustomization': `resources: [../base]\npatches:\n  - patch: |-\n      ${patch}\n`},
		'a strategic merge patch as text': {
			'prod/kustomization.yaml': `resources: [../base]\npatchesStrategicMerge:\n  - |-\n      ${patch}\n`,
		},
		'a JSON patch': {
			'prod/kustomization.yaml':
				'resources: [../base]\npatchesJson6902: [{target: {group: apps, version: v1, kind: Deployment, name: web}, path: a.yaml}]\n',
			'prod/a.yaml': '- {op: add, path: /spec/template/spec/containers/0/resources, value: {requests: {cpu: 1}}}\n',
		},
		'a component': {
			'prod/kustomization.yaml': 'resources: [../base]\ncomponents: [../sized]\n',
			'sized/kustomization.yaml':
				'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: requests.yaml}]\n',
			'sized/requests.yaml': requests,
		},
		'a replacement': {
			'prod/kustomization.yaml':
				'resources: [../base]\nreplacements:\n  - source: {kind: ConfigMap, name: a, fieldPath: data.cpu}\n    targets: [{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.resources.requests.cpu]}]\n',
		},
		'a file of replacements': {
			'prod/kustomization.yaml': 'resources: [../base]\nreplacements: [{path: r.yaml}]\n',
			'prod/r.yaml':
				'source: {kind: ConfigMap, name: a, fieldPath: data.cpu}\ntargets: [{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.resources.requests.cpu]}]\n',
		},
		'an overlay of an overlay, after a prefix': {
			'middle/kustomization.yaml': 'resources: [../base]\nnamePrefix: a-\n',
			'prod/kustomization.yaml': 'resources: [../middle]\npatches: [{path: requests.yaml}]\n',
			'prod/requests.yaml': requests.replace('{name: web}', '{name: a-web}'),
		},
	})) {
		const {rules, left} = await overlaid(files);
		t.deepEqual(rules, [], name);
		t.deepEqual(
			left.map(([what, file]) => [what, file]),
			[['part', 'base/hpa.yaml']],
			name,
		);
		t.regex(left[0]![2]!, /^Deployment web is patched by the kustomization prod$/, name);
	}
});

test('names, images, labels and numbers of pods of an overlay change nothing that is judged', async t => {
	const {rules, left} = await overlaid({
		'prod/kustomization.yaml':
			'resources: [../base]\nnamePrefix: prod-\nimages: [{name: web, newTag: "2"}]\nreplicas: [{name: web, count: 3}]\npatches:\n  - {path: labels.yaml}\n  - {path: pods.yaml}\n  - {target: {kind: Deployment}, patch: "[{op: replace, path: /spec/replicas, value: 2}]"}\n',
		'prod/labels.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {a: b}}\n',
		'prod/pods.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 4}\n',
	});
	t.deepEqual(rules, ['base/web.yaml missing-request']);
	t.deepEqual(left, []);
});

test('a patch of another object leaves the HPA judged', async t => {
	const {rules} = await overlaid({
		'prod/kustomization.yaml': 'resources: [../base]\npatches: [{path: other.yaml}]\n',
		'prod/other.yaml': requests.replace('{name: web}', '{name: other}'),
	});
	t.deepEqual(rules, ['base/web.yaml missing-request']);
});

test('an overlay without the base patches nothing of it', async t => {
	const {rules} = await overlaid({
		'prod/kustomization.yaml': 'resources: [https://example.com/web?ref=v1]\npatches: [{path: requests.yaml}]\n',
		'prod/requests.yaml': requests,
	});
	t.deepEqual(rules, ['base/web.yaml missing-request']);
});

test('a Helm chart that a kustomization renders is noted', async t => {
	const {left} = await overlaid({'prod/kustomization.yaml': 'helmCharts: [{name: web}]\n'});
	t.deepEqual(left, [
		[
			'chart',
			'prod/kustomization.yaml',
			'The Helm charts of this kustomization are not rendered',
			'kubectl kustomize --enable-helm prod | replicast lint -',
		],
	]);
});

test('a patch that is named itself is no autoscaler that the API server refuses', async t => {
	const folder = await folderOf({
		...base,
		'prod/kustomization.yaml': 'resources: [../base]\npatches: [{path: hpa.yaml}]\n',
		'prod/hpa.yaml': size,
	});
	const {findings, notLookedAt} = await lint([join(folder, 'prod/hpa.yaml')]);
	t.deepEqual(findings, []);
	t.is(notLookedAt[0]?.command, `kubectl kustomize ${folder}/prod | replicast lint -`);
});

test('an HPA without a target in a folder is taken for a patch', async t => {
	const {findings, notLookedAt} = await lint([await folderOf({'hpa.yaml': size})]);
	t.deepEqual(findings, []);
	t.regex(notLookedAt[0]!.why, /scaleTargetRef/);
});

test('kustomizations in a ring, and of each other a hundred times, come to an end', async t => {
	const ring: Record<string, string> = {};
	for (let index = 0; index < 200; index++) {
		ring[`k${index}/kustomization.yaml`] =
			`resources: [../k${(index + 1) % 200}, ../k${(index + 2) % 200}, ../base]\npatches: [{path: a.yaml}]\n`;
		ring[`k${index}/a.yaml`] = requests;
	}

	const {left} = await overlaid(ring);
	t.regex(left[0]![2]!, /^Deployment web is patched by the kustomization k0 and 199 others$/);
});

test('a base outside the folder that is given is read with it, and what is not on the disk is said', async t => {
	const folder = await folderOf({
		...base,
		'overlays/prod/kustomization.yaml':
			'resources: [../../base, ../absent.yaml, "https://github.com/org/repo//base?ref=v1"]\n',
	});
	const {findings, notLookedAt, autoscalers} = await lint([join(folder, 'overlays', 'prod')]);
	t.is(autoscalers, 1);
	t.deepEqual(
		findings.map(({rule}) => rule),
		['missing-request'],
	);
	t.true(findings[0]!.place.file.endsWith(join('base', 'web.yaml')), findings[0]!.place.file);
	const said = notLookedAt.map(({why}) => why).join('\n');
	t.regex(said, /names \.\.\/absent\.yaml, which is not on this disk/);
	t.regex(said, /names https:\/\/github\.com\/org\/repo\/\/base\?ref=v1, which is not on this disk/);
});

test('an overlay elsewhere in the repository that patches the base that is given is found', async t => {
	const overlay = {
		'overlays/prod/kustomization.yaml': 'resources: [../../base]\npatches: [{path: hpa.yaml}]\n',
		'overlays/prod/hpa.yaml': size,
	};
	const alone = await folderOf({...base, ...overlay});
	t.is((await lint([join(alone, 'base')])).findings.length, 1, 'nothing above a folder without a repository is read');
	const repository = await folderOf({...base, ...overlay, '.git/HEAD': 'ref: refs/heads/main\n'});
	const {findings, notLookedAt} = await lint([join(repository, 'base')]);
	t.deepEqual(findings, []);
	t.regex(notLookedAt[0]?.why ?? '', /^It is patched by the kustomization .*overlays\/prod$/);
	t.regex(notLookedAt[0]?.command ?? '', /^kubectl kustomize .*overlays\/prod \| replicast lint -$/);
});

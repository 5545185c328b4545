import {readdirSync, readFileSync} from 'node:fs';
import test from 'ava';
import {renderGateway} from '../../src/cluster/keda/render-keda.ts';
import {readManifests as readForReplay, readManifestObjects} from '../../src/cluster/setup/read-manifests.ts';
import {renderManifests} from '../../src/cluster/setup/render-manifests.ts';
import {scaledExperiment} from '../tune/make-space.ts';
import {type Manifest, readKustomization} from './manifests.ts';

/* Every container of every manifest, those that a replay applies too. */

const root = new URL('../../../k8s/', import.meta.url);

/** Manifests of an emulated replay. */
const emulated = ['kwok/kwok.yaml', 'kwok/metrics-api.yaml', 'kwok/workload.yaml'];

/** Pod specifications by what makes the pods, wherever they stand in a manifest. */
function podSpecs(manifests: readonly Manifest[]): [string, Manifest][] {
	return manifests.flatMap(manifest => {
		const spec =
			manifest.kind === 'Pod' ? manifest.spec : (manifest.spec?.jobTemplate ?? manifest).spec?.template?.spec;
		return spec === undefined ? [] : [[`${manifest.kind} ${manifest.metadata.name}`, spec] as [string, Manifest]];
	});
}

async function allManifests(): Promise<Manifest[]> {
	const {base, metricsServer, prometheus, gateway} = await readForReplay();
	const images = {backend: 'backend:1', ollama: 'ollama:1'};
	const rendered = (['dynamic', 'fixed'] as const).flatMap(arm => {
		const experiment = scaledExperiment({fixed: {replicas: 2}});
		return renderManifests({base, gateway}, experiment, {arm, images}).base;
	});
	return [
		...readKustomization(),
		...rendered,
		...metricsServer,
		...prometheus,
		...renderGateway(gateway, scaledExperiment({}), 'backend:1'),
		...((await Promise.all(emulated.map(readManifestObjects))).flat() as Manifest[]),
	];
}

test('no container is root, writes its image, gains rights or keeps capabilities', async t => {
	const specs = podSpecs(await allManifests());
	t.deepEqual(
		[...new Set(specs.map(([name]) => name))].sort(),
		['gateway', 'kwok', 'llm', 'metrics', 'metrics-server', 'prometheus'].map(name => `Deployment ${name}`),
	);
	for (const [name, pod] of specs) {
		for (const container of [...pod.containers, ...(pod.initContainers ?? []), ...(pod.ephemeralContainers ?? [])]) {
			const what = `${name}, ${container.name}`;
			const effective = {...pod.securityContext, ...container.securityContext};
			t.is(effective.runAsNonRoot, true, what);
			t.true(effective.runAsUser > 0, what);
			t.deepEqual(effective.seccompProfile, {type: 'RuntimeDefault'}, what);
			t.is(effective.allowPrivilegeEscalation, false, what);
			t.is(effective.readOnlyRootFilesystem, true, what);
			t.deepEqual(effective.capabilities, {drop: ['ALL']}, what);
			t.not(effective.privileged, true, what);
			t.deepEqual(
				(container.ports ?? []).filter((port: Manifest) => port.hostPort !== undefined),
				[],
				what,
			);
		}
	}
});

test('no pod has a part of its node, or a secret', async t => {
	for (const [name, pod] of podSpecs(await allManifests())) {
		for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) {
			t.not(pod[key], true, `${name}: ${key}`);
		}

		for (const volume of pod.volumes ?? []) {
			const kind = volume.name === 'config' ? 'configMap' : 'emptyDir';
			t.deepEqual(Object.keys(volume).sort(), [kind, 'name'], `${name}: ${volume.name}`);
		}

		for (const {name: container, env = [], envFrom} of pod.containers) {
			t.is(envFrom, undefined, container);
			t.true(
				env.every((variable: Manifest) => variable.valueFrom?.secretKeyRef === undefined),
				container,
			);
		}
	}
});

test('only metrics-server, which reads the kubelets, and KWOK, which is them, have a token of the API', async t => {
	for (const [name, pod] of podSpecs(await allManifests())) {
		const account = name.replace('Deployment ', '');
		if (account === 'metrics-server' || account === 'kwok') {
			t.is(pod.serviceAccountName, account);
		} else {
			t.is(pod.automountServiceAccountToken, false, name);
			t.is(pod.serviceAccountName, undefined, name);
		}
	}
});

test('KWOK may write the status of nodes and pods, leases and events, and nothing else', async t => {
	const role = (await readManifestObjects('kwok/kwok.yaml')).find(({kind}) => kind === 'ClusterRole') as Manifest;
	const written = role.rules
		.filter(({verbs}: Manifest) => verbs.some((verb: string) => !['get', 'list', 'watch'].includes(verb)))
		.flatMap(({resources}: Manifest) => resources);
	t.deepEqual(written.sort(), ['events', 'leases', 'nodes/status', 'pods/status']);
	t.false(role.rules.some(({resources}: Manifest) => resources.includes('secrets')));
});

test('the account of metrics-server may read nodes, pods and their metrics, and nothing of it may write or read secrets', t => {
	for (const {kind, metadata, rules = []} of readKustomization().filter(({kind}) => /Role$/.test(kind))) {
		for (const {apiGroups, resources, verbs} of rules) {
			const what = `${kind} ${metadata.name}`;
			t.deepEqual(
				verbs.filter((verb: string) => !['get', 'list', 'watch'].includes(verb)),
				[],
				what,
			);
			t.deepEqual(
				resources.filter((resource: string) => !['pods', 'nodes', 'nodes/metrics'].includes(resource)),
				[],
				what,
			);
			t.true(
				apiGroups.every((group: string) => ['', 'metrics.k8s.io'].includes(group)),
				what,
			);
		}
	}
});

test('every pod of the namespaces is under a network policy', async t => {
	const {prometheus, gateway} = await readForReplay();
	const all: Manifest[] = [...readKustomization(), ...prometheus, ...gateway];
	const objects = all.filter(({metadata}) => metadata.namespace?.startsWith('replicast'));
	const policies = objects.filter(({kind}) => kind === 'NetworkPolicy');
	for (const {kind, spec} of objects.filter(({spec}) => spec?.template !== undefined)) {
		const {labels} = spec.template.metadata;
		const covering = policies.filter(policy =>
			Object.entries(policy.spec.podSelector.matchLabels).every(([key, value]) => labels[key] === value),
		);
		t.is(covering.length, 1, kind);
	}
});

test('no file of k8s/ holds a secret', t => {
	for (const entry of readdirSync(root, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile())) {
		const text = readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8');
		t.notRegex(
			text,
			/kind: Secret\b|BEGIN [A-Z ]*PRIVATE KEY|client-key-data|password:|\btoken:\s*\S|eyJ[\w-]{10,}\./i,
			entry.name,
		);
	}
});

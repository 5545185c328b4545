import {readdirSync, readFileSync} from 'node:fs';
import test from 'ava';
import {find, readKustomization, readManifests} from './manifests.ts';

const root = new URL('../../../k8s/', import.meta.url);
const clusterWide = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'APIService']);

test('every manifest is applied, kind.yaml apart', t => {
	const [{resources}] = readManifests('kustomization.yaml');
	const files = readdirSync(root).filter(file => file.endsWith('.yaml'));
	t.deepEqual([...resources, 'kind.yaml', 'kustomization.yaml'].sort(), files.sort());
});

test('every object names its namespace', t => {
	for (const {kind, metadata} of readKustomization()) {
		if (clusterWide.has(kind)) {
			t.is(metadata.namespace, undefined, `${kind} ${metadata.name}`);
		} else {
			const isMetricsServer = metadata.name.startsWith('metrics-server');
			t.is(metadata.namespace, isMetricsServer ? 'kube-system' : 'replicast', `${kind} ${metadata.name}`);
		}
	}
});

test('the namespace demands of all its pods what these ones keep', t => {
	t.is(find('Namespace', 'replicast').metadata.labels['pod-security.kubernetes.io/enforce'], 'restricted');
});

test('selectors, labels and ports agree', t => {
	const {spec} = find('Deployment', 'llm');
	const {labels} = spec.template.metadata;
	const selectors = {
		deployment: spec.selector.matchLabels,
		service: find('Service', 'llm').spec.selector,
		budget: find('PodDisruptionBudget', 'llm').spec.selector.matchLabels,
		policy: find('NetworkPolicy', 'llm').spec.podSelector.matchLabels,
	};
	for (const [name, selector] of Object.entries(selectors)) {
		t.true(Object.keys(selector).length > 0, name);
		t.like(labels, selector, name);
	}

	const [port] = find('Service', 'llm').spec.ports;
	const [{ports}] = spec.template.spec.containers;
	t.is(find('Service', 'llm').spec.type, 'NodePort');
	t.is(ports[0].name, port.targetPort);
	const [kind] = readManifests('kind.yaml');
	t.is(kind.nodes[0].extraPortMappings[0].containerPort, port.nodePort);
	t.is(kind.nodes[0].extraPortMappings[0].listenAddress, '127.0.0.1');
});

test('the network policy lets in the port of the Service alone, and nothing out', t => {
	const {spec} = find('NetworkPolicy', 'llm');
	const [{ports}] = find('Deployment', 'llm').spec.template.spec.containers;
	t.deepEqual(spec.policyTypes, ['Ingress', 'Egress']);
	t.deepEqual(spec.ingress, [{ports: [{protocol: 'TCP', port: ports[0].containerPort}]}]);
	t.deepEqual(spec.egress, []);
});

test('the autoscaler scales this Deployment', t => {
	const {spec} = find('HorizontalPodAutoscaler', 'llm');
	t.like(spec.scaleTargetRef, {apiVersion: 'apps/v1', kind: 'Deployment', name: 'llm'});
});

test('a drain of a node takes one pod at a time', t => {
	t.is(find('PodDisruptionBudget', 'llm').spec.maxUnavailable, 1);
});

test('metrics-server v0.9.0 scrapes every 15 s, kubelets of kind too, and answers for its API', t => {
	const {spec} = find('Deployment', 'metrics-server');
	const [{image, args}] = spec.template.spec.containers;
	t.is(image, 'registry.k8s.io/metrics-server/metrics-server:v0.9.0');
	t.true(args.includes('--metric-resolution=15s'));
	t.true(args.includes('--kubelet-insecure-tls'));
	t.like(find('APIService', 'v1beta1.metrics.k8s.io').spec.service, {name: 'metrics-server', namespace: 'kube-system'});
	for (const kind of ['RoleBinding', 'ClusterRoleBinding']) {
		for (const {roleRef, subjects} of readKustomization().filter(manifest => manifest.kind === kind)) {
			t.truthy(roleRef.name);
			t.deepEqual(subjects, [{kind: 'ServiceAccount', name: 'metrics-server', namespace: 'kube-system'}]);
		}
	}
});

test('the images run as a user, and the backend image holds one file', t => {
	const backend = readFileSync(new URL('backend/Dockerfile', root), 'utf8');
	const ollama = readFileSync(new URL('ollama/Dockerfile', root), 'utf8');
	t.regex(backend, /^FROM node:24-bookworm-slim$/m);
	t.deepEqual(backend.match(/^(COPY|ADD|RUN).*$/gm), ['COPY server.cjs .']);
	t.regex(ollama, /^ARG BASE=ollama\/ollama:0\.17\.4\nFROM \$\{BASE\}$/m);
	for (const dockerfile of [backend, ollama]) {
		t.regex(dockerfile, /^USER 1000:1000$/m);
	}
});

import {ContainersSchema, InitContainersSchema} from '../../experiment/container-schema.ts';
import {modelContainer} from '../../experiment/model-container.ts';
import type {LintedBudget, LintedContainer, LintedObject, LintedVertical, LintedWorkload} from '../../lint/subject.ts';
import {deploymentOfManifest} from '../manifests/deployment-of-manifest.ts';
import type {ManifestObject} from '../manifests/parse-manifests.ts';
import {labelsOf, selects} from '../manifests/placement-of-manifest.ts';
import {nodeAt, plainValue, type SourceNode, sourceAt, textAt} from '../yaml/source-tree.ts';

/** Annotation by which an object turns rules off: their ids, with commas between. */
export const ignoreAnnotation = 'replicast/lint-ignore';

/** An object with the places of its parts. */
export function placed({kind, name = 'without a name', namespace, tree}: ManifestObject): LintedObject {
	return {
		kind,
		name,
		...(namespace !== undefined && {namespace}),
		placeOf: (...path) => sourceAt(tree, present(tree, path), 'key'),
		ignores: (textAt(tree, 'metadata', 'annotations', ignoreAnnotation) ?? '').split(',').map(id => id.trim()),
	};
}

/** The part of a path that is there. */
function present(tree: SourceNode, path: readonly (string | number)[]): readonly (string | number)[] {
	const missing = path.findIndex((_, index) => nodeAt(tree, path.slice(0, index + 1)) === undefined);
	return missing === -1 ? path : path.slice(0, missing);
}

/** A workload's containers and what its arguments say; undefined where they break the rules of the API server. */
export function workloadOf(object: ManifestObject): LintedWorkload | undefined {
	const deployment = deploymentOfManifest(object.tree);
	const containers = ContainersSchema.safeParse(plainAt(deployment, 'containers'));
	const inits = InitContainersSchema.safeParse(plainAt(deployment, 'initContainers') ?? {});
	if (!containers.success || !inits.success) {
		return undefined;
	}

	const own = Object.entries(containers.data).map(([name, container]): LintedContainer => ({name, ...container}));
	const sidecars = Object.entries(inits.data).flatMap(([name, {restartPolicy, ...container}]): LintedContainer[] =>
		restartPolicy === undefined ? [] : [{name, ...container, isSidecar: true}],
	);
	const found = modelContainer(own);
	const model = modelIn(object.tree);
	const parallel = numberAt(deployment, 'parallel');
	const threads = numberAt(deployment, 'threads');
	return {
		...placed(object),
		containers: [...own, ...sidecars],
		hasPodRequests: nodeAt(object.tree, ['spec', 'template', 'spec', 'resources']) !== undefined,
		...(isInjected(object.tree) && {isInjected: true}),
		...('name' in found && {worker: found.name}),
		...(parallel !== undefined && {parallel}),
		...(threads !== undefined && {threads}),
		...(model !== undefined && {model}),
	};
}

/** Annotations and labels of pods by which a webhook adds a container to them. */
const injections = [
	'sidecar.istio.io/inject',
	'linkerd.io/inject',
	'kuma.io/sidecar-injection',
	'consul.hashicorp.com/connect-inject',
	'dapr.io/enabled',
	'vault.hashicorp.com/agent-inject',
	'sidecar.opentelemetry.io/inject',
];

function isInjected(tree: SourceNode): boolean {
	return hasInjection(nodeAt(tree, ['spec', 'template', 'metadata']), injections);
}

/** Whether a webhook adds containers to the pods of a namespace. */
export function isInjecting({tree}: ManifestObject): boolean {
	return hasInjection(nodeAt(tree, ['metadata']), [...injections, 'istio-injection', 'istio.io/rev']);
}

function hasInjection(metadata: SourceNode | undefined, names: readonly string[]): boolean {
	return ['annotations', 'labels'].some(key =>
		names.some(name => {
			const node = nodeAt(metadata, [key, name]);
			return node?.kind === 'scalar' && !/^(?:false|disabled)$/.test(String(node.value));
		}),
	);
}

function plainAt(tree: SourceNode, key: string): unknown {
	const node = nodeAt(tree, [key]);
	return node && plainValue(node);
}

function numberAt(deployment: SourceNode, key: string): number | undefined {
	const node = nodeAt(deployment, ['llm', key]);
	return node?.kind === 'scalar' && typeof node.value === 'number' && node.value > 0 ? node.value : undefined;
}

/** Shipped service models by the name of their LLM, where it stands as a word of its own. */
const models: readonly (readonly [RegExp, string])[] = [
	[/(?:^|[\s"'/=])tinyllama(?::[\w.-]+)?(?:$|[\s"'])/, '../models/tinyllama.yaml'],
	[/(?:^|[\s"'/=])smollm2:135m(?:$|[\s"'])/, '../models/smollm2-135m.yaml'],
];

/** Service model of the LLM that a pod's commands, arguments or environment name beside Ollama. */
function modelIn(tree: SourceNode): string | undefined {
	const containers = nodeAt(tree, ['spec', 'template', 'spec', 'containers']);
	const items = containers?.kind === 'list' ? containers.items : [];
	if (!items.some(item => /(?:^|\/)ollama(?:[:@]|$)/.test(textAt(item, 'image') ?? ''))) {
		return undefined;
	}

	const words = items.flatMap(item =>
		['command', 'args', 'env', 'lifecycle', 'readinessProbe'].flatMap(key => textsIn(nodeAt(item, [key]))),
	);
	const named = models.filter(([pattern]) => words.some(word => pattern.test(word)));
	return named.length === 1 ? named[0]![1] : undefined;
}

function textsIn(node: SourceNode | undefined): string[] {
	switch (node?.kind) {
		case 'scalar':
			return [String(node.value)];
		case 'list':
			return node.items.flatMap(item => textsIn(item));
		case 'map':
			return [...node.entries.values()].flatMap(entry => textsIn(entry.node));
		default:
			return [];
	}
}

export function budgetOf(object: ManifestObject): LintedBudget {
	const value = (key: string) => {
		const node = nodeAt(object.tree, ['spec', key]);
		const given = node?.kind === 'scalar' ? node.value : undefined;
		return typeof given === 'number' || (typeof given === 'string' && /^\d+%?$/.test(given)) ? given : undefined;
	};
	const [minAvailable, maxUnavailable] = [value('minAvailable'), value('maxUnavailable')];
	return {
		...placed(object),
		...(minAvailable !== undefined && {minAvailable}),
		...(maxUnavailable !== undefined && {maxUnavailable}),
	};
}

/** Whether the selector of a budget selects the pods of a workload. */
export function selectsPodsOf(budget: ManifestObject, workload: ManifestObject): boolean {
	const labels = labelsOf(nodeAt(workload.tree, ['spec', 'template', 'metadata', 'labels']));
	const isSame =
		budget.namespace === undefined || workload.namespace === undefined || budget.namespace === workload.namespace;
	return isSame && selects(nodeAt(budget.tree, ['spec', 'selector']), labels);
}

/** @see VerticalPodAutoscaler v1.4 pkg/apis/autoscaling.k8s.io/v1/types.go: mode Auto for all containers when left out */
export function verticalOf(object: ManifestObject): LintedVertical {
	const policies = nodeAt(object.tree, ['spec', 'resourcePolicy', 'containerPolicies']);
	return {
		...placed(object),
		updateMode: textAt(object.tree, 'spec', 'updatePolicy', 'updateMode') ?? 'Auto',
		controls: (policies?.kind === 'list' ? policies.items : []).map(policy => ({
			container: textAt(policy, 'containerName') ?? '*',
			resources: textAt(policy, 'mode') === 'Off' ? [] : resourcesOf(policy),
		})),
	};
}

function resourcesOf(policy: SourceNode): string[] {
	const list = nodeAt(policy, ['controlledResources']);
	return list?.kind === 'list'
		? list.items.flatMap(item => (item.kind === 'scalar' ? [String(item.value)] : []))
		: ['cpu', 'memory'];
}

import {type Entry, mapNode, nodeAt, type SourceNode, scalar, textAt} from '../yaml/source-tree.ts';
import {itemsAt} from './command-line.ts';
import {servingArguments} from './serving-arguments.ts';

/**
 * The `deployment` of an experiment as a manifest has it: containers with requests and limits, init containers, probes,
 * grace, rollout, and what the environment and the arguments of known servers say of how the model is served.
 *
 * @param tree - a Deployment or a StatefulSet
 */
export function deploymentOfManifest(tree: SourceNode): SourceNode {
	const spec = nodeAt(tree, ['spec']);
	const pod = nodeAt(spec, ['template', 'spec']);
	const containers = itemsAt(pod, 'containers');
	const grace = nodeAt(pod, ['terminationGracePeriodSeconds']);
	const inits = itemsAt(pod, 'initContainers');
	const {source} = tree;
	const {llm, engine, unread} = servingArguments(containers, source);
	return mapNode(source, {
		replicas: nodeAt(spec, ['replicas']) ?? scalar(1, source),
		containers: namedMap(nodeAt(pod, ['containers']) ?? pod ?? tree, containers),
		...(inits.length > 0 && {initContainers: namedMap(nodeAt(pod, ['initContainers'])!, inits)}),
		llm,
		engine,
		readiness: readinessOf(containers, source),
		...(grace?.kind === 'scalar' && {terminationGrace: scalar(inSeconds(grace.value), grace.source)}),
		rollout: rolloutOf(nodeAt(spec, ['strategy', 'rollingUpdate'])),
		ignored: ignoredOf({tree, containers, inits, unread}),
	});
}

function namedMap({source}: SourceNode, containers: readonly SourceNode[]): SourceNode {
	const entries = containers.map((container, index): [string, Entry] => {
		const name = nodeAt(container, ['name']);
		const node = mapNode(container.source, {
			image: nodeAt(container, ['image']),
			requests: nodeAt(container, ['resources', 'requests']),
			limits: nodeAt(container, ['resources', 'limits']),
			restartPolicy: nodeAt(container, ['restartPolicy']),
		});
		return [textAt(container, 'name') ?? `[${index}]`, {keySource: name?.source ?? container.source, node}];
	});
	return {kind: 'map', source, entries: new Map(entries)};
}

function readinessOf(containers: readonly SourceNode[], source: SourceNode['source']): SourceNode | undefined {
	const periods = containers
		.flatMap(container => nodeAt(container, ['readinessProbe']) ?? [])
		.map(probe => nodeAt(probe, ['periodSeconds']) ?? scalar(10, probe.source));
	const value = (node: SourceNode) => (node.kind === 'scalar' ? Number(node.value) : Number.NaN);
	const slowest = periods.toSorted((a, b) => value(b) - value(a))[0]; // the last to be ready decides
	return slowest && mapNode(source, {periodSeconds: slowest});
}

function rolloutOf(rolling: SourceNode | undefined): SourceNode | undefined {
	const [maxSurge, maxUnavailable] = ['maxSurge', 'maxUnavailable'].map(key => nodeAt(rolling, [key]));
	return rolling && mapNode(rolling.source, {maxSurge, maxUnavailable});
}

function inSeconds(value: unknown): string {
	return /^\d+$/.test(String(value)) ? `${String(value)}s` : String(value);
}

type Read = {
	readonly tree: SourceNode;
	readonly containers: readonly SourceNode[];
	readonly inits: readonly SourceNode[];
	/** Arguments of a known server whose values nobody can read here. */
	readonly unread: readonly string[];
};

/** Parts of the manifest that the simulator ignores, as a list of words. */
function ignoredOf({tree, containers, inits, unread}: Read): SourceNode | undefined {
	const has = (...path: readonly string[]) => containers.some(container => nodeAt(container, path) !== undefined);
	const runs = inits.filter(init => textAt(init, 'restartPolicy') !== 'Always');
	const words = [
		...unread.map(argument => `the argument ${argument}`),
		...(has('livenessProbe') ? ['liveness probes'] : []),
		...(has('startupProbe') ? ['startup probes'] : []),
		...(has('readinessProbe', 'initialDelaySeconds') ? ['the initial delay of readiness probes'] : []),
		...(has('readinessProbe', 'failureThreshold') ? ['failed readiness probes of a pod that runs'] : []),
		...(has('readinessProbe') ? [] : ['that pods without a readiness probe are sent requests before they can serve']),
		...(has('lifecycle', 'preStop') ? ['preStop hooks'] : []),
		...(runs.length > 0 ? ['the time that init containers take'] : []),
		...(textAt(tree, 'spec', 'strategy', 'type') === 'Recreate' ? ['the strategy Recreate'] : []),
		...(textAt(tree, 'kind') === 'Rollout' ? ['the steps of a Rollout'] : []),
		...(textAt(tree, 'kind') === 'StatefulSet' ? ['the order in which a StatefulSet starts and ends pods'] : []),
	];
	const {source} = tree;
	return words.length === 0 ? undefined : {kind: 'list', source, items: words.map(word => scalar(word, source))};
}

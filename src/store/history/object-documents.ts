import {parseQuantity} from '../../autoscaler/quantity.ts';
import {isGpu} from '../../autoscaler/resource-list.ts';
import type {HistoryContainer} from '../../records/history.ts';

type Fields = {readonly [Key in string]?: unknown};

const asMap = (value: unknown): Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Fields of a container that say how a pod serves; others may hold what is nobody's business. */
const containerFields = [
	'name',
	'image',
	'command',
	'args',
	'resources',
	'readinessProbe',
	'livenessProbe',
	'startupProbe',
	'lifecycle',
	'restartPolicy',
];
const probeFields = ['initialDelaySeconds', 'periodSeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold'];
const podFields = [
	'terminationGracePeriodSeconds',
	'nodeSelector',
	'affinity',
	'tolerations',
	'topologySpreadConstraints',
	'priorityClassName',
];
/** Variables of Ollama that are settings of its serving. */
const servingVariable = /^OLLAMA_[A-Z_]+$/;
/** Name and password in an address. */
const inAddress = /:\/\/[^/@\s"]+@/g;
const secretFlag = /key|token|secret|password|credential|auth/i;

/**
 * A Deployment or a StatefulSet without what may be secret or changes all the time: environment but for settings of known
 * servers, annotations, volumes, headers of probes, status.
 */
export function servingDocument(document: unknown): object {
	const {apiVersion, kind, metadata, spec} = asMap(document);
	const {name, namespace} = asMap(metadata);
	const {replicas, strategy, template, selector} = asMap(spec);
	const {metadata: podMetadata, spec: podSpec} = asMap(template);
	const pod = asMap(podSpec);
	const inits = asList(pod['initContainers']);
	return {
		apiVersion,
		kind,
		metadata: given({name, namespace}),
		spec: given({
			replicas,
			strategy,
			selector,
			template: {
				metadata: given({labels: asMap(podMetadata)['labels']}),
				spec: {
					...picked(pod, podFields),
					...(inits.length > 0 && {initContainers: inits.map(servingContainer)}),
					containers: asList(pod['containers']).map(servingContainer),
				},
			},
		}),
	};
}

function servingContainer(value: unknown): object {
	const container = asMap(value);
	const probes = Object.fromEntries(
		['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap(key =>
			container[key] === undefined ? [] : [[key, picked(asMap(container[key]), probeFields)]],
		),
	);
	const hooks = asMap(container['lifecycle']);
	const env = asList(container['env']).flatMap(one => {
		const {name, value: text} = asMap(one);
		return typeof name === 'string' && servingVariable.test(name) && !secretFlag.test(name) && typeof text === 'string'
			? [{name, value: text}]
			: [];
	});
	return {
		...picked(container, containerFields),
		...probes,
		...(container['lifecycle'] !== undefined && {lifecycle: hooks['preStop'] === undefined ? {} : {preStop: {}}}),
		...(container['command'] !== undefined && {command: withoutSecrets(asList(container['command']))}),
		...(container['args'] !== undefined && {args: withoutSecrets(asList(container['args']))}),
		...(env.length > 0 && {env}),
	};
}

/** Arguments with `…` for the value of a flag whose name speaks of a secret. */
function withoutSecrets(words: readonly unknown[]): string[] {
	let isValue = false;
	return words.map(word => {
		const text = String(word).replaceAll(inAddress, '://');
		if (isValue && !text.startsWith('-')) {
			isValue = false;
			return '…';
		}

		const [flag = '', ...value] = text.split('=');
		isValue = flag.startsWith('-') && secretFlag.test(flag) && value.length === 0;
		return flag.startsWith('-') && secretFlag.test(flag) && value.length > 0 ? `${flag}=…` : text;
	});
}

/** An autoscaler without annotations, status and the credentials of addresses in it. */
export function autoscalerDocument(document: unknown): object {
	const {apiVersion, kind, metadata, spec} = asMap(document);
	const {name, namespace} = asMap(metadata);
	const withoutProofs = JSON.parse(JSON.stringify(spec ?? {}).replaceAll(inAddress, '://')) as unknown;
	return {apiVersion, kind, metadata: given({name, namespace}), spec: withoutProofs};
}

/** Containers of a pod or of a pod's template, native sidecars among them, in the order of their names. */
export function containersOfPod(podSpec: unknown): HistoryContainer[] {
	const pod = asMap(podSpec);
	const sidecars = asList(pod['initContainers']).filter(one => asMap(one)['restartPolicy'] === 'Always');
	return [...asList(pod['containers']), ...sidecars]
		.flatMap(one => {
			const {name, resources} = asMap(one);
			const {requests, limits} = asMap(resources);
			return typeof name === 'string' ? [{name, requests: amounts(requests), limits: amounts(limits)}] : [];
		})
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** CPU [cores], memory [bytes] and GPUs of a list of quantities; one that is none is left out. */
export function amounts(quantities: unknown): Record<string, number> {
	const found: Record<string, number> = {};
	for (const name of ['cpu', 'memory', ...Object.keys(asMap(quantities)).filter(isGpu)]) {
		const quantity = asMap(quantities)[name];
		if (typeof quantity === 'string' || typeof quantity === 'number') {
			try {
				found[name] = parseQuantity(quantity);
			} catch {
				// Kubernetes would have refused it
			}
		}
	}

	return found;
}

function picked(map: Fields, keys: readonly string[]): Fields {
	return given(Object.fromEntries(keys.map(key => [key, map[key]])));
}

function given(map: Fields): Fields {
	return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}

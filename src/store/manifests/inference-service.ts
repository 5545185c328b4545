import * as z from 'zod';
import {checkTree, type Fault, faultLines} from '../yaml/describe-issues.ts';
import {type FaultLine, nodeAt, plainValue, type SourceNode} from '../yaml/source-tree.ts';
import {autoscalerByKserve} from './kserve-autoscaler.ts';
import {
	ContainerForm,
	InferenceService,
	type KserveContainer,
	type KservePredictor,
	kserveContainer,
	kserveGroup,
	Model,
	type ModelSpec,
} from './kserve-schema.ts';
import type {ManifestObject} from './parse-manifests.ts';

/** Objects that KServe makes of an InferenceService, and what its manifest leaves open, a sentence each. */
export type MadeByKserve = {readonly objects: readonly object[]; readonly assumed: readonly string[]};

/** Whether an object is KServe's own way to write a service of a model. */
export function isInferenceService({apiVersion, kind}: ManifestObject): boolean {
	return kind === 'InferenceService' && apiVersion?.startsWith(`${kserveGroup}/`) !== false;
}

/** Name of the Deployment that KServe makes of an InferenceService. */
export function predictorName(service: string): string {
	return `${service}-predictor`;
}

/**
 * Deployment and autoscaler that KServe makes of an InferenceService in its Standard mode (RawDeployment).
 *
 * @param runtimes - objects among which its ServingRuntime may be
 * @see kserve v0.16 pkg/controller/v1beta1/inferenceservice/reconcilers/{deployment,hpa,keda};
 *   pkg/controller/v1beta1/inferenceservice/utils/utils.go, MergeRuntimeContainers;
 *   pkg/apis/serving/v1beta1/inference_service_defaults.go
 */
export function madeByKserve(
	{tree}: ManifestObject,
	runtimes: readonly ManifestObject[],
): MadeByKserve | {readonly faults: readonly FaultLine[]} {
	const checked = checkTree(InferenceService, tree);
	if ('faults' in checked) {
		return {faults: faultLines(tree, checked.faults)};
	}

	const {metadata, spec} = checked.value;
	const {predictor} = spec;
	const annotation = (key: string) => metadata.annotations?.[`${kserveGroup}/${key}`];
	const mode = annotation('deploymentMode');
	const refused = refusedIn(mode, predictor);
	if (refused !== undefined) {
		return {faults: faultLines(tree, [refused])};
	}

	const name = predictorName(metadata.name);
	const meta = {name, ...(metadata.namespace !== undefined && {namespace: metadata.namespace})};
	const autoscaler = autoscalerByKserve(meta, predictor, String(annotation('autoscalerClass') ?? 'hpa'));
	if ('fault' in autoscaler) {
		return {faults: faultLines(tree, [autoscaler.fault])};
	}

	const pods = podsOf(predictor, runtimes);
	return {
		objects: [deploymentOf(meta, predictor, pods.containers), ...autoscaler.objects],
		assumed: [
			...(mode === undefined
				? [
						`KServe deploys ${metadata.name} in its Standard mode (RawDeployment): no annotation ${kserveGroup}/deploymentMode says it. Where the cluster's default is Knative (Serverless), Knative scales it, which is not simulated.`,
					]
				: []),
			...pods.assumed,
			...autoscaler.assumed,
			...(spec['transformer'] === undefined
				? []
				: [`The transformer of ${metadata.name} is left out: the experiment is about its predictor.`]),
		],
	};
}

/** Fault of what has no such Deployment. */
function refusedIn(mode: unknown, predictor: KservePredictor): Fault | undefined {
	if (mode !== undefined && mode !== 'RawDeployment' && mode !== 'Standard') {
		return {
			path: ['metadata', 'annotations', `${kserveGroup}/deploymentMode`],
			rule: 'Standard or RawDeployment, as the autoscalers of Knative and ModelMesh are not simulated',
		};
	}

	if (predictor['workerSpec'] !== undefined) {
		return {
			path: ['spec', 'predictor', 'workerSpec'],
			rule: 'left out, as pods of several nodes that serve as one are not simulated',
			part: 'key',
			got: 'one',
		};
	}

	return modelOf(predictor) === undefined && predictor.containers === undefined
		? {path: ['spec', 'predictor'], rule: 'a predictor with a model or containers', got: keysText(predictor)}
		: undefined;
}

function keysText(predictor: object): string {
	return Object.keys(predictor).join(', ') || 'nothing';
}

/** Keys of a predictor that name a framework, as KServe wrote them before `model`. */
const frameworks = [
	'huggingface',
	'lightgbm',
	'onnx',
	'paddle',
	'pmml',
	'pytorch',
	'sklearn',
	'tensorflow',
	'triton',
	'xgboost',
] as const;

function modelOf(predictor: KservePredictor): ModelSpec | undefined {
	const key = frameworks.find(framework => predictor[framework] !== undefined);
	const old = key === undefined ? undefined : Model.safeParse(predictor[key]).data;
	return predictor.model ?? (old && {...old, modelFormat: {name: key!}});
}

type Pods = {readonly containers: readonly object[]; readonly assumed: readonly string[]};

function podsOf(predictor: KservePredictor, runtimes: readonly ManifestObject[]): Pods {
	const model = modelOf(predictor);
	if (model === undefined) {
		const [first, ...others] = predictor.containers!;
		const {container, assumed} = withResources({...first!, name: first!.name ?? kserveContainer});
		return {containers: [container, ...others], assumed};
	}

	const runtime = runtimes.find(
		({kind, name}) => (kind === 'ServingRuntime' || kind === 'ClusterServingRuntime') && name === model.runtime,
	);
	const {container: served, others} = runtimeContainers(runtime?.tree);
	const image = model.image ?? served.image ?? imageOf(model);
	const {container, assumed} = withResources({
		...pick(served),
		...pick(model),
		name: kserveContainer,
		...(image !== undefined && {image}),
		// KServe joins these two lists, where another field of the model replaces the runtime's.
		args: [...(served.args ?? []), ...(model.args ?? [])].map(String),
		env: [...(served.env ?? []), ...(model.env ?? [])],
	});
	const isKnown = model.image !== undefined || served.image !== undefined;
	return {
		containers: [container, ...others],
		assumed: isKnown ? assumed : [serverSentence(model, image), ...assumed],
	};
}

function serverSentence({runtime, modelFormat}: ModelSpec, image: string | undefined): string {
	const name = runtime ?? modelFormat?.name;
	const why =
		runtime === undefined ? 'KServe chooses the runtime' : `no ServingRuntime ${runtime} is among the manifests`;
	return image === undefined
		? `The server of the model is not known: ${why}.`
		: `The server of the model is ${image}, by the name ${name}: ${why}.`;
}

/** Fields of a container that decide what a pod does; others, such as the place of the weights, do not. */
const kept = ['command', 'args', 'env', 'resources', 'ports', 'readinessProbe', 'startupProbe'] as const;

function pick(container: KserveContainer): KserveContainer {
	return ContainerForm.parse(Object.fromEntries(entriesOf(container, kept)));
}

/** Entries of an object by their keys, as far as they are there. */
function entriesOf(object: Readonly<Record<string, unknown>>, keys: readonly string[]): (readonly [string, unknown])[] {
	return keys.flatMap(key => (object[key] === undefined ? [] : [[key, object[key]] as const]));
}

function runtimeContainers(tree: SourceNode | undefined): {container: KserveContainer; others: readonly object[]} {
	const node = nodeAt(tree, ['spec', 'containers']);
	const containers = z.array(ContainerForm).safeParse(node && plainValue(node)).data ?? [];
	const container = containers.find(({name}) => name === kserveContainer) ?? containers[0] ?? {};
	return {container, others: containers.filter(other => other !== container)};
}

/** Images of servers by a part of the name of their runtime or their format. */
const images: readonly (readonly [RegExp, string])[] = [
	[/vllm/i, 'vllm/vllm-openai'],
	[/sglang/i, 'lmsysorg/sglang'],
	[/huggingface/i, 'kserve/huggingfaceserver'],
	[/triton/i, 'nvcr.io/nvidia/tritonserver'],
];

function imageOf({runtime = '', modelFormat}: ModelSpec): string | undefined {
	return [runtime, modelFormat?.name ?? ''].flatMap(
		name => images.find(([pattern]) => pattern.test(name))?.[1] ?? [],
	)[0];
}

/** Resources that KServe gives a container without its own. */
const usual: Readonly<Record<string, string>> = {cpu: '1', memory: '2Gi'};

/** Container with KServe's own resources where it names none. */
function withResources(container: KserveContainer): {container: object; assumed: readonly string[]} {
	const {requests = {}, limits = {}} = container.resources ?? {};
	const missing = Object.keys(usual).filter(key => requests[key] === undefined && limits[key] === undefined);
	const own = Object.fromEntries(missing.map(key => [key, usual[key]!]));
	return {
		container: {...container, resources: {requests: {...own, ...requests}, limits: {...own, ...limits}}},
		assumed:
			missing.length === 0
				? []
				: [
						`The ${missing.join(' and ')} of a pod: ${missing.map(key => usual[key]).join(' and ')}, KServe's own, as the predictor names none.`,
					],
	};
}

/** Fields of a predictor that its pods have, too. */
const podFields = [
	'nodeSelector',
	'tolerations',
	'affinity',
	'topologySpreadConstraints',
	'priorityClassName',
] as const;

function deploymentOf(
	metadata: {readonly name: string; readonly namespace?: string},
	predictor: KservePredictor,
	containers: readonly object[],
): object {
	const labels = {app: `isvc.${metadata.name}`};
	return {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata,
		spec: {
			replicas: Math.max(1, predictor.minReplicas ?? 1),
			selector: {matchLabels: labels},
			template: {metadata: {labels}, spec: {containers, ...Object.fromEntries(entriesOf(predictor, podFields))}},
		},
	};
}

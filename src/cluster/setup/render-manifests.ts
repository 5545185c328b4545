import {hpaObject, replayedHpa} from '../../autoscaler/hpa-manifest.ts';
import type {Deployment, Experiment, PodShare, Resources} from '../../experiment/experiment.ts';
import {backendContainer, llmContainer} from '../../experiment/model-container.ts';
import {initialReplicas} from '../../experiment/pod-requests.ts';
import type {Arm} from '../../records/record.ts';
import {needsGateway} from '../keda/needs.ts';
import {behindGateway, renderGateway, renderScaledObject} from '../keda/render-keda.ts';
import type {Manifest} from './cluster.ts';
import type {Manifests} from './read-manifests.ts';

type EnvironmentVariable = {readonly name: string; readonly value?: string; readonly valueFrom?: unknown};
type Probe = Readonly<Record<string, unknown>>;

type ContainerManifest = {
	readonly name: string;
	readonly image: string;
	readonly env: readonly EnvironmentVariable[];
	readonly readinessProbe: Probe;
};

type DeploymentManifest = Manifest & {
	readonly spec: {
		readonly template: {
			readonly spec: {
				readonly terminationGracePeriodSeconds: number;
				readonly containers: readonly ContainerManifest[];
			};
		};
	};
};

/** Time that a pod keeps from its grace for leaving after it has drained [s]. */
const leaveTime = 5;

/** The Deployment with an experiment's replicas, containers, probes, grace and rollout. */
function patchDeployment(
	manifest: DeploymentManifest,
	deployment: Deployment,
	{replicas, images}: {readonly replicas: number; readonly images: Images},
): DeploymentManifest {
	const {spec} = manifest;
	const {template} = spec;
	const {maxSurge, maxUnavailable} = deployment.rollout;
	const containers = template.spec.containers.map(container => patchContainer(container, deployment, images));
	return {
		...manifest,
		spec: {
			replicas,
			strategy: {
				type: 'RollingUpdate',
				rollingUpdate: {maxSurge: podShare(maxSurge), maxUnavailable: podShare(maxUnavailable)},
			},
			...spec,
			template: {
				...template,
				spec: {
					...template.spec,
					terminationGracePeriodSeconds: Math.ceil(deployment.terminationGrace),
					containers,
				},
			},
		} as DeploymentManifest['spec'],
	};
}

function patchContainer(container: ContainerManifest, deployment: Deployment, images: Images): ContainerManifest {
	const isLlm = container.name === 'ollama';
	const {name, requests, limits} = (isLlm ? llmContainer(deployment) : backendContainer(deployment))!;
	const values = isLlm ? ollamaVariables(deployment) : backendVariables(deployment);
	return {
		...container,
		name,
		image: isLlm ? images.ollama : images.backend,
		env: container.env.map(variable => {
			const value = values[variable.name];
			return value === undefined ? variable : {name: variable.name, value};
		}),
		resources: {requests: quantities(requests), limits: quantities(limits)},
		readinessProbe: {...container.readinessProbe, periodSeconds: deployment.readiness.periodSeconds},
	} as ContainerManifest;
}

function ollamaVariables({llm}: Deployment): Readonly<Record<string, string>> {
	return {
		OLLAMA_NUM_PARALLEL: String(llm.parallel),
		OLLAMA_MAX_QUEUE: String(llm.maxQueue),
		OLLAMA_CONTEXT_LENGTH: String(llm.contextLength),
	};
}

function backendVariables({llm, terminationGrace}: Deployment): Readonly<Record<string, string>> {
	return {
		MODEL: llm.model,
		// The backend rounds a limit down to threads, so it gets the limit that corresponds to the experiment's threads.
		OLLAMA_CPU_LIMIT_MILLICORES: String(llm.threads * 1000),
		OLLAMA_NUM_PARALLEL: String(llm.parallel),
		NUM_CTX: String(llm.contextLength),
		HISTORY_TURNS: String(llm.history),
		DRAIN_SECONDS: String(Math.max(0, Math.floor(terminationGrace - leaveTime))),
	};
}

/** Amounts of resources as Kubernetes' quantities. */
export function quantities({cpu, memory, ...others}: Resources): Readonly<Record<string, string>> {
	return {
		...(cpu !== undefined && {cpu: `${Math.round(cpu * 1000)}m`}),
		...(memory !== undefined && {memory: String(Math.round(memory))}),
		...Object.fromEntries(Object.entries(others).map(([name, amount]) => [name, String(amount)])),
	};
}

/** A number of pods or a percentage of them, as a Deployment's strategy has it. */
export function podShare(share: PodShare): number | string {
	return 'absolute' in share ? share.absolute : `${Math.round(share.fraction * 100)}%`;
}

/** Image references by container. */
export type Images = {readonly backend: string; readonly ollama: string};

/** Manifests for one arm of an experiment. */
export type Rendered = {
	readonly base: readonly Manifest[];
	/** HPA or ScaledObject; absent where nothing scales the Deployment. */
	readonly autoscaler?: Manifest;
};

type RenderOptions = {
	readonly arm: Arm;
	readonly images: Images;
	/** Instead of the number that the experiment begins with. */
	readonly replicas?: number;
	/** Without a gateway in front of the pods, whatever the experiment needs. */
	readonly isBare?: boolean;
};

/** The manifests with the experiment's numbers put in. */
export function renderManifests(
	{base, gateway}: Pick<Manifests, 'base' | 'gateway'>,
	experiment: Experiment,
	{arm, images, replicas = initialReplicas(experiment, arm), isBare = false}: RenderOptions,
): Rendered {
	const patched = base.map(manifest =>
		manifest.kind === 'Deployment'
			? patchDeployment(manifest as DeploymentManifest, experiment.deployment, {replicas, images})
			: manifest,
	);
	const hasGateway = !isBare && needsGateway(experiment, arm);
	const objects = hasGateway
		? [...patched.map(behindGateway), ...renderGateway(gateway, experiment, images.backend)]
		: patched;
	const {autoscaler} = experiment;
	return arm === 'fixed' || autoscaler === 'none'
		? {base: objects}
		: {base: objects, autoscaler: renderScaledObject(experiment) ?? hpaObject(autoscaler, replayedHpa)};
}

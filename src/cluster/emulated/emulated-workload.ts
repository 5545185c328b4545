import {hpaObject, replayedHpa} from '../../autoscaler/hpa-manifest.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {initialReplicas} from '../../experiment/pod-requests.ts';
import type {Arm} from '../../records/record.ts';
import type {Manifest} from '../setup/cluster.ts';
import {podShare, quantities, type Rendered} from '../setup/render-manifests.ts';
import {budgetObject, karpenterOf, placementParts} from './karpenter/karpenter-objects.ts';

type ContainerPattern = {readonly name: string; readonly image: string};

type DeploymentPattern = Manifest & {
	readonly spec: {
		readonly template: {
			readonly metadata: object;
			readonly spec: {readonly containers: readonly [ContainerPattern]};
		};
	};
};

/** Objects of one arm of an experiment, from the pattern of `k8s/kwok/workload.yaml`. */
export function renderEmulatedWorkload(
	pattern: readonly Manifest[],
	experiment: Experiment,
	{arm, replicas = initialReplicas(experiment, arm)}: {readonly arm: Arm; readonly replicas?: number},
): Rendered {
	const {autoscaler} = experiment;
	const base = pattern.map(manifest =>
		manifest.kind === 'Deployment' ? renderDeployment(manifest as DeploymentPattern, experiment, replicas) : manifest,
	);
	const karpenter = karpenterOf(experiment);
	const budget = karpenter && budgetObject(karpenter);
	const objects = budget === undefined ? base : [...base, budget];
	return arm === 'fixed' || autoscaler === 'none'
		? {base: objects}
		: {base: objects, autoscaler: hpaObject(autoscaler, replayedHpa)};
}

function renderDeployment(manifest: DeploymentPattern, experiment: Experiment, replicas: number): Manifest {
	const {deployment} = experiment;
	const karpenter = karpenterOf(experiment);
	const placed = karpenter && placementParts(karpenter);
	const {spec} = manifest;
	const pod = spec.template.spec;
	const [container] = pod.containers;
	const {containers, initRequests, rollout, terminationGrace} = deployment;
	const strategy = {maxSurge: podShare(rollout.maxSurge), maxUnavailable: podShare(rollout.maxUnavailable)};
	return {
		...manifest,
		spec: {
			replicas,
			strategy: {type: 'RollingUpdate', rollingUpdate: strategy},
			...spec,
			template: {
				...spec.template,
				metadata: {...spec.template.metadata, ...(placed !== undefined && {annotations: placed.annotations})},
				spec: {
					...pod,
					...placed?.spec,
					// The API forgets a pod without grace at once, whatever it still serves.
					terminationGracePeriodSeconds: Math.max(1, Math.ceil(terminationGrace)),
					...(initRequests !== undefined && {
						initContainers: [{...container, name: 'init', resources: {requests: quantities(initRequests)}}],
					}),
					containers: containers.map(({name, requests, limits}) => ({
						...container,
						name,
						resources: {requests: quantities(requests), limits: quantities(limits)},
					})),
				},
			},
		},
	} as Manifest;
}

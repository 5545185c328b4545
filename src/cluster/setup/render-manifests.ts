import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import {hpaManifest} from './hpa-manifest.ts';
import type {Manifest} from './manifest.ts';
import {type DeploymentManifest, patchDeployment} from './patch-deployment.ts';
import type {Manifests} from './read-manifests.ts';

/** Image references by container. */
export type Images = {readonly backend: string; readonly ollama: string};

/** What is applied for one arm of an experiment. */
export type Rendered = {
	readonly base: readonly Manifest[];
	/** Absent where nothing scales the Deployment. */
	readonly hpa?: Manifest;
};

export type RenderOptions = {
	readonly arm: Arm;
	readonly images: Images;
	/** Instead of the number that the experiment begins with. */
	readonly replicas?: number;
};

/** The manifests with the experiment's numbers put in. */
export function renderManifests(
	{base}: Pick<Manifests, 'base'>,
	experiment: Experiment,
	{arm, images, replicas = initialReplicas(experiment, arm)}: RenderOptions,
): Rendered {
	const patched = base.map(manifest =>
		manifest.kind === 'Deployment'
			? patchDeployment(manifest as DeploymentManifest, experiment.deployment, {replicas, images})
			: manifest,
	);
	const {autoscaler} = experiment;
	return arm === 'fixed' || autoscaler === 'none' ? {base: patched} : {base: patched, hpa: hpaManifest(autoscaler)};
}

/** Pods at the start. */
export function initialReplicas({fixed, autoscaler, deployment}: Experiment, arm: Arm): number {
	if (arm === 'fixed') {
		return fixed!.replicas;
	}

	return autoscaler === 'none' ? deployment.replicas! : autoscaler.minReplicas;
}

/** The most pods that an arm can have. */
export function largestReplicas(experiment: Experiment, arm: Arm): number {
	return arm === 'fixed' || experiment.autoscaler === 'none'
		? initialReplicas(experiment, arm)
		: experiment.autoscaler.maxReplicas;
}

import {controllerConfig, obeysBehavior, obeysTolerance} from '../autoscaler/contracts.ts';
import {minorOf} from '../autoscaler/controller-flags.ts';
import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import type {Experiment} from './experiment.ts';

/**
 * Assumed release of the autoscaler where the file gives none, and fields of the manifest that this release ignores.
 */
export function releaseAssumptions(experiment: Experiment): string[] {
	const {autoscaler, kubernetes} = experiment;
	return autoscaler === 'none'
		? []
		: [
				...(kubernetes === undefined ? [assumedRelease(experiment)] : []),
				...ignoredBehavior(autoscaler, experiment),
				...ignoredTolerances(autoscaler, experiment),
				...gatedMetrics(autoscaler, experiment),
			];
}

function assumedRelease(experiment: Experiment): string {
	const {kubernetes} = controllerConfig(experiment);
	return `The autoscaler is that of Kubernetes ${kubernetes}. The experiment’s kubernetes names another release, its controller other flags.`;
}

function ignoredBehavior({behavior}: HpaSpec, experiment: Experiment): string[] {
	const {kubernetes} = controllerConfig(experiment);
	return behavior === undefined || obeysBehavior(kubernetes)
		? []
		: [
				`Kubernetes ${kubernetes} does not know behavior of the manifest: scale-ups are limited to twice the replicas or 4, scale-downs by ` +
					'controller.downscaleStabilization.',
			];
}

/** The gate HPAConfigurableTolerance is off by default in 1.33 and 1.34, and unknown before. */
function ignoredTolerances({behavior}: HpaSpec, experiment: Experiment): string[] {
	const config = controllerConfig(experiment);
	if (behavior === undefined || obeysTolerance(config) || !obeysBehavior(config.kubernetes)) {
		return [];
	}

	return (['scaleUp', 'scaleDown'] as const)
		.filter(direction => behavior[direction].tolerance !== undefined)
		.map(
			direction =>
				`Kubernetes ${config.kubernetes} does not obey behavior.${direction}.tolerance of the manifest ` +
				`(${behavior[direction].tolerance}): it does from 1.35 on, or with the feature gate HPAConfigurableTolerance from 1.33. ` +
				`The controller’s tolerance of ${config.toleranceUp} holds.`,
		);
}

/** ContainerResource is in 1.27 without a feature gate. */
function gatedMetrics({metrics}: HpaSpec, experiment: Experiment): string[] {
	const {kubernetes} = controllerConfig(experiment);
	return minorOf(kubernetes) < 27 && metrics.some(({type}) => type === 'ContainerResource')
		? [
				`Kubernetes ${kubernetes} takes ContainerResource metrics only with the feature gate HPAContainerMetrics, which is taken ` +
					'to be on.',
			]
		: [];
}

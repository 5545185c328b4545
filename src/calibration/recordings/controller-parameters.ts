import {defaultFlags} from '../../autoscaler/controller-flags.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {type GivenSetting, type Parameter, withStart} from './parameter.ts';

/** Parameters of the autoscaler's controller. */
export const controllerParameters = [syncPeriod, stabilization, youngPods, target, tolerance];

function syncPeriod(experiment: Experiment): Parameter {
	const {metrics, controller} = experiment;
	const start = metrics === 'ideal' ? (controller?.syncPeriod ?? defaultFlags.syncPeriod) : metrics.sync.period;
	return {
		...{key: 'syncPeriod', title: 'the sync period', unit: 's', start, step: 1},
		values: withStart([5, 10, 15, 20, 30, 45, 60, 90, 120], start),
		apply: ({metrics: model, ...rest}, period) => ({
			...rest,
			controller: {...rest.controller, syncPeriod: period},
			metrics: model === 'ideal' ? model : {...model, sync: {...model.sync, period}},
		}),
		overlay: period => ({controller: {syncPeriod: `${period}s`}}),
		tradesWith: ['scrapePeriod', 'downscaleStabilization'],
	};
}

function stabilization({autoscaler, controller}: Experiment): Parameter | GivenSetting {
	const title = 'the downscale stabilization';
	if (autoscaler !== 'none' && autoscaler.behavior?.scaleDown.stabilizationWindowSeconds !== undefined) {
		return {title, because: 'the manifest says it'};
	}

	const start = controller?.downscaleStabilization ?? defaultFlags.downscaleStabilization;
	return {
		...{key: 'downscaleStabilization', title, unit: 's', start, step: 5},
		values: withStart([0, 15, 30, 60, 120, 180, 300, 600], start),
		apply: (experiment, seconds) => withFlags(experiment, {downscaleStabilization: seconds}),
		overlay: seconds => ({controller: {downscaleStabilization: `${seconds}s`}}),
		tradesWith: ['syncPeriod'],
	};
}

/** Rules on the samples of pods that have just started. */
function youngPods({controller}: Experiment): Parameter {
	const atOnce = {cpuInitializationPeriod: 0, initialReadinessDelay: 0};
	const usual = {
		cpuInitializationPeriod: defaultFlags.cpuInitializationPeriod,
		initialReadinessDelay: defaultFlags.initialReadinessDelay,
	};
	const start = (controller?.cpuInitializationPeriod ?? usual.cpuInitializationPeriod) === 0 ? 1 : 0;
	const asText = (flags: typeof usual) =>
		Object.fromEntries(Object.entries(flags).map(([name, seconds]) => [name, `${seconds}s`]));
	return {
		...{key: 'youngPods', title: 'the CPU of pods that have just started', unit: '', start, step: 1},
		values: [0, 1],
		choices: ['left out until they are Ready', 'counted at once'],
		apply: (experiment, choice) => withFlags(experiment, choice === 1 ? atOnce : usual),
		overlay: choice => ({controller: asText(choice === 1 ? atOnce : usual)}),
		tradesWith: ['startup'],
	};
}

function target({autoscaler}: Experiment): Parameter | GivenSetting {
	const title = 'the target';
	const metrics = autoscaler === 'none' ? [] : autoscaler.metrics;
	const [metric] = metrics;
	if (metrics.length !== 1 || metric!.type !== 'Resource' || metric!.target.type !== 'Utilization') {
		return {title, because: 'the autoscaler has no target of its own for the use of a resource'};
	}

	const start = metric!.target.averageUtilization;
	const scale = [0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.35, 1.5];
	return {
		...{key: 'target', title, unit: '%', start, step: 1},
		values: withStart(
			scale.map(factor => Math.max(1, Math.round(start * factor))),
			start,
		),
		apply: (experiment, averageUtilization) => withTarget(experiment, averageUtilization),
		overlay: averageUtilization => ({
			autoscaler: {
				metrics: [
					{
						type: 'Resource',
						resource: {name: (metric as {name: string}).name, target: {type: 'Utilization', averageUtilization}},
					},
				],
			},
		}),
		tradesWith: ['tolerance'],
	};
}

function withTarget(experiment: Experiment, averageUtilization: number): Experiment | undefined {
	const {autoscaler} = experiment;
	if (autoscaler === 'none') {
		return undefined;
	}

	const to = {type: 'Utilization', averageUtilization} as const;
	return {
		...experiment,
		autoscaler: {...autoscaler, metrics: autoscaler.metrics.map(metric => ({...metric, target: to}))},
	};
}

function tolerance({controller}: Experiment): Parameter {
	const start = controller?.tolerance ?? defaultFlags.tolerance;
	return {
		...{key: 'tolerance', title: 'the tolerance', unit: '', start, step: 0.01},
		values: withStart([0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5], start),
		apply: (experiment, fraction) => withFlags(experiment, {tolerance: fraction}),
		overlay: fraction => ({controller: {tolerance: fraction}}),
		tradesWith: ['target'],
	};
}

function withFlags(experiment: Experiment, flags: Experiment['controller'] & {}): Experiment {
	return {...experiment, controller: {...experiment.controller, ...flags}};
}

import {hpaObjectSpec} from '../autoscaler/hpa-manifest.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {count, formatGiven, formatNumber, seconds} from '../report/text/format.ts';
import {tunableMetrics} from '../tune/custom-metric-knobs.ts';
import type {Knob, Value} from '../tune/knob.ts';
import {knobsOf} from '../tune/knobs.ts';
import {presentScaling} from '../tune/resolve-space.ts';
import {type Control, type ControlGroup, podsWords, range, stopsWith} from './control.ts';
import {behaviorChange, kedaControls, withScaling} from './keda-controls.ts';

type Part = {
	readonly label: string;
	readonly group: ControlGroup;
	/** Numbers to stop at beside the experiment's own. */
	readonly numbers: (own: Value) => readonly number[];
	readonly words: (value: Value) => string;
	/** Words to choose from, among the knob's own. */
	readonly offered?: readonly string[];
	/** Path in the file at which the change is made. */
	readonly at: string;
};

const mostPods = 20;
const windows = [0, 15, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600];
const periods = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800];
const targets = [...range(5, 120), ...range(125, 200, 5), ...range(220, 400, 20)];
const amounts = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 30, 50, 100];
const percentages = [5, 10, 15, 20, 25, 33, 50, 75, 100, 150, 200, 300, 400, 900];

const percent = (value: Value) => (typeof value === 'number' ? `${formatNumber(value)} %` : 'off');
const secondsWords = (value: Value) => formatGiven(Number(value), seconds);
const upToTwice = (own: Value) => range(1, typeof own === 'number' ? Math.max(mostPods, 2 * own) : mostPods);

/** Sliders for what the HorizontalPodAutoscaler or the ScaledObject says; for the number of pods where there is none. */
export function autoscalerControls(experiment: Experiment): Control[] {
	const {autoscaler, keda, deployment} = experiment;
	if (autoscaler === 'none') {
		return [replicasControl(deployment.replicas ?? 1)];
	}

	const knobs = knobsOf(experiment);
	const scaling = presentScaling(experiment);
	const shown = keda === undefined ? parts(experiment, knobs) : behaviorParts();
	const controls = Object.entries(shown).map(([name, part]): Control => {
		const knob = knobs.get(name)!;
		const own = knob.read(scaling);
		return {
			name,
			label: part.label,
			group: part.group,
			own,
			stops: knob.unit === 'word' ? knob.words : stopsWith(own, part.numbers(own), part.offered),
			words: part.words,
			write: (changed, value) => withScaling(changed, knob, value),
			changes: changed => [(keda === undefined ? change : behaviorChange)(changed, part.at)],
		};
	});
	return keda === undefined ? controls : [...kedaControls(experiment, keda), ...controls];
}

function parts(experiment: Experiment, knobs: ReadonlyMap<string, Knob>): Record<string, Part> {
	const isCpuOff = knobs.get('cpu.averageUtilization')!.read(presentScaling(experiment)) === 'none';
	const isOnlyMetric = tunableMetrics(experiment).length === 0;
	const metric = (label: string, canBeOff: boolean): Part => ({
		label,
		group: 'Autoscaler',
		numbers: () => targets,
		words: percent,
		// Without any metric Kubernetes would take one of its own: one of the two stays.
		offered: canBeOff ? ['none'] : [],
		at: 'metrics',
	});
	const bound = (label: string, at: string): Part => ({
		label,
		group: 'Autoscaler',
		numbers: upToTwice,
		words: podsWords,
		at,
	});
	return {
		...customParts(experiment),
		'cpu.averageUtilization': metric('CPU target, of the request', !isOnlyMetric),
		'memory.averageUtilization': metric('Memory target, of the request', !isCpuOff || !isOnlyMetric),
		minReplicas: bound('minReplicas', 'minReplicas'),
		maxReplicas: bound('maxReplicas', 'maxReplicas'),
		...behaviorParts(),
	};
}

function behaviorParts(): Record<string, Part> {
	return {...direction('scaleUp', 'Scaling up'), ...direction('scaleDown', 'Scaling down')};
}

/** Choice of the metric that the pods are scaled on, and targets of the metrics beyond CPU and memory. */
function customParts(experiment: Experiment): Record<string, Part> {
	const metrics = tunableMetrics(experiment);
	const parts = metrics.map(({name}): [string, Part] => [
		`${name}.target`,
		{
			label: `Target of ${name}`,
			group: 'Autoscaler',
			numbers: () => amounts,
			words: value => (typeof value === 'number' ? formatGiven(value, count) : 'off'),
			offered: ['none'],
			at: 'metrics',
		},
	]);
	const metric: Part = {
		label: 'Metric',
		group: 'Autoscaler',
		numbers: () => [],
		words: value => (value === 'all' ? 'all that have a target' : String(value)),
		at: 'metrics',
	};
	return metrics.length === 0 ? {} : {...Object.fromEntries(parts), metric};
}

function direction(key: 'scaleUp' | 'scaleDown', group: ControlGroup): Record<string, Part> {
	const at = `behavior.${key}`;
	return {
		[`${key}.stabilizationWindowSeconds`]: {
			label: 'Stabilization window',
			group,
			numbers: () => windows,
			words: secondsWords,
			at,
		},
		[`${key}.pods`]: {
			label: 'Policy: pods a period',
			group,
			numbers: upToTwice,
			words: value => (typeof value === 'number' ? podsWords(value) : 'none'),
			offered: ['none'],
			at,
		},
		[`${key}.percent`]: {
			label: 'Policy: per cent a period',
			group,
			numbers: () => percentages,
			words: value => (typeof value === 'number' ? percent(value) : 'none'),
			offered: ['none'],
			at,
		},
		[`${key}.periodSeconds`]: {label: 'Period of the policies', group, numbers: () => periods, words: secondsWords, at},
		[`${key}.selectPolicy`]: {label: 'selectPolicy', group, numbers: () => [], words: String, at},
	};
}

/** The changed part of the manifest in the API's own form; JSON is YAML. */
function change({autoscaler}: Experiment, at: string): string {
	if (autoscaler === 'none') {
		throw new TypeError('Expected an autoscaler, got none');
	}

	const spec: Readonly<Record<string, unknown>> = hpaObjectSpec(autoscaler);
	const value = at.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], spec);
	return `autoscaler.${at}=${JSON.stringify(value)}`;
}

function replicasControl(own: number): Control {
	return {
		name: 'replicas',
		label: 'Pods, without an autoscaler',
		group: 'Autoscaler',
		own,
		stops: stopsWith(own, upToTwice(own)),
		words: podsWords,
		write: (experiment, value) => ({
			...experiment,
			deployment: {...experiment.deployment, replicas: Number(value)},
		}),
		changes: (_, value) => [`deployment.replicas=${value}`],
	};
}

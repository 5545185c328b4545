import {hpaObjectSpec} from '../autoscaler/hpa-manifest.ts';
import {thresholdKeyOf} from '../autoscaler/keda/changed-scaled-object.ts';
import type {KedaSpec} from '../autoscaler/keda/keda-spec.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {formatGiven, formatNumber, seconds} from '../report/text/format.ts';
import {triggerName} from '../tune/keda/keda-knobs.ts';
import type {Knob, Value} from '../tune/knob.ts';
import {knobsOf} from '../tune/knobs.ts';
import {presentScaling} from '../tune/resolve-space.ts';
import {type Control, podsWords, range, stopsAround, stopsWith} from './control.ts';

type Part = Pick<Control, 'label' | 'words'> & {
	readonly numbers: (own: Value) => readonly number[];
	/** Argument of `--set` for a value. */
	readonly change: (value: Value) => string;
};

const periods = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300];
const cooldowns = [0, 10, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1800, 3600];

/** Sliders for what a ScaledObject of KEDA says; those of the HPA's behavior stand beside them. */
export function kedaControls(experiment: Experiment, keda: KedaSpec): Control[] {
	const knobs = knobsOf(experiment);
	const scaling = presentScaling(experiment);
	return Object.entries(parts(keda)).map(([name, {label, words, numbers, change}]): Control => {
		const knob = knobs.get(name)!;
		const own = knob.read(scaling);
		return {
			name,
			label,
			group: 'Autoscaler',
			own,
			stops: stopsWith(own, numbers(own).filter(isOf(knob))),
			words,
			write: (changed, value) => withScaling(changed, knob, value),
			changes: (_, value) => [change(value)],
		};
	});
}

function isOf({min, max}: Knob) {
	return (value: number) => value >= min && value <= max;
}

/** The experiment with another value of a knob of its autoscaler. */
export function withScaling(experiment: Experiment, knob: Knob, value: Value): Experiment {
	const {autoscaler, keda, nodes} = knob.write(presentScaling(experiment), value);
	return {
		...experiment,
		autoscaler,
		...(keda !== undefined && {keda}),
		...(nodes !== undefined && {nodeAutoscaler: nodes}),
	};
}

function parts({triggers}: KedaSpec): Record<string, Part> {
	const podCount = (name: string): Part => ({
		label: name,
		words: podsWords,
		numbers: own => range(0, Math.max(20, 2 * Number(own))),
		change: value => `autoscaler.spec.${name}=${value}`,
	});
	const time = (name: string, numbers: readonly number[]): Part => ({
		label: name,
		words: value => formatGiven(Number(value), seconds),
		numbers: () => numbers,
		change: value => `autoscaler.spec.${name}=${value}`,
	});
	const thresholds = triggers.map((trigger, index): [string, Part] => {
		const name = triggerName(trigger);
		const isPercent = trigger.target.type === 'Utilization';
		return [
			`${name}.threshold`,
			{
				label: `Threshold of ${name}`,
				words: value => `${formatNumber(Number(value))}${isPercent ? ' %' : ''}`,
				numbers: own => (isPercent ? range(5, 200, 5) : stopsAround(Number(own))),
				change: value =>
					`autoscaler.spec.triggers.${index}.metadata.${thresholdKeyOf(trigger.type)}=${JSON.stringify(String(value))}`,
			},
		];
	});
	return {
		...Object.fromEntries(thresholds),
		minReplicaCount: podCount('minReplicaCount'),
		maxReplicaCount: podCount('maxReplicaCount'),
		pollingInterval: time('pollingInterval', periods),
		cooldownPeriod: time('cooldownPeriod', cooldowns),
	};
}

/** Argument of `--set` for one direction of the behavior that a ScaledObject gives its HPA. */
export function behaviorChange({autoscaler}: Experiment, at: string): string {
	const spec: Readonly<Record<string, unknown>> = autoscaler === 'none' ? {} : hpaObjectSpec(autoscaler);
	const value = at.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], spec);
	return `autoscaler.spec.advanced.horizontalPodAutoscalerConfig.${at}=${JSON.stringify(value)}`;
}

import type {MetricTarget} from '../../autoscaler/hpa-spec.ts';
import {kedaAutoscaler} from '../../autoscaler/keda/keda-autoscaler.ts';
import type {KedaSpec, KedaTrigger} from '../../autoscaler/keda/keda-spec.ts';
import type {Knob, Value} from '../knob.ts';
import type {Scaling} from '../scaling.ts';

type CountName = 'minReplicaCount' | 'maxReplicaCount' | 'idleReplicaCount' | 'pollingInterval' | 'cooldownPeriod';

const day = 86_400;

/** Counts and times of a ScaledObject, with the bounds that KEDA sets. */
const counts: Readonly<Record<CountName, Pick<Knob, 'unit' | 'words' | 'min' | 'max'>>> = {
	minReplicaCount: {unit: 'pods', words: [], min: 0, max: 10_000},
	maxReplicaCount: {unit: 'pods', words: [], min: 1, max: 10_000},
	idleReplicaCount: {unit: 'pods', words: ['none'], min: 0, max: 10_000},
	pollingInterval: {unit: 'seconds', words: [], min: 1, max: day},
	cooldownPeriod: {unit: 'seconds', words: [], min: 0, max: day},
};

/** Knobs of a ScaledObject: its counts and times, the threshold of each trigger, and which trigger alone acts. */
export function kedaKnobs({triggers, modifiers}: KedaSpec): [string, Knob][] {
	const names = triggers.map(triggerName);
	const canChoose = triggers.length > 1 && modifiers === undefined;
	return [
		...(Object.keys(counts) as CountName[]).map(countKnob),
		...triggers.flatMap(thresholdKnobs),
		...(canChoose ? [triggerKnob(triggers, names)] : []),
	];
}

/** Name of a trigger in a space: the one that it was given, or that of its metric. */
export function triggerName({name, metric, type}: KedaTrigger): string {
	return name ?? metric ?? type;
}

function withKeda(scaling: Scaling, change: (keda: KedaSpec) => KedaSpec): Scaling {
	const {keda, autoscaler} = scaling;
	if (keda === undefined) {
		return scaling;
	}

	const changed = change(keda);
	return {...scaling, keda: changed, autoscaler: kedaAutoscaler(changed, autoscaler.behavior)};
}

function countKnob(name: CountName): [string, Knob] {
	return [
		name,
		{
			...counts[name],
			read: ({keda}) => keda?.[name] ?? 'none',
			write: (scaling, value) =>
				withKeda(scaling, keda => {
					const {[name]: _, ...others} = keda;
					return (typeof value === 'string' ? others : {...others, [name]: value}) as KedaSpec;
				}),
		},
	];
}

function thresholdKnobs(trigger: KedaTrigger): [string, Knob][] {
	const name = triggerName(trigger);
	const find = ({keda}: Scaling) => keda?.triggers.find(other => triggerName(other) === name);
	const replace = (scaling: Scaling, change: (own: KedaTrigger) => KedaTrigger) =>
		withKeda(scaling, keda => ({
			...keda,
			triggers: keda.triggers.map(other => (triggerName(other) === name ? change(other) : other)),
		}));
	const isPercent = trigger.target.type === 'Utilization';
	const threshold: Knob = {
		...(isPercent ? {unit: 'percent', min: 1, max: 1000} : {unit: 'quantity', min: 0.001, max: 1e9}),
		words: [],
		read: scaling => thresholdOf(find(scaling)?.target),
		write: (scaling, value) => replace(scaling, own => ({...own, target: withValue(own.target, Number(value))})),
	};
	const activation: Knob = {
		...{unit: 'quantity', words: [], min: 0, max: 1e9},
		read: scaling => find(scaling)?.activation ?? 'none',
		write: (scaling, value) => replace(scaling, own => ({...own, activation: Number(value)})),
	};
	return [
		[`${name}.threshold`, threshold],
		...(trigger.metric === undefined ? [] : [[`${name}.activationThreshold`, activation] as [string, Knob]]),
	];
}

function thresholdOf(target: MetricTarget | undefined): Value {
	switch (target?.type) {
		case 'Utilization':
			return target.averageUtilization;
		case 'AverageValue':
			return target.averageValueMilli / 1000;
		case 'Value':
			return target.valueMilli / 1000;
		default:
			return 'none';
	}
}

function withValue(target: MetricTarget, value: number): MetricTarget {
	const milli = Math.ceil(Number((value * 1000).toPrecision(15)));
	switch (target.type) {
		case 'Utilization':
			return {type: 'Utilization', averageUtilization: value};
		case 'AverageValue':
			return {type: 'AverageValue', averageValueMilli: milli};
		case 'Value':
			return {type: 'Value', valueMilli: milli};
	}
}

/** The one trigger that stays among all; `all` leaves them as they are. */
function triggerKnob(triggers: readonly KedaTrigger[], names: readonly string[]): [string, Knob] {
	return [
		'trigger',
		{
			...{unit: 'word', words: ['all', ...names], min: 0, max: 0},
			read({keda}) {
				const [only, ...others] = keda?.triggers ?? [];
				return only !== undefined && others.length === 0 ? triggerName(only) : 'all';
			},
			write: (scaling, value) =>
				withKeda(scaling, keda => {
					const kept = keda.triggers.filter(trigger => triggerName(trigger) === value);
					const all = keda.triggers.length === triggers.length ? keda.triggers : triggers;
					return {...keda, triggers: kept.length === 0 ? all : kept};
				}),
		},
	];
}

/** Reason why KEDA would refuse a ScaledObject's counts, or the HPA could not act. */
export function flawOfKeda({minReplicaCount, maxReplicaCount, idleReplicaCount}: KedaSpec): string | undefined {
	if (Math.max(1, minReplicaCount) > maxReplicaCount) {
		return 'minReplicaCount is above maxReplicaCount';
	}

	return idleReplicaCount !== undefined && idleReplicaCount >= minReplicaCount
		? 'idleReplicaCount is not below minReplicaCount'
		: undefined;
}

/** Values that are tried of a ScaledObject where no space is given. */
export function kedaValues({keda}: Scaling): Record<string, readonly Value[]> {
	if (keda === undefined) {
		return {};
	}

	const {minReplicaCount: least, maxReplicaCount: most, triggers} = keda;
	const around = (value: Value) =>
		typeof value === 'number' && value > 0
			? [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4].map(factor => Number((value * factor).toPrecision(3)))
			: [];
	const whole = (values: readonly number[]) => [...new Set(values.map(value => Math.max(1, Math.round(value))))];
	const thresholds = triggers.map(({target, ...trigger}): [string, readonly Value[]] => {
		const values = around(thresholdOf(target));
		const name = triggerName({target, ...trigger});
		return [`${name}.threshold`, target.type === 'Utilization' ? whole(values) : values];
	});
	return {
		minReplicaCount: rangeTo(Math.max(2, least + 2)),
		maxReplicaCount: [...new Set([Math.max(1, Math.floor(most / 2)), most - 1, most, most + 2, most + 4])].filter(
			count => count > 0,
		),
		pollingInterval: [5, 10, 15, 30, 60],
		cooldownPeriod: [0, 30, 60, 120, 300, 600],
		...Object.fromEntries(thresholds),
		...(triggers.length > 1 && {trigger: ['all', ...triggers.map(triggerName)]}),
	};
}

function rangeTo(most: number): number[] {
	return Array.from({length: most + 1}, (_, count) => count);
}

import {defaultControllerConfig} from '../autoscaler/controller-config.ts';
import {hpaSpecOf} from '../kubernetes/hpa-manifest.ts';
import type {ScalingPolicy, ScalingRules} from '../kubernetes/hpa-spec.ts';
import type {Knob, Value} from './knob.ts';
import type {Scaling} from './scaling.ts';

export type Direction = 'scaleUp' | 'scaleDown';

/** What holds where a `behavior` says nothing. */
const defaults = hpaSpecOf({maxReplicas: 1, behavior: {scaleUp: {}, scaleDown: {}}}).behavior!;

const defaultPeriod = 15;

/** How fast the autoscaler may go one way. Setting one of them gives a manifest without `behavior` the default one. */
export function rulesKnobs(direction: Direction): [string, Knob][] {
	const flag = direction === 'scaleUp' ? 0 : defaultControllerConfig.downscaleStabilization;
	return [
		knob(direction, 'stabilizationWindowSeconds', {
			unit: 'seconds',
			words: [],
			min: 0,
			max: 3600,
			get: rules => rules.stabilizationWindowSeconds ?? flag,
			set: (rules, value) => ({...rules, stabilizationWindowSeconds: Number(value)}),
		}),
		knob(direction, 'pods', policyKnob('Pods', 'pods', 10_000)),
		knob(direction, 'percent', policyKnob('Percent', 'percent', 10_000)),
		knob(direction, 'periodSeconds', {
			unit: 'seconds',
			words: [],
			min: 1,
			max: 1800,
			get: ({policies}) => policies[0]?.periodSeconds ?? defaultPeriod,
			set: (rules, value) => ({
				...rules,
				policies: rules.policies.map(policy => ({...policy, periodSeconds: Number(value)})),
			}),
		}),
		knob(direction, 'selectPolicy', {
			unit: 'word',
			words: ['Max', 'Min', 'Disabled'],
			min: 0,
			max: 0,
			get: ({selectPolicy}) => selectPolicy,
			set: (rules, value) => ({...rules, selectPolicy: value as ScalingRules['selectPolicy']}),
		}),
		knob(direction, 'tolerance', {
			unit: 'fraction',
			words: ['none'],
			min: 0,
			max: 1,
			get: ({tolerance}) => tolerance ?? 'none',
			set: ({tolerance: _, ...rules}, value) => (typeof value === 'string' ? rules : {...rules, tolerance: value}),
		}),
	];
}

type RulesKnob = Pick<Knob, 'unit' | 'words' | 'min' | 'max'> & {
	readonly get: (rules: ScalingRules) => Value;
	readonly set: (rules: ScalingRules, value: Value) => ScalingRules;
};

function policyKnob(type: ScalingPolicy['type'], unit: Knob['unit'], max: number): RulesKnob {
	return {
		unit,
		words: ['none'],
		min: 1,
		max,
		get: ({policies}) => policies.find(policy => policy.type === type)?.value ?? 'none',
		set(rules, value) {
			const periodSeconds = rules.policies[0]?.periodSeconds ?? defaultPeriod;
			const others = rules.policies.filter(policy => policy.type !== type);
			const own = typeof value === 'string' ? [] : [{type, value, periodSeconds}];
			return {...rules, policies: type === 'Pods' ? [...own, ...others] : [...others, ...own]};
		},
	};
}

function knob(direction: Direction, name: string, {get, set, ...rest}: RulesKnob): [string, Knob] {
	const behaviorOf = ({autoscaler}: Scaling) => autoscaler.behavior ?? defaults;
	return [
		`${direction}.${name}`,
		{
			...rest,
			read: scaling => get(behaviorOf(scaling)[direction]),
			write(scaling, value) {
				const behavior = behaviorOf(scaling);
				const changed = {...behavior, [direction]: set(behavior[direction], value)};
				return {...scaling, autoscaler: {...scaling.autoscaler, behavior: changed}};
			},
		},
	];
}

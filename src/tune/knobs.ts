import type {Deployment} from '../experiment/experiment.ts';
import type {HpaSpec} from '../kubernetes/hpa-spec.ts';
import type {Knob} from './knob.ts';
import {metricKnobs} from './metric-knobs.ts';
import {rulesKnobs} from './rules-knobs.ts';

/** Every knob that an experiment has, by name, in the order in which they are to be set. */
export function knobsOf({containers, llm}: Pick<Deployment, 'containers' | 'llm'>): ReadonlyMap<string, Knob> {
	return new Map([
		boundKnob('minReplicas'),
		boundKnob('maxReplicas'),
		...metricKnobs('cpu', llm.container),
		...metricKnobs('memory', llm.container),
		...rulesKnobs('scaleUp'),
		...rulesKnobs('scaleDown'),
		...containers.flatMap(({name}) => [
			resourceKnob(name, 'requests', 'cpu'),
			resourceKnob(name, 'requests', 'memory'),
			resourceKnob(name, 'limits', 'cpu'),
			resourceKnob(name, 'limits', 'memory'),
		]),
	]);
}

function boundKnob(name: keyof Pick<HpaSpec, 'minReplicas' | 'maxReplicas'>): [string, Knob] {
	return [
		name,
		{
			unit: 'pods',
			words: [],
			min: 1,
			max: 10_000,
			read: ({autoscaler}) => autoscaler[name],
			write: (scaling, value) => ({...scaling, autoscaler: {...scaling.autoscaler, [name]: Number(value)}}),
		},
	];
}

function resourceKnob(container: string, part: 'requests' | 'limits', resource: 'cpu' | 'memory'): [string, Knob] {
	return [
		`${container}.${part}.${resource}`,
		{
			unit: resource === 'cpu' ? 'cores' : 'bytes',
			words: part === 'limits' ? ['none'] : [],
			min: resource === 'cpu' ? 0.001 : 2 ** 20,
			max: resource === 'cpu' ? 1024 : 2 ** 50,
			read: ({containers}) => containers.find(({name}) => name === container)?.[part][resource] ?? 'none',
			write: (scaling, value) => ({
				...scaling,
				containers: scaling.containers.map(one => {
					if (one.name !== container) {
						return one;
					}

					const {[resource]: _, ...others} = one[part];
					return {...one, [part]: typeof value === 'string' ? others : {...others, [resource]: value}};
				}),
			}),
		},
	];
}

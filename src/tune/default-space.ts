import type {Experiment} from '../experiment/experiment.ts';
import {kedaValues} from './keda/keda-knobs.ts';
import type {Value} from './knob.ts';
import {knobsOf} from './knobs.ts';
import {presentScaling} from './resolve-space.ts';
import type {Setting, Space} from './space.ts';

type Options = {readonly hasTolerance: boolean};

/**
 * The space that holds when none is given: targets, bounds, windows and policies. Container sizes are in it where the
 * price book bills them, for otherwise larger pods would be free; limits only where nodes bound what pods take.
 */
export function defaultSpace(experiment: Experiment, {hasTolerance}: Options): Space {
	const present = presentScaling(experiment);
	const {containers, nodes, llm} = experiment.deployment;
	const knobs = knobsOf(experiment);
	const isSized = experiment.prices.kind !== 'per-pod';
	const requested = (resource: 'cpu' | 'memory') => containers.every(({requests}) => requests[resource] !== undefined);
	const types = containers.length > 1 ? ['Resource', 'ContainerResource'] : [];
	const sizes = containers.flatMap(({name}) => [
		`${name}.requests.cpu`,
		`${name}.requests.memory`,
		...(nodes !== undefined && name === llm.container ? [`${name}.limits.cpu`] : []),
	]);
	const {minReplicas, maxReplicas} = present.autoscaler;
	const values: Readonly<Record<string, readonly Value[]>> = {
		...kedaValues(present),
		minReplicas: range(1, Math.max(4, minReplicas + 2), 1),
		maxReplicas: range(Math.max(1, Math.floor(maxReplicas / 2)), maxReplicas + 4, 1),
		...(requested('cpu') && {'cpu.averageUtilization': ['none', ...range(30, 120, 5)], 'cpu.type': types}),
		...(requested('memory') && {'memory.averageUtilization': ['none', ...range(50, 95, 5)], 'memory.type': types}),
		'scaleUp.stabilizationWindowSeconds': [0, 15, 30, 60, 120],
		'scaleUp.pods': ['none', 1, 2, 4, 8],
		'scaleUp.percent': ['none', 50, 100, 200],
		'scaleDown.stabilizationWindowSeconds': [0, 15, 30, 60, 120, 180, 300, 450, 600],
		'scaleDown.pods': ['none', 1, 2],
		'scaleDown.percent': ['none', 10, 25, 50, 100],
		...(hasTolerance && {
			'scaleUp.tolerance': ['none', 0, 0.02, 0.05, 0.15, 0.2],
			'scaleDown.tolerance': ['none', 0, 0.02, 0.05, 0.15, 0.2],
		}),
		'nodes.spare': [...new Set([0, 1, 2, 4, present.nodes?.spare?.replicas ?? 0])].sort((a, b) => a - b),
		'nodes.consolidateAfter': ['Never', 0, 60, 300, 900, 1800],
		'nodes.consolidationPolicy': ['WhenEmpty', 'WhenEmptyOrUnderutilized'],
		'nodes.scaleDownUnneededTime': [60, 300, 600, 1200],
		...(isSized && Object.fromEntries(sizes.map(name => [name, scaled(knobs.get(name)!.read(present), name)]))),
	};
	const settings = [...knobs].flatMap(([name, knob]): Setting[] => {
		const own = values[name] ?? [];
		return own.length > 1 ? [{name, knob, values: own}] : [];
	});
	return {name: 'default', experiment, present, settings, conditions: []};
}

function range(from: number, to: number, step: number): number[] {
	return Array.from({length: Math.floor((to - from) / step) + 1}, (_, index) => from + index * step);
}

/** Half to twice the present size. */
function scaled(present: Value, name: string): Value[] {
	const grain = name.endsWith('.cpu') ? 0.001 : 2 ** 20;
	if (typeof present === 'string') {
		return [];
	}

	const grains = [0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 2].map(factor =>
		Math.max(1, Math.round((factor * present) / grain)),
	);
	return [...new Set(grains)].map(count => Number((count * grain).toPrecision(12)));
}

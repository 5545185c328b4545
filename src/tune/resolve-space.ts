import type {Experiment} from '../experiment/experiment.ts';
import {type Condition, parseCondition} from './condition.ts';
import {type Knob, parseValue, ruleOf, type Value} from './knob.ts';
import {knobsOf} from './knobs.ts';
import type {Scaling} from './scaling.ts';
import {mostDimensions} from './sobol.ts';
import {anyCandidate, type Setting, type Space} from './space.ts';
import type {SpaceFile} from './space-file.ts';

/** Fault at a path of a space file. */
type SpaceFault = {readonly path: readonly (string | number)[]; readonly rule: string; readonly part?: 'key'};

/** Most values of a setting. */
const mostValues = 1000;

/**
 * Space that a checked file describes for an experiment.
 *
 * @param options - `hasTolerance`: whether the cluster's release obeys `tolerance`
 * @returns the space, or everything that is wrong with the file
 */
export function resolveSpace(
	file: SpaceFile,
	experiment: Experiment,
	{hasTolerance}: {readonly hasTolerance: boolean},
): Space | {readonly faults: readonly SpaceFault[]} {
	const knobs = knobsOf(experiment);
	const faults: SpaceFault[] = [];
	const settings = settingsIn(file, {knobs, hasTolerance, faults});
	const conditions = conditionsIn(file, {knobs, faults});
	if (settings.length === 0 && faults.length === 0) {
		faults.push({path: ['settings'], rule: 'a map of at least one setting'});
	}

	if (settings.length > mostDimensions) {
		faults.push({path: ['settings'], rule: `a map of at most ${mostDimensions} settings`});
	}

	if (faults.length > 0) {
		return {faults};
	}

	const space = {name: file.name, experiment, present: presentScaling(experiment), settings, conditions};
	return conditions.length > 0 && anyCandidate(space) === undefined
		? {faults: [{path: ['conditions'], rule: 'rules that some choice of the settings keeps'}]}
		: space;
}

type Resolving = {
	readonly knobs: ReadonlyMap<string, Knob>;
	/** Faults that were found, to be added to. */
	readonly faults: SpaceFault[];
};

function settingsIn(
	{settings: given}: SpaceFile,
	{knobs, hasTolerance, faults}: Resolving & {readonly hasTolerance: boolean},
): Setting[] {
	const settings: Setting[] = [];
	// In the order of the knobs, for some build on others.
	for (const name of [...knobs.keys(), ...Object.keys(given).filter(key => !knobs.has(key))]) {
		const values = given[name];
		if (values === undefined) {
			continue;
		}

		const knob = knobs.get(name);
		const path = ['settings', name];
		if (knob === undefined) {
			faults.push({path, part: 'key', rule: `a setting of this experiment (${[...knobs.keys()].join(', ')})`});
		} else if (name.endsWith('.tolerance') && !hasTolerance) {
			faults.push({
				path,
				part: 'key',
				rule: 'left out, or --kubernetes to name a release from 1.35, which obeys it',
			});
		} else {
			settings.push({name, knob, values: valuesOf(values, knob, path, faults)});
		}
	}

	return settings;
}

function conditionsIn({conditions}: SpaceFile, {knobs, faults}: Resolving): Condition[] {
	return conditions.flatMap((text, index) => {
		const condition = parseCondition(text, knobs);
		if (condition === undefined) {
			faults.push({
				path: ['conditions', index],
				rule: 'two settings, or a setting and a value, with one of <= >= < > == != between',
			});
		}

		return condition === undefined ? [] : [condition];
	});
}

/** Scaling of the experiment itself. */
export function presentScaling({autoscaler, keda, deployment, nodeAutoscaler: nodes}: Experiment): Scaling {
	if (autoscaler === 'none') {
		throw new TypeError('Expected an autoscaler, got none');
	}

	const {containers} = deployment;
	return {autoscaler, ...(keda !== undefined && {keda}), containers, ...(nodes !== undefined && {nodes})};
}

type Given = SpaceFile['settings'][string];

function valuesOf(given: Given, knob: Knob, path: readonly string[], faults: SpaceFault[]): Value[] {
	const parse = (text: string | number, ...keys: (string | number)[]) => {
		const value = parseValue(knob, text);
		if (value === undefined) {
			faults.push({path: [...path, ...keys], rule: ruleOf(knob)});
		}

		return value;
	};
	if ('choices' in given) {
		const values = given.choices.flatMap((text, index) => parse(text, 'choices', index) ?? []);
		return ascending([...new Set(values)]);
	}

	const [from, to] = [parse(given.from, 'from'), parse(given.to, 'to')];
	const step = given.step === undefined ? stepOf(knob) : parseValue({...knob, min: 0, words: []}, given.step);
	if (typeof step !== 'number' || step <= 0) {
		faults.push({path: [...path, 'step'], rule: 'above 0, in the unit of from and to'});
		return [];
	}

	if (typeof from !== 'number' || typeof to !== 'number') {
		return [];
	}

	const count = Math.floor((to - from) / step + 1e-9) + 1;
	if (count < 1 || count > mostValues) {
		faults.push({
			path: [...path, 'to'],
			rule: count < 1 ? 'at least from' : `at most ${mostValues} values away from from`,
		});
		return [];
	}

	// Decimal steps in doubles: 0.1 + 2 * 0.1 is a hair above 0.3.
	return Array.from({length: count}, (_, index) => Number((from + index * step).toPrecision(12)));
}

function stepOf({unit}: Knob): number {
	const steps = {
		pods: 1,
		requests: 1,
		percent: 1,
		seconds: 1,
		fraction: 0.01,
		cores: 0.001,
		bytes: 2 ** 20,
		quantity: 1,
	};
	return unit === 'word' ? Number.NaN : steps[unit];
}

/** Words first, in the order given; then numbers. */
function ascending(values: readonly Value[]): Value[] {
	const words = values.filter(value => typeof value === 'string');
	const numbers = values.filter(value => typeof value === 'number').sort((a, b) => a - b);
	return [...words, ...numbers];
}

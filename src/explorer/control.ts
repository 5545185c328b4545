import type {Experiment} from '../experiment/experiment.ts';
import type {Value} from '../tune/knob.ts';

export type ControlGroup =
	| 'Autoscaler'
	| 'Scaling up'
	| 'Scaling down'
	| 'Pods'
	| 'Nodes'
	| 'Load'
	| 'Comparison and price';

/** Setting of an experiment that a slider moves. */
export type Control = {
	/** In the address. */
	readonly name: string;
	readonly label: string;
	readonly group: ControlGroup;
	/** Values that the slider stops at, from left to right; the experiment's own is among them. */
	readonly stops: readonly Value[];
	readonly own: Value;
	/** A value as a person reads it. */
	readonly words: (value: Value) => string;
	readonly write: (experiment: Experiment, value: Value) => Experiment;
	/** Arguments of `--set` for it, once all controls are written; controls of one part of the file give the same. */
	readonly changes: (experiment: Experiment, value: Value) => readonly string[];
};

/** The stops with the experiment's own value in its place; words stand at the end. */
export function stopsWith(own: Value, numbers: readonly number[], words: readonly string[] = []): Value[] {
	const all = new Set(typeof own === 'number' ? [...numbers, own] : numbers);
	const rest = new Set(typeof own === 'string' ? [...words, own] : words);
	return [...[...all].sort((a, b) => a - b), ...rest];
}

const factors = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2, 2.5, 3, 4, 5];

/** A number of pods as a person reads it. */
export function podsWords(value: Value): string {
	return `${value} ${value === 1 ? 'pod' : 'pods'}`;
}

/** Stops of a slider from a tenth of a number to five times of it, in steps that a person can read. */
export function stopsAround(own: number): number[] {
	return factors.map(factor => Number((factor * own).toPrecision(3)));
}

/** `from`, `from + step`, … as far as `to`. */
export function range(from: number, to: number, step = 1): number[] {
	return Array.from({length: Math.floor((to - from) / step) + 1}, (_, index) => from + index * step);
}

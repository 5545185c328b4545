import type {Experiment} from '../../experiment/experiment.ts';

/** Setting of an autoscaler or of its surroundings that a fit searches. */
export type Parameter = {
	readonly key: string;
	/** Name in a sentence, such as `the sync period`. */
	readonly title: string;
	readonly unit: 's' | '%' | '';
	/** Values that are tried, ascending; numbers of the choices where there are some. */
	readonly values: readonly number[];
	/** Names of the values that are no quantities. */
	readonly choices?: readonly string[];
	/** Value of the settings that the fit begins with. */
	readonly start: number;
	/** Smallest difference that two values make [unit]; none lies between two choices. */
	readonly step: number;
	/** The experiment with a value; undefined where it cannot have it. */
	readonly apply: (experiment: Experiment, value: number) => Experiment | undefined;
	/** Keys of an experiment file that say the value, laid over those of the start; null takes a key away. */
	readonly overlay: (value: number, fitted: FittedExperiment) => Readonly<Record<string, unknown>>;
	/** Parameters whose change may make up for a change of this one. */
	readonly tradesWith: readonly string[];
};

/** An experiment with all values that were found, and the day of the fit. */
export type FittedExperiment = {readonly best: Experiment; readonly date: string};

/** Setting that a fit does not search, and why. */
export type GivenSetting = {readonly title: string; readonly because: string};

/** Values of a scale with the start's among them, ascending. */
export function withStart(values: readonly number[], start: number): number[] {
	return [...new Set([...values, start])].sort((a, b) => a - b);
}

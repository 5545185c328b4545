import type {Parameter} from './parameter.ts';

/** SettingEstimate of a parameter. */
export type SettingEstimate = {
	readonly parameter: Parameter;
	/** Value with the smallest loss. */
	readonly found: number;
	/** Values that the recordings do not exclude. */
	readonly possible: readonly number[];
	/** Ends of the 95 % interval of a quantity; left out where it is open, or the parameter is a choice. */
	readonly low?: number;
	readonly high?: number;
	/** Whether the recordings exclude any value. */
	readonly isIdentified: boolean;
	/** Value for the settings: the start's unless it is worse. */
	readonly value: number;
};

import type {FigureName} from '../comparison/figure-table.ts';
import {figureError} from './figure-error.ts';
import type {ExperimentEvidence} from './validation.ts';

/** A figure in the records that the models were fitted to, beside those that they never saw. */
export type SampledFigure = {
	readonly name: FigureName;
	readonly label: string;
	/** A fraction of the measured mean, instead of in the figure's unit. */
	readonly isRelative: boolean;
};

export const sampledFigures: readonly SampledFigure[] = [
	{name: 'meanLatency', label: 'mean latency', isRelative: true},
	{name: 'p95', label: 'latency p95', isRelative: true},
	{name: 'cpuUtilization', label: 'CPU', isRelative: true},
	{name: 'podHours', label: 'pod-hours', isRelative: true},
	{name: 'replicasMeanAbsoluteError', label: 'replicas', isRelative: false},
];

/** Mean absolute error of a figure over all experiments; null where none has it. */
export function meanSampleError(
	experiments: readonly ExperimentEvidence[],
	figure: SampledFigure,
	sample: 'in' | 'out',
): {readonly value: number; readonly count: number} | null {
	const comparisons = experiments.flatMap(({comparison, inSample}) =>
		sample === 'in' ? inSample.map(part => part.comparison) : (comparison ?? []),
	);
	const errors = comparisons.flatMap(comparison => figureError(comparison, figure.name, figure) ?? []);
	const sum = errors.reduce((total, {value}) => total + Math.abs(value), 0);
	return errors.length === 0 ? null : {value: sum / errors.length, count: errors.length};
}

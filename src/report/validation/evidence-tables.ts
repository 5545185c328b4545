import type {Comparison} from '../../comparison/compare.ts';
import {figureError} from '../../comparison/validation/goals.ts';
import type {ValidatedExperiment} from '../../comparison/validation/validation.ts';
import {meanSampleError, type SampledFigure, sampledFigures} from '../../comparison/validation/validation.ts';
import {significant} from '../text/format.ts';
import {escapeMarkdown, markdownTable} from '../text/markdown.ts';
import {errorText} from './figures.ts';

function isCompared({comparison, inSample}: ValidatedExperiment): boolean {
	return comparison !== null || inSample.length > 0;
}

/** Table of the errors in the records that the models were fitted to, beside those in other records. */
export function sampleErrorTable(experiments: readonly ValidatedExperiment[]): string {
	const text = (comparison: Comparison | undefined | null, figure: SampledFigure) => {
		const error = comparison == null ? undefined : figureError(comparison, figure.name, figure);
		return error === undefined
			? '–'
			: errorText(error, figure.isRelative ? {factor: 100, suffix: '%'} : {suffix: 'pods'});
	};
	const mean = (figure: SampledFigure, sample: 'in' | 'out') => {
		const error = meanSampleError(experiments, figure, sample);
		return error === null
			? '–'
			: figure.isRelative
				? `${significant(100 * error.value)} % (${error.count})`
				: `${significant(error.value)} pods (${error.count})`;
	};
	return markdownTable([
		['experiment', ...sampledFigures.flatMap(({label}) => [`${label}, in-sample`, 'out-of-sample'])],
		...experiments
			.filter(isCompared)
			.map(({title, comparison, inSample}) => [
				title,
				...sampledFigures.flatMap(figure => [
					inSample.map(part => text(part.comparison, figure)).join('; ') || '–',
					text(comparison, figure),
				]),
			]),
		['all', ...sampledFigures.flatMap(figure => [mean(figure, 'in'), mean(figure, 'out')])],
	]);
}

/** Table of the errors with recorded inputs, with measured times in service, and with everything modelled. */
export function triangleTable(experiments: readonly ValidatedExperiment[]): string {
	const rows = experiments.map(({title, comparison}) => {
		const {a, b, c} = comparison!.triangle;
		const error = (corner: typeof b, figure: string) => {
			const value = corner[figure]?.absoluteError;
			return value == null ? '–' : significant(value);
		};
		return [
			title,
			a.share === null ? '–' : `${significant(100 * a.share)} %`,
			...['p95', 'meanWait', 'replicasMeanAbsoluteError'].flatMap(figure => [error(b, figure), error(c, figure)]),
		];
	});
	const head = ['p95 [s]', 'mean waiting [s]', 'replicas [pods]'].flatMap(name => [`${name}: b`, 'c']);
	return markdownTable([['experiment', 'a', ...head], ...rows]);
}

/** List of the parts that an experiment's errors come from, with reasons; empty where there is none. */
export function sourceList({title, comparison}: ValidatedExperiment): string[] {
	const source = comparison?.triangle.source ?? [];
	return source.length === 0
		? []
		: [
				[
					`${escapeMarkdown(title)}:`,
					'',
					...source.map(({part, because}) => `- *${escapeMarkdown(part)}*: ${escapeMarkdown(because)}`),
				].join('\n'),
			];
}

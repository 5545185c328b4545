import {coefficientTitles} from '../calibration/engines/engine-coefficients.ts';
import type {EngineFit, FittedCoefficient, FittedRun} from '../calibration/engines/fit-engine.ts';
import {shellWord} from '../printable.ts';
import {counted, significant} from './text/format.ts';
import type {Report} from './text/report.ts';

/** Fit of an engine's coefficients as its report needs it. */
export type ReportedEngineFit = EngineFit & {
	readonly start: {readonly path: string; readonly name: string};
	readonly saturated: readonly string[];
	readonly assumed: readonly string[];
	readonly written: string;
};

/** Report of the step times that runs of an engine show. */
export function engineFitReport(fit: ReportedEngineFit): Report {
	const {coefficients, runs, assumed} = fit;
	return {
		title: `Step time of an engine from ${counted(runs.length, 'run')}`,
		answer: answerOf(fit),
		...(assumed.length > 0 && {lead: assumed}),
		sections: [
			{
				heading: 'Coefficients',
				rows: [['Coefficient', 'Began with', 'Fitted', '95 % interval', 'For'], ...coefficients.map(rowOf)],
				notes: [
					'Coefficients of 0 were not searched. An interval holds as far as the other settings of the model are those of the runs.',
				],
			},
			{
				heading: 'Fitted model on these runs',
				rows: [['Run', 'Tool', 'Times', 'TTFT off', 'TPOT off', 'Latency off'], ...runs.map(runRow)],
				notes: ['A run that a model was fitted to cannot judge it.'],
			},
		],
	};
}

function answerOf({coefficients, runs, saturated, start, written}: ReportedEngineFit): string[] {
	const found = coefficients.filter(({isIdentified}) => isIdentified);
	const open = coefficients.filter(({isIdentified}) => !isIdentified);
	const times = runs.reduce((sum, run) => sum + run.times, 0);
	return [
		found.length === 0
			? `Nothing found: these runs do not tell any coefficient to within a factor of 1.6. The file is that of ${start.name}.`
			: `Found: ${found.map(({name, value, low, high}) => `${name} ${time(value)} (${time(low)} to ${time(high)})`).join(', ')}.`,
		...(open.length === 0
			? []
			: [
					`Not identifiable from these runs, left as in ${start.name}: ${open.map(({name}) => name).join(', ')}.${saturatedWords(saturated, open)}`,
				]),
		`${counted(times, 'time')} of ${counted(runs.length, 'run')} fitted. Written: ${written}`,
		`Next: replicast validate --engine DIR --engine-model ${shellWord(written)}, with a run that the fit has not seen`,
	];
}

/** A batch that is full all the time has steps of one size, whose parts look alike. */
function saturatedWords(saturated: readonly string[], open: readonly FittedCoefficient[]): string {
	const isConcerned = open.some(({name}) => name === 'base' || name.startsWith('per'));
	return saturated.length === 0 || !isConcerned
		? ''
		: ` The batch was full most of the time in ${saturated.join(', ')}: steps of one size do not tell their fixed part from that of each token. A run with few requests at a time would.`;
}

function rowOf({name, start, value, low, high, isIdentified}: FittedCoefficient): string[] {
	const interval = `${time(low)} to ${time(high)}`;
	return [name, time(start), isIdentified ? time(value) : 'not identifiable', interval, coefficientTitles[name]];
}

function runRow({source, tool, times, ttftError, tpotError, latencyError}: FittedRun): string[] {
	return [source, tool, String(times), ...[ttftError, tpotError, latencyError].map(share)];
}

function share(error: number): string {
	return Number.isNaN(error) ? '–' : `${error < 0 ? '−' : '+'}${Math.abs(100 * error).toFixed(1)} %`;
}

const units = [
	[1, 's'],
	[1e-3, 'ms'],
	[1e-6, 'µs'],
	[1e-9, 'ns'],
] as const;

function time(value: number): string {
	const [size, unit] = units.find(([least]) => value >= least) ?? units.at(-1)!;
	return `${significant(value / size)} ${unit}`;
}

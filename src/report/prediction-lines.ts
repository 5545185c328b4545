import type {PredictedFigure, PredictedInterval, Prediction, WidthPart} from '../forecast/prediction/prediction.ts';
import type {Summary} from '../forecast/summary.ts';
import {fewestRunsFor, predictionLevel} from '../statistics/prediction.ts';
import {count, formatNumber, formatRange, money, percent, seconds, type UnitRule} from './text/format.ts';
import {timeoutText} from './text/latency.ts';
import type {Row} from './text/report.ts';

type Predicted = Pick<Summary, 'prediction' | 'dynamic' | 'economics' | 'replications'>;

/** Words for the parts of a width, as subjects of a sentence. */
export const partWords: Readonly<Record<WidthPart, string>> = {
	run: 'chance',
	coefficients: 'the fitted coefficients',
	machine: 'the machine',
	load: 'the load',
};

const adviceWords: Readonly<Record<Prediction['advice'], string>> = {
	calibrate: 'replicast calibrate on your cluster narrows it',
	'fit-more': 'a calibration on more runs narrows it',
	'plan-longer': 'a longer run narrows it',
	'know-load': 'a load that is known better narrows it',
	'live-with-it': 'it stays, as the machine differs from run to run',
};

/** Share of a width from which on a part is named. */
const worthNaming = 0.05;

const notPredicted =
	'One real run will differ from these means by more than their intervals say: how far was not simulated';

const fewestRuns = fewestRunsFor(predictionLevel);

/** Lines on what one real run will show, and why it is no narrower; without a prediction, that there is none. */
export function predictionLines(summary: Predicted): string[] {
	const {prediction, dynamic, economics, replications} = summary;
	if (prediction === undefined) {
		const more = replications < fewestRuns ? `--replications ${fewestRuns} ` : '';
		return [`${notPredicted} (${more}--prediction-runs ${fewestRuns}).`];
	}

	const {p95, costPerHour, availability, replicas} = prediction.dynamic;
	const texts = [
		...(p95 === undefined ? [] : [`p95 ${latencyRange(p95, dynamic.timeout.seconds)}`]),
		...(costPerHour === undefined ? [] : [`${rangeOf(costPerHour, money(economics.currency))}/h`]),
		...(availability === undefined ? [] : [`${rangeOf(availability, percent)} answered`]),
		...(replicas === undefined ? [] : [`${rangeOf(replicas, count)} pods`]),
	];
	return [
		`${prediction.knowledge.machine === 'unknown' ? 'One run on a machine as modelled' : 'One real run'}: ${texts.join(' · ')} (${formatNumber(100 * prediction.level)} % of runs)`,
		...widthLine(prediction),
	];
}

function widthLine(prediction: Prediction): string[] {
	const shares = prediction.dynamic.p95?.shares ?? prediction.dynamic.costPerHour?.shares ?? null;
	const missing = missingText(prediction.knowledge);
	const parts = shares === null ? [] : namedParts(shares);
	const [first] = parts;
	const width =
		parts.length === 0
			? []
			: [
					parts.length === 1
						? `The spread is due to ${first!.words} alone; ${adviceWords[prediction.advice]}.`
						: `The spread is due to ${parts.map(({words, share}) => `${words} (${formatNumber(100 * share)} %)`).join(', ')}; ${adviceWords[prediction.advice]}.`,
				];
	const text = [...width, ...missing].join(' ');
	return text === '' ? [] : [text];
}

function namedParts(shares: NonNullable<PredictedInterval['shares']>) {
	return (Object.entries(shares) as [WidthPart, number][])
		.filter(([, share]) => share >= worthNaming)
		.sort(([, a], [, b]) => b - a)
		.map(([part, share]) => ({words: partWords[part], share}));
}

function missingText({machine, coefficients}: Prediction['knowledge']): string[] {
	return machine === 'unknown'
		? ['How much faster or slower your machine is, no model says: a real run may be further off.']
		: coefficients === 'unknown'
			? ['How sure the coefficients are, the model does not say.']
			: [];
}

function rangeOf({low, high}: PredictedInterval, quantity: UnitRule): string {
	return formatRange(low, high, quantity);
}

/** `6.1–11.8 s`, or with the clients' timeout at an end. */
export function latencyRange({low, high}: PredictedInterval, timeoutSeconds: number): string {
	if (high < timeoutSeconds) {
		return formatRange(low, high, seconds);
	}

	return low < timeoutSeconds
		? `${formatRange(low, low, seconds)} to ${timeoutText(timeoutSeconds)}`
		: timeoutText(timeoutSeconds);
}

type PredictedRow = {readonly label: string; readonly figure: PredictedFigure; readonly quantity: UnitRule};

const wattHours: UnitRule = () => ({suffix: 'Wh'});

const rows = (currency: string): PredictedRow[] => [
	{label: 'replicas, mean', figure: 'replicas', quantity: count},
	{label: 'throughput', figure: 'throughputPerSecond', quantity: () => ({suffix: '/s'})},
	{label: 'latency p50', figure: 'p50', quantity: seconds},
	{label: 'latency p95', figure: 'p95', quantity: seconds},
	{label: 'latency p99', figure: 'p99', quantity: seconds},
	{label: 'time to first token, p95', figure: 'ttftP95', quantity: seconds},
	{label: 'availability', figure: 'availability', quantity: percent},
	{label: 'SLO attainment', figure: 'sloAttainment', quantity: percent},
	{label: 'CPU utilization of request', figure: 'cpuUtilization', quantity: percent},
	{label: 'memory of request', figure: 'memoryUtilization', quantity: percent},
	{label: 'pod-hours', figure: 'podHours', quantity: count},
	{label: 'energy of the run', figure: 'energyWattHours', quantity: wattHours},
	{label: 'cost per hour', figure: 'costPerHour', quantity: money(currency)},
];

const latencies: readonly PredictedFigure[] = ['p50', 'p95', 'p99', 'ttftP95'];

/** Table of the prediction: both arms, and the parts of dynamic's width. */
export function predictionRows({prediction, dynamic, economics}: Predicted): Row[] {
	if (prediction === undefined) {
		return [];
	}

	const {fixed, savings, isDrawn} = prediction;
	const parts = (['run', 'machine', 'coefficients', 'load'] as const).filter(
		part => isDrawn && Object.values(prediction.dynamic).some(({shares}) => (shares?.[part] ?? 0) > 0),
	);
	const shareCells = (interval: PredictedInterval | undefined) =>
		parts.map(part => {
			const share = interval?.shares?.[part];
			return share === undefined ? '–' : `${formatNumber(100 * share)} %`;
		});
	const cell = ({figure, quantity}: PredictedRow, interval: PredictedInterval | undefined) =>
		interval === undefined
			? '–'
			: latencies.includes(figure)
				? latencyRange(interval, dynamic.timeout.seconds)
				: rangeOf(interval, quantity);
	const head = ['', 'dynamic', ...(fixed === null ? [] : ['fixed']), ...parts.map(part => `of it ${shortWords[part]}`)];
	const body = rows(economics.currency)
		.filter(({figure}) => prediction.dynamic[figure] !== undefined || fixed?.[figure] !== undefined)
		.map(row => [
			row.label,
			cell(row, prediction.dynamic[row.figure]),
			...(fixed === null ? [] : [cell(row, fixed[row.figure])]),
			...shareCells(prediction.dynamic[row.figure]),
		]);
	const saving =
		savings === null
			? []
			: [
					['saved per hour', rangeOf(savings.perHour, money(economics.currency)), '', ...shareCells(savings.perHour)],
					['saved, of the fixed cost', rangeOf(savings.fraction, percent), '', ...shareCells(savings.fraction)],
				];
	return [head, ...body, ...saving];
}

const shortWords: Readonly<Record<WidthPart, string>> = {
	run: 'chance',
	coefficients: 'coefficients',
	machine: 'machine',
	load: 'load',
};

const coefficientNotes: Readonly<Record<Prediction['knowledge']['coefficients'], string>> = {
	joint: 'coefficients are drawn together, from the covariance of their fit',
	independent: 'coefficients are drawn one by one from their intervals, as their model has no covariance',
	published: 'coefficients are as published, and their spread is the machine’s',
	unknown: 'nothing is known of how sure the coefficients are',
};

const machineNotes: Readonly<Record<Prediction['knowledge']['machine'], string>> = {
	runs: 'the speed differs from run to run on the machine that was calibrated',
	machines: 'the speed differs from machine to machine',
	both: 'the speed differs from run to run and from machine to machine',
	unknown: 'nothing is known of how the speed of the machine differs',
};

/** Sentences on what the intervals of a prediction are made of. */
export function predictionNotes({prediction}: Predicted): string[] {
	if (prediction === undefined) {
		return [];
	}

	const {runs, isDrawn, knowledge} = prediction;
	const of = isDrawn ? `${runs} further runs, each under conditions of its own` : `the ${runs} replications`;
	const load = knowledge.load === 'given' ? 'the load is drawn as workload.uncertainty says' : 'the load is as planned';
	return [`Of ${of}: ${machineNotes[knowledge.machine]}; ${coefficientNotes[knowledge.coefficients]}; ${load}.`];
}

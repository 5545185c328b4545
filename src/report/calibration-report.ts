import {mean, median, quantile} from 'simple-statistics';
import type {CalibrationRun} from '../calibration/calibration-runs.ts';
import type {Calibration} from '../calibration/fit-calibration.ts';
import type {ServiceFit} from '../calibration/fit-service.ts';
import type {RequestGroup, ServiceChecks} from '../calibration/service-checks.ts';
import {calibrationAnswer} from './answers/calibration-answer.ts';
import {counted, formatDuration, formatMean, formatNumber, seconds, significant} from './text/format.ts';
import type {Report, ReportSection} from './text/report.ts';

type Fitted = Parameters<typeof calibrationAnswer>[0];

/** Calibration as a report: the answer, then the fitted coefficients, a line a quantity. */
export function calibrationReport(fitted: Fitted): Report {
	const {service, checks, overheads, use, startup, metrics} = fitted.calibration;
	const stages = ['create', 'schedule', 'containers', 'modelLoad', 'probe', 'endpoints', 'firstServed'] as const;
	return {
		title: 'Calibration',
		answer: calibrationAnswer(fitted),
		sections: [
			fitSection(`Work of a request${service.method === 'parts' ? ', by the server’s own clock' : ''}`, service),
			...checkSections(checks, service),
			{
				heading: 'Beside its work',
				notes: [
					`to find the loaded model: ${spread(overheads.load)}`,
					`total less that, prompt and answer, when nothing waits: ${spread(overheads.waiting)}`,
					`between two requests when one waits: ${spread(overheads.turnaround)}`,
					`backend, and its way to the server and back: ${spread(overheads.hop)}`,
				],
			},
			{heading: `Use beside that, ${use.count} samples`, notes: useLines(use)},
			{
				heading: `Start-up, ${startup.pods} pods from creation to Ready`,
				notes: stages.map(stage => `${stage}: ${spread(startup[stage])}`),
			},
			{
				heading: `Metrics, ${formatNumber(metrics.duration / 60)} min`,
				notes: [
					`between scrapes: ${spread(metrics.scrapeGaps)}`,
					`between reconciles: ${spread(metrics.syncGaps)}`,
					`age of a sample at a reconcile: ${spread(metrics.ages)}`,
					`span of a sample: ${spread(metrics.windows)}`,
					`Ready to first counted: ${spread(metrics.firstCounted)}`,
				],
			},
		],
	};
}

/** Time to start and sample the pods before each run, and to look at the cluster once [s]. */
const around = {run: 50, session: 45};

/** Runs that a calibration measures, and the time that they take. */
export function calibrationPlan(runs: readonly CalibrationRun[]): Report {
	const total = runs.reduce((sum, {experiment}) => sum + experiment.duration + around.run, around.session);
	const rows = runs.map(({name, experiment, arm, purpose}) => [
		name,
		formatDuration(experiment.duration),
		arm === 'fixed' ? String(experiment.fixed!.replicas) : 'autoscaled',
		experiment.workload.loop === 'closed' ? String(experiment.workload.users.count) : 'open loop',
		purpose,
	]);
	return {
		title: `Calibration: ${counted(runs.length, 'run')}, about ${formatDuration(total)} with the time to start and sample the pods`,
		sections: [{heading: '', rows: [['run', 'lasts', 'pods', 'users', 'shows'], ...rows]}],
	};
}

function fitSection(title: string, fit: ServiceFit): ReportSection {
	const {perRequest, perPromptToken, perOutputToken, perNeighbour, sharedBySlots, rSquared} = fit;
	const {residualCv, factors, count} = fit;
	const [low, middle, high] = [0.05, 0.5, 0.95].map(share => significant(quantile([...factors], share)));
	return {
		heading: title,
		lead: `${count} requests, R² ${significant(rSquared)}, spread ${significant(residualCv * 100)} %, of the fit p5 ${low}, median ${middle}, p95 ${high}`,
		notes: [
			`per request: ${interval(perRequest)} CPU s`,
			`per prompt token: ${interval(perPromptToken)} CPU s`,
			`per output token: ${interval(perOutputToken)} CPU s`,
			...(perNeighbour === undefined ? [] : [`more for each other pod at work: ${interval(perNeighbour)}`]),
			...(sharedBySlots === undefined
				? []
				: [`part of the work that the slots of a pod do together: ${interval(sharedBySlots)}`]),
		],
	};
}

function checkSections(
	{whole, counted, bySpeed, byNeighbours, useBySpeed}: ServiceChecks,
	service: ServiceFit,
): ReportSection[] {
	return [
		...(whole === undefined || service.method === 'whole' ? [] : [fitSection('The same by the client’s clock', whole)]),
		...(counted === undefined ? [] : [fitSection('The same by cpu.stat', counted)]),
		{
			heading: 'Of that fit',
			notes: [
				...groupLines(bySpeed, () => 'cores, CPU-seconds'),
				...groupLines(byNeighbours, of => `${of === 1 ? 'other pod' : 'other pods'} at work, CPU-seconds`),
				...groupLines(useBySpeed, () => 'cores, counted CPU of what they allow'),
			],
		},
	];
}

function groupLines(groups: readonly RequestGroup[], what: (of: number) => string): string[] {
	return groups.map(({of, count, factor: {mean: middle, low, high}}) => {
		const value = middle ?? Number.NaN;
		return `${Number(of.toFixed(3))} ${what(of)}: ${interval({value, low: low ?? Number.NaN, high: high ?? Number.NaN})}, ${count} requests`;
	});
}

function useLines(use: Calibration['use']): string[] {
	const units = {
		idleLlm: ['idle LLM', 'cores'],
		busyLlm: ['LLM at work', 'of its cores'],
		idleBackend: ['idle backend', 'cores'],
		backendPerRequest: ['backend for a request', 'CPU s'],
		serverMemory: ['memory before the model is loaded', 'bytes'],
		loadedMemory: ['memory once it is', 'bytes'],
		growth: ['and in the end, as it serves,', 'bytes more'],
		memoryPerToken: ['and for a token of the longest request', 'bytes'],
		backendMemory: ['memory of the backend', 'bytes'],
		memoryPerRequest: ['and for each request that it holds', 'bytes'],
	} as const;
	const lines = Object.entries(units).map(([name, [label, unit]]) => {
		const coefficient = use[name as keyof typeof units];
		return `${label}: ${coefficient === undefined ? 'not determined by the samples' : `${interval(coefficient)} ${unit}`}`;
	});
	const {growthRequests} = use;
	return growthRequests === undefined
		? lines
		: [...lines, `63 % of the memory that comes with use is there after ${significant(growthRequests)} requests`];
}

function interval({value, low, high}: {readonly value: number; readonly low: number; readonly high: number}): string {
	return Number.isNaN(low + high)
		? significant(value)
		: `${significant(value)} [${significant(low)}, ${significant(high)}]`;
}

function spread(values: readonly number[]): string {
	if (values.length === 0) {
		return 'none seen';
	}

	const [middle, late] = [median([...values]), quantile([...values], 0.95)];
	return `${values.length} times, mean ${formatMean(mean([...values]), seconds)}, median ${formatMean(middle, seconds)}, p95 ${formatMean(late, seconds)}`;
}

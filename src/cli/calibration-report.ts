import {mean, median, quantile} from 'simple-statistics';
import type {Calibration} from '../calibration/calibrate.ts';
import {formatNumber} from './format-estimate.ts';

/** What was found, for people: a line a quantity. */
export function calibrationReport({service, use, startup, metrics}: Calibration): string {
	const {perRequest, perPromptToken, perOutputToken, rSquared, residualCv, count} = service;
	return [
		`Work of a request, ${count} requests, R² ${significant(rSquared)}, spread ${significant(residualCv * 100)} %:`,
		...[
			{label: 'per request', coefficient: perRequest},
			{label: 'per prompt token', coefficient: perPromptToken},
			{label: 'per output token', coefficient: perOutputToken},
		].map(({label, coefficient}) => `  ${label}: ${interval(coefficient)} CPU s`),
		`Use beside that, ${use.count} samples:`,
		...useLines(use),
		`Start-up, ${startup.pods} pods from creation to Ready:`,
		...(['create', 'schedule', 'containers', 'modelLoad', 'probe', 'endpoints', 'firstServed'] as const).map(
			stage => `  ${stage}: ${spread(startup[stage])}`,
		),
		`Metrics, ${formatNumber(metrics.duration / 60)} min:`,
		`  between scrapes: ${spread(metrics.scrapeGaps)}`,
		`  between reconciles: ${spread(metrics.syncGaps)}`,
		`  age of a sample at a reconcile: ${spread(metrics.ages)}`,
		`  span of a sample: ${spread(metrics.windows)}`,
		`  Ready to first counted: ${spread(metrics.firstCounted)}`,
		'',
	].join('\n');
}

function useLines(use: Calibration['use']): string[] {
	const units = {
		idleLlm: ['idle LLM', 'cores'],
		busyLlm: ['LLM at work', 'cores'],
		idleBackend: ['idle backend', 'cores'],
		backendPerRequest: ['backend for a request', 'CPU s'],
		serverMemory: ['memory before the model is loaded', 'bytes'],
		loadedMemory: ['memory once it is', 'bytes'],
		backendMemory: ['memory of the backend', 'bytes'],
		memoryPerRequest: ['and for each request that it holds', 'bytes'],
	} as const;
	return Object.entries(units).map(([name, [label, unit]]) => {
		const coefficient = use[name as keyof typeof units];
		return `  ${label}: ${coefficient === undefined ? 'not told by the samples' : `${interval(coefficient)} ${unit}`}`;
	});
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
	return `${values.length} times, mean ${significant(mean([...values]))} s, median ${significant(middle)} s, p95 ${significant(late)} s`;
}

/** Three digits. */
function significant(value: number): string {
	const magnitude = value === 0 || Number.isNaN(value) ? 0 : Math.floor(Math.log10(Math.abs(value)));
	return Number.isNaN(value) ? '–' : formatNumber(value, Math.min(6, Math.max(0, 2 - magnitude)));
}

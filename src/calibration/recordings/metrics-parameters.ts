import type {Experiment, MetricsModel} from '../../experiment/experiment.ts';
import {type FittedExperiment, type GivenSetting, type Parameter, withStart} from './parameter.ts';

/** Windows of a rate that adapters are often set to [s]. */
const windows = [30, 60, 120, 180, 300] as const;

const pipelines = [
	'metrics-server from 0.4 on',
	'metrics-server 0.3',
	...windows.map(seconds => `Prometheus with a rate over ${seconds} s`),
] as const;

/** Parameters of the way from the pods' counters to the autoscaler. */
export const metricsParameters = [pipeline, scrapePeriod];

function pipeline(experiment: Experiment): Parameter | GivenSetting {
	const {metrics} = experiment;
	const title = 'the source of the CPU metric';
	if (metrics === 'ideal') {
		return {title, because: 'metrics are ideal'};
	}

	const own = metrics.hasKubeletRate === true ? 'kubelet' : metrics.rateWindow;
	const isListed = typeof own !== 'number' || windows.some(window => window === own);
	const all = [undefined, 'kubelet', ...windows, ...(isListed ? [] : [own])] as const;
	return {
		...{key: 'pipeline', title, unit: '', step: 1, start: all.indexOf(own)},
		values: all.map((_, index) => index),
		choices: [...pipelines, ...(isListed ? [] : [`Prometheus with a rate over ${own} s`])],
		apply: (each, choice) => withPipeline(each, all[choice]),
		overlay: (_, fitted) => metricsOverlay(experiment, fitted),
		tradesWith: ['scrapePeriod', 'startup', 'youngPods'],
	};
}

function withPipeline({metrics, ...rest}: Experiment, source: number | 'kubelet' | undefined): Experiment | undefined {
	if (metrics === 'ideal') {
		return undefined;
	}

	const {rateWindow: _, hasKubeletRate: __, ...model} = metrics;
	return {
		...rest,
		metrics: {
			...model,
			...(source === 'kubelet' ? {hasKubeletRate: true} : source !== undefined && {rateWindow: source}),
		},
	};
}

function scrapePeriod(experiment: Experiment): Parameter | GivenSetting {
	const {metrics} = experiment;
	const title = 'the scrape period';
	if (metrics === 'ideal') {
		return {title, because: 'metrics are ideal'};
	}

	const start = metrics.scrape.period;
	return {
		...{key: 'scrapePeriod', title, unit: 's', start, step: 1},
		values: withStart([5, 10, 15, 30, 60, 120], start),
		apply: ({metrics: model, ...rest}, period) =>
			model === 'ideal' || (model.rateWindow !== undefined && model.rateWindow < 2 * period)
				? undefined
				: {...rest, metrics: {...model, scrape: {...model.scrape, period}}},
		overlay: (_, fitted) => metricsOverlay(experiment, fitted),
		tradesWith: ['pipeline', 'syncPeriod'],
	};
}

const source = 'Fitted to recordings by replicast calibrate, or as the settings had it that it began with';

/** All keys of the fitted metrics model: the file that the settings named is not changed. */
function metricsOverlay(start: Experiment, {best, date}: FittedExperiment): Readonly<Record<string, unknown>> {
	const {metrics} = best;
	const had = start.metrics !== 'ideal' && start.metrics.rateWindow !== undefined;
	return metrics === 'ideal' ? {} : {metrics: metricsDocument(metrics, date, had)};
}

function metricsDocument(model: MetricsModel, date: string, had: boolean) {
	const {name, housekeeping, scrape, rateWindow, hasKubeletRate, sync} = model;
	const server = hasKubeletRate === true ? 'metrics-server-0.3' : 'metrics-server';
	const seconds = (value: unknown) => ({value, unit: 's', source});
	const factor = (value: number) => ({value, unit: '1', source});
	return {
		...{apiVersion: 'replicast/v1', kind: 'MetricsModel', name: name.endsWith('-fitted') ? name : `${name}-fitted`},
		...{status: 'uncalibrated', date},
		pipeline: rateWindow === undefined ? server : 'prometheus-adapter',
		housekeeping: {
			period: seconds(housekeeping.period),
			idlePeriod: seconds(housekeeping.idlePeriod),
			jitter: factor(housekeeping.jitter),
		},
		scrape: {period: seconds(scrape.period), jitter: factor(scrape.jitter)},
		...(rateWindow === undefined ? had && {rateWindow: null} : {rateWindow: seconds(rateWindow)}),
		sync: {period: seconds(sync.period), latency: seconds(sync.latency)},
	};
}

import type {Experiment, MetricsModel} from '../../experiment/experiment.ts';
import type {SettingEstimate} from './setting-estimate.ts';

/** Mean age of the CPU that an autoscaler sees, where the settings that it follows from were searched. */
export type MetricAge = {
	/** With the values of the settings [s]. */
	readonly seconds: number;
	/** Least and most with the values that the recordings do not exclude [s]. */
	readonly low: number;
	readonly high: number;
	/** Whether the recordings exclude any value of the settings. */
	readonly isIdentified: boolean;
};

/**
 * Mean age of a rate of CPU when an autoscaler reads it [s], counted from the middle of the time that it is of: half a
 * period of cAdvisor's readings, half a period of the scrape where the newest scrape is served, and half the rate's window.
 * The window is the scrape's period between two points of metrics-server, cAdvisor's of the kubelet's own rate, and the one of the
 * query in Prometheus, whose end is the time of the query.
 */
export function meanMetricAge({housekeeping, scrape, rateWindow, hasKubeletRate}: MetricsModel): number {
	const reading = housekeeping.period / 2;
	if (rateWindow !== undefined) {
		return reading + rateWindow / 2;
	}

	return reading + scrape.period / 2 + (hasKubeletRate === true ? housekeeping.period : scrape.period) / 2;
}

/**
 * Age of the CPU metric by the estimates of its source and of the scrape period.
 *
 * @param experiment - what the fit began with
 * @returns undefined where one of the two was not searched
 */
export function metricAgeOf(estimates: readonly SettingEstimate[], experiment: Experiment): MetricAge | undefined {
	const [source, period] = ['pipeline', 'scrapePeriod'].map(key =>
		estimates.find(({parameter}) => parameter.key === key),
	);
	if (source === undefined || period === undefined) {
		return undefined;
	}

	const ageWith = (choice: number, seconds: number): number[] => {
		const piped = source.parameter.apply(experiment, choice);
		const {metrics} = (piped && period.parameter.apply(piped, seconds)) ?? {metrics: 'ideal' as const};
		return metrics === 'ideal' ? [] : [meanMetricAge(metrics)];
	};
	const [own] = ageWith(source.value, period.value);
	const ages = source.possible.flatMap(choice => period.possible.flatMap(seconds => ageWith(choice, seconds)));
	return own === undefined
		? undefined
		: {
				seconds: own,
				low: Math.min(own, ...ages),
				high: Math.max(own, ...ages),
				isIdentified: source.isIdentified || period.isIdentified,
			};
}

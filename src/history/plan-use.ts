import type {PodSelection} from './find-pods.ts';
import {placeLabels} from './place-labels.ts';
import {labelIs, type Plan, type PlanKey, type PlannedQuery, rateWindow, unseenInterval} from './plan.ts';
import type {LabelMatch, SeriesQuery} from './series-query.ts';
import type {SeriesStore} from './series-store.ts';

type UseSeries = {readonly key: PlanKey; readonly metric: string; readonly isCounter: boolean};

const ofContainers: readonly UseSeries[] = [
	{key: 'cpuOfContainers', metric: 'container_cpu_usage_seconds_total', isCounter: true},
	{key: 'memory', metric: 'container_memory_working_set_bytes', isCounter: false},
	{key: 'throttledPeriods', metric: 'container_cpu_cfs_throttled_periods_total', isCounter: true},
	{key: 'quotaPeriods', metric: 'container_cpu_cfs_periods_total', isCounter: true},
	{key: 'restartRate', metric: 'kube_pod_container_status_restarts_total', isCounter: true},
];

/**
 * Plans what the containers of the pods use, by cAdvisor. The series of a pod's cgroup and of its pause container are left
 * out; of a container that has just been restarted, or that two jobs scrape, the largest series counts.
 */
export async function planUse(
	source: SeriesStore,
	{namespace, pattern}: PodSelection,
	stepSeconds: number,
): Promise<Plan> {
	const names = await source.names(ofContainers.map(({metric}) => metric));
	const queries: PlannedQuery[] = [];
	const missing: Plan['missing'][number][] = [];
	const notes: string[] = [];
	for (const {key, metric, isCounter} of ofContainers) {
		if (!names.has(metric)) {
			missing.push({series: key, reason: `no ${metric}`});
			continue;
		}

		const places = await placeLabels(source, {metric, matches: []}, true);
		const {pod = 'pod', container = 'container'} = places;
		const matches: LabelMatch[] = [
			...labelIs(places.namespace, namespace),
			{label: pod, operator: '=~', value: pattern},
			...(places.container === undefined
				? []
				: [
						{label: container, operator: '!=', value: ''} as const,
						{label: container, operator: '!=', value: 'POD'} as const,
					]),
		];
		const selector = {metric, matches};
		if ((await source.labelSets(selector)).length === 0) {
			missing.push({series: key, reason: `no series of ${metric} of pods ${pattern} in ${namespace}`});
			continue;
		}

		const query: SeriesQuery = {
			...selector,
			form: 'newest',
			once: places.container === undefined ? [pod] : [pod, container],
			by: key === 'cpuOfContainers' && places.container !== undefined ? [container] : [],
			combine: 'sum',
		};
		queries.push({key, query: isCounter ? await rateOf(source, query, {stepSeconds, notes}) : query});
	}

	return {queries, notes, missing};
}

/** Query of a counter's rate, with a window that fits its scrapes. */
export async function rateOf(
	source: SeriesStore,
	query: SeriesQuery,
	{stepSeconds, notes}: {readonly stepSeconds: number; readonly notes: string[]},
): Promise<SeriesQuery> {
	const interval = await source.sampleInterval(query);
	if (interval === undefined) {
		notes.push(`How often ${query.metric} is scraped cannot be seen: every ${unseenInterval} s is assumed.`);
	}

	const window = rateWindow(interval ?? unseenInterval, stepSeconds);
	return {...query, form: 'rate', window};
}

import {metricKey, type SeriesBinding} from '../experiment/custom-metrics/custom-metrics.ts';
import {sourceWords} from '../experiment/custom-metrics/series-sources.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {isPerPod, selectorsOf} from '../promql/expression.ts';
import {isExported} from '../simulator/custom-metrics/exporters.ts';
import {formatNumber} from '../statistics/format-number.ts';

type HpaSpec = Exclude<Experiment['autoscaler'], 'none'>;
type MetricSpec = HpaSpec['metrics'][number];

/** Tolerance of the controller within which a value above its target changes nothing. */
const tolerated = 0.1;

/** Reason why a metric beyond CPU and memory may be without a value, after the controller's own words; empty where it is none. */
export function whyWithoutValue(experiment: Experiment, index: number): string {
	const {autoscaler} = experiment;
	const metric = autoscaler === 'none' ? undefined : autoscaler.metrics[index];
	const series = metric === undefined ? [] : seriesOf(experiment, metric);
	const dead = series.find(([, binding]) => !isExported(binding, experiment));
	if (dead !== undefined) {
		const [name, {source}] = dead;
		return `; nothing exports ${name} here: ${reasons[source] ?? `the pods know no ${sourceWords[source]}`}`;
	}

	const ofPods = series.find(([, {exporter}]) => exporter === 'pods');
	if (metric !== undefined && ofPods !== undefined && isManyForKeda(experiment, metric)) {
		return '; its query has an element for each pod, and KEDA takes a query of one element alone: sum(…) around it makes one, and sum by (le) (…) within a histogram_quantile';
	}

	return ofPods !== undefined && autoscaler !== 'none' && autoscaler.minReplicas === 0
		? `; ${ofPods[0]} is exported by the pods alone, so at zero pods it does not exist and no pod ever comes back by it: a gateway's metric does`
		: '';
}

/**
 * Whether a trigger's query has several elements where there are several pods.
 *
 * @see KEDA v2.20 pkg/scalers/prometheus_scaler.go, ExecutePromQuery
 */
function isManyForKeda({keda, customMetrics}: Experiment, {name}: MetricSpec): boolean {
	const trigger = keda?.triggers.find(({metric}) => metric === name);
	const query = trigger?.source.kind === 'prometheus' && customMetrics?.metrics[metricKey('External', name)];
	return query ? isPerPod(query.expression) : false;
}

const reasons: Readonly<Partial<Record<SeriesBinding['source'], string>>> = {
	'kv-cache-use': 'the model of the server has no KV cache of blocks',
	'gpu-use': 'no container requests a GPU',
};

/** Name of a metric of the autoscaler that nothing exports. */
export function deadMetric(experiment: Experiment): string | undefined {
	const {autoscaler} = experiment;
	const metrics = autoscaler === 'none' ? [] : autoscaler.metrics;
	return metrics.find(metric => seriesOf(experiment, metric).some(([, binding]) => !isExported(binding, experiment)))
		?.name;
}

/** Metrics whose target is above all that they can show: the pods are never scaled up by them. */
export function unreachableMetrics(
	experiment: Experiment,
): {readonly name: string; readonly target: number; readonly most: number}[] {
	const {autoscaler} = experiment;
	const metrics = autoscaler === 'none' ? [] : autoscaler.metrics;
	return metrics.flatMap(metric => {
		const target = metric.target.type === 'AverageValue' ? metric.target.averageValueMilli / 1000 : undefined;
		const most = highestAverage(experiment, metric);
		return target === undefined || most === undefined || most > target * (1 + tolerated)
			? []
			: [{name: metric.name, target, most}];
	});
}

/** Warnings of targets that are out of reach. */
export function unreachableTargets(experiment: Experiment): string[] {
	const {parallel} = experiment.deployment.llm;
	return unreachableMetrics(experiment).map(
		({name, target, most}) =>
			`The target of ${name}, ${formatNumber(target)}, is never passed: it shows at most ${formatNumber(most)} a pod, since a pod ` +
			`runs ${parallel} at a time (deployment.llm.parallel). The autoscaler cannot scale up on it; a metric of requests that wait ` +
			'or that are in flight has no such bound.',
	);
}

/** Highest value for each pod that a plain gauge can show; undefined where it has no bound. */
function highestAverage(experiment: Experiment, metric: MetricSpec): number | undefined {
	const key =
		metric.type === 'Pods' || metric.type === 'External' || metric.type === 'Object' ? metric.type : undefined;
	const query = key && experiment.customMetrics?.metrics[metricKey(key, metric.name)];
	const isPlain = query?.expression.kind === 'aggregation' && query.expression.of.kind === 'selector';
	const [series, ...others] = seriesOf(experiment, metric);
	if (!isPlain || series === undefined || others.length > 0 || query.expression.kind !== 'aggregation') {
		return undefined;
	}

	const {source, exporter, scale = 1} = series[1];
	const isSum = query.expression.operator === 'sum' && exporter === 'pods';
	return !isSum
		? undefined
		: source === 'running'
			? experiment.deployment.llm.parallel * scale
			: source === 'slot-use'
				? scale
				: undefined;
}

function seriesOf({customMetrics}: Experiment, {type, name}: MetricSpec): [string, SeriesBinding][] {
	if (customMetrics === undefined || (type !== 'Pods' && type !== 'Object' && type !== 'External')) {
		return [];
	}

	const query = customMetrics.metrics[metricKey(type, name)];
	const names = query === undefined ? [] : selectorsOf(query.expression).map(selector => selector.name);
	return Object.entries(customMetrics.series).filter(([series]) =>
		names.some(read => read.replace(/_(?:bucket|sum|count)$/, '') === series || read === series),
	);
}

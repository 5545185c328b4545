import * as z from 'zod';
import type {ReplicaRow, ReplicaSource} from './replica-rows.ts';

/**
 * Metrics of kube-state-metrics by the count that they give, the first of which holds.
 *
 * @see kube-state-metrics 2.17 docs/metrics/workload/horizontalpodautoscaler-metrics.md, deployment-metrics.md; the names with
 *   `hpa` are those before 2.0
 */
const metrics = {
	desired: [
		'kube_horizontalpodautoscaler_status_desired_replicas',
		'kube_hpa_status_desired_replicas',
		'kube_deployment_spec_replicas',
		'kube_statefulset_replicas',
	],
	current: [
		'kube_horizontalpodautoscaler_status_current_replicas',
		'kube_hpa_status_current_replicas',
		'kube_deployment_status_replicas',
		'kube_statefulset_status_replicas',
	],
} as const;

const Series = z.looseObject({
	metric: z.record(z.string(), z.string()),
	values: z.array(z.tuple([z.number(), z.string()])),
});

const Answer = z.looseObject({
	data: z.looseObject({resultType: z.literal('matrix'), result: z.array(Series)}),
});

type PrometheusSeries = z.output<typeof Series>;

/**
 * Rows of the answer of Prometheus to a range query (`/api/v1/query_range`) of metrics of kube-state-metrics. A single series
 * without a name, as an expression gives it, is what the autoscaler wants.
 *
 * @throws {RangeError} when it is no such answer, or holds series of several autoscalers
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries
 */
export function readPrometheusRange(text: string): ReplicaSource {
	const {data: answer, success} = Answer.safeParse(parsed(text));
	if (!success) {
		throw new RangeError(
			'1:1: Expected the answer of Prometheus to a range query (data.resultType: matrix), got other JSON',
		);
	}

	const {result} = answer.data;
	const desired = seriesOf(result, metrics.desired) ?? unnamed(result);
	if (desired === undefined) {
		const names = [...new Set(result.map(({metric}) => metric['__name__'] ?? 'a series without a name'))];
		throw new RangeError(
			`1:1: Expected a series of ${metrics.desired[0]}, got ${names.slice(0, 5).join(', ') || 'none'}`,
		);
	}

	const current = new Map(seriesOf(result, metrics.current)?.values ?? []);
	const rows = desired.values.map(([at, value]): ReplicaRow => {
		const found = current.get(at);
		return {at, desired: Number(value), current: found === undefined ? Number.NaN : Number(found)};
	});
	const name = desired.metric['__name__'];
	return {
		rows,
		clock: 'epoch',
		notes: name === undefined ? ['the series has no name: it is taken for the replicas that the autoscaler wants'] : [],
	};
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new RangeError(`1:1: Expected JSON, got ${(error as Error).message}`, {cause: error});
	}
}

/** The one series of the first of some metrics; undefined where there is none. */
function seriesOf(result: readonly PrometheusSeries[], names: readonly string[]): PrometheusSeries | undefined {
	const name = names.find(each => result.some(({metric}) => metric['__name__'] === each));
	const found = result.filter(({metric}) => name !== undefined && metric['__name__'] === name);
	if (found.length > 1) {
		const labels = found.map(({metric}) => Object.entries(metric).filter(([key]) => key !== '__name__'));
		const shown = labels.slice(0, 3).map(each => `{${each.map(([key, value]) => `${key}="${value}"`).join(', ')}}`);
		throw new RangeError(`1:1: Expected one series of ${name}, got ${found.length}: ${shown.join(', ')}`);
	}

	return found[0];
}

function unnamed(result: readonly PrometheusSeries[]): PrometheusSeries | undefined {
	const [only, ...others] = result;
	return others.length === 0 && only?.metric['__name__'] === undefined ? only : undefined;
}

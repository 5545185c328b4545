import {parseQuantityMilli} from '../../autoscaler/quantity.ts';
import type {ReconcileInput} from '../../autoscaler/reconcile.ts';
import {type KubeApi, KubeRefusal} from '../api/kube-api.ts';
import type {List, LiveCustomMetric, LiveMetricSpec, LivePodMetrics, ObjectReference} from './live-objects.ts';
import {podMetricsViews} from './live-views.ts';

type LiveMetrics = Pick<ReconcileInput, 'podMetrics' | 'objectMetrics' | 'externalMetrics'> & {
	/** Refusals of the metrics APIs, in their words. */
	readonly refusals: readonly string[];
};

type Asked = {
	readonly api: Pick<KubeApi, 'get'>;
	readonly namespace: string;
	/** Selector of the target's pods. */
	readonly selector: string;
	readonly metrics: readonly LiveMetricSpec[];
};

/** Reads the metrics APIs for all metrics of an HPA. */
export async function readLiveMetrics({api, namespace, selector, metrics}: Asked): Promise<LiveMetrics> {
	const refusals: string[] = [];
	const list = async <Item>(path: string): Promise<readonly Item[]> => {
		try {
			return (await api.get<List<Item>>(path)).items;
		} catch (error) {
			if (!(error instanceof KubeRefusal)) {
				throw error;
			}

			refusals.push(`${path.split('?', 1)[0]}: ${error.message}`);
			return [];
		}
	};

	const pods = `labelSelector=${encodeURIComponent(selector)}`;
	const resource = await list<LivePodMetrics>(`/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods?${pods}`);
	const custom = new Map<string, readonly LiveCustomMetric[]>();
	const objectMetrics: Record<string, number> = {};
	const externalMetrics: Record<string, number> = {};
	for (const metric of metrics) {
		const name = (metric.pods ?? metric.object ?? metric.external)?.metric.name;
		const path = pathOf(metric, namespace, pods);
		if (name === undefined || path === undefined) {
			continue;
		}

		const items = await list<LiveCustomMetric>(path);
		if (metric.pods) {
			custom.set(name, items);
		} else if (items.length > 0) {
			const values = metric.object ? objectMetrics : externalMetrics;
			values[name] = items.reduce((sum, {value}) => sum + parseQuantityMilli(value), 0);
		}
	}

	return {podMetrics: podMetricsViews(resource, custom), objectMetrics, externalMetrics, refusals};
}

function pathOf({pods, object, external}: LiveMetricSpec, namespace: string, podQuery: string): string | undefined {
	const custom = `/apis/custom.metrics.k8s.io/v1beta2/namespaces/${namespace}`;
	if (pods) {
		const {name, selector} = pods.metric;
		return `${custom}/pods/*/${name}?${podQuery}${labelQuery('&metricLabelSelector', selector)}`;
	}

	if (object) {
		const {describedObject, metric} = object;
		const path = `${custom}/${resourceOf(describedObject)}/${describedObject.name}/${metric.name}`;
		return path + labelQuery('?metricLabelSelector', metric.selector);
	}

	if (external) {
		const {name, selector} = external.metric;
		const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${name}`;
		return path + labelQuery('?labelSelector', selector);
	}

	return undefined;
}

function labelQuery(key: string, selector: {matchLabels?: Readonly<Record<string, string>>} | undefined): string {
	const labels = Object.entries(selector?.matchLabels ?? {}).map(([label, value]) => `${label}=${value}`);
	return labels.length > 0 ? `${key}=${encodeURIComponent(labels.join(','))}` : '';
}

// `services`, `ingresses.networking.k8s.io`: the plural is made by rule, for the discovery of names would be a walk of its own.
function resourceOf({apiVersion = 'v1', kind}: ObjectReference): string {
	const [group, version] = apiVersion.split('/');
	const singular = kind.toLowerCase();
	const plural = /(?:s|x|ch|sh)$/.test(singular)
		? `${singular}es`
		: singular.replace(/([^aeiou])y$/, '$1ie').concat('s');
	return version === undefined ? plural : `${plural}.${group}`;
}

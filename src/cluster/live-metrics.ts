import type {ReconcileInput} from '../autoscaler/reconcile.ts';
import {parseQuantityMilli} from '../kubernetes/quantity.ts';
import {type KubeGet, KubeRefusal} from './kube-get.ts';
import type {List, LiveCustomMetric, LiveMetricSpec, LivePodMetrics, ObjectReference} from './live-objects.ts';
import {podMetricsViews} from './live-views.ts';

export type LiveMetrics = Pick<ReconcileInput, 'podMetrics' | 'objectMetrics' | 'externalMetrics'> & {
	/** What the metrics APIs said instead of an answer. */
	readonly refusals: readonly string[];
};

type Asked = {
	readonly get: KubeGet;
	readonly namespace: string;
	/** Selector of the target's pods. */
	readonly selector: string;
	readonly metrics: readonly LiveMetricSpec[];
};

/** Everything that the metrics of an HPA ask the metrics APIs for. */
export async function readLiveMetrics({get, namespace, selector, metrics}: Asked): Promise<LiveMetrics> {
	const refusals: string[] = [];
	const list = async <Item>(path: string): Promise<readonly Item[]> => {
		try {
			return ((await get(path)) as List<Item>).items;
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
	const customPath = `/apis/custom.metrics.k8s.io/v1beta2/namespaces/${namespace}`;
	for (const {pods: podSource, object, external} of metrics) {
		if (podSource) {
			const {name, selector: labels} = podSource.metric;
			const items = await list<LiveCustomMetric>(
				`${customPath}/pods/*/${name}?${pods}${labelQuery('&metricLabelSelector', labels)}`,
			);
			custom.set(name, items);
		} else if (object) {
			const {name, selector: labels} = object.metric;
			const path = `${customPath}/${resourceOf(object.describedObject)}/${object.describedObject.name}/${name}`;
			const [item] = await list<LiveCustomMetric>(`${path}${labelQuery('?metricLabelSelector', labels)}`);
			if (item) {
				objectMetrics[name] = parseQuantityMilli(item.value);
			}
		} else if (external) {
			const {name, selector: labels} = external.metric;
			const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${name}`;
			const items = await list<{value: string}>(`${path}${labelQuery('?labelSelector', labels)}`);
			if (items.length > 0) {
				externalMetrics[name] = items.reduce((sum, {value}) => sum + parseQuantityMilli(value), 0);
			}
		}
	}

	return {podMetrics: podMetricsViews(resource, custom), objectMetrics, externalMetrics, refusals};
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

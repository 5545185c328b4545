import type {MetricSelector} from './series-query.ts';
import type {SeriesStore} from './series-store.ts';

/** Names of the labels by which a metric says where its series belong; undefined where it has none. */
export type PlaceLabels = {
	readonly namespace?: string;
	readonly pod?: string;
	readonly container?: string;
	/** Labels of any kind. */
	readonly all: ReadonlySet<string>;
};

/** Names in use before Kubernetes 1.16, by annotated scrapes, and by OpenTelemetry. */
const namespaces = ['namespace', 'kubernetes_namespace', 'k8s_namespace_name'];
const pods = ['pod', 'kubernetes_pod_name', 'pod_name', 'k8s_pod_name'];
const containers = ['container', 'container_name', 'k8s_container_name'];

/**
 * Finds the labels of a metric that name namespace, pod and container.
 *
 * @param isAboutOthers - whether the exporter speaks of other pods than itself, as kube-state-metrics does: where Prometheus has
 *   put its own `namespace` on the series, theirs is `exported_namespace`
 */
export async function placeLabels(
	source: SeriesStore,
	selector: MetricSelector,
	isAboutOthers: boolean,
): Promise<PlaceLabels> {
	const all = await source.labelNames(selector);
	const first = (names: readonly string[]) =>
		(isAboutOthers ? names.flatMap(name => [`exported_${name}`, name]) : names).find(name => all.has(name));
	const [namespace, pod, container] = [first(namespaces), first(pods), first(containers)];
	return {
		all,
		...(namespace !== undefined && {namespace}),
		...(pod !== undefined && {pod}),
		...(container !== undefined && {container}),
	};
}

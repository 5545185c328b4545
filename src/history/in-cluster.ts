import type {MetricSelector, WrittenQuery} from './series-query.ts';
import type {SeriesStore} from './series-store.ts';

/** Label by which a store of several clusters keeps their series apart. */
export const clusterLabel = 'cluster';

/** Selector or query with the condition of a cluster, where its metric says which cluster it is of. */
export async function ofCluster<Selector extends MetricSelector | WrittenQuery>(
	store: SeriesStore,
	cluster: string,
	selector: Selector,
): Promise<Selector> {
	if ('text' in selector) {
		return selector;
	}

	const {metric, matches} = selector;
	const labels = await store.labelNames({metric, matches: []});
	return labels.has(clusterLabel)
		? {...selector, matches: [...matches, {label: clusterLabel, operator: '=', value: cluster}]}
		: selector;
}

/** Store whose labels and intervals are looked up for one cluster. */
export function inCluster(store: SeriesStore, cluster: string): SeriesStore {
	return {
		place: store.place,
		names: async wanted => store.names(wanted),
		labelNames: async selector => store.labelNames(await ofCluster(store, cluster, selector)),
		labelSets: async selector => store.labelSets(await ofCluster(store, cluster, selector)),
		sampleInterval: async selector => store.sampleInterval(await ofCluster(store, cluster, selector)),
		newest: async query => store.newest(await ofCluster(store, cluster, query)),
		read: async queries => store.read(await Promise.all(queries.map(async query => ofCluster(store, cluster, query)))),
		notes: () => store.notes(),
	};
}

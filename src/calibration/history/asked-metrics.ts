import {knownByAlias, knownSeries} from '../../experiment/custom-metrics/known-series.ts';

type Plain = Readonly<Record<string, unknown>>;

function mapOf(value: unknown): Plain {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

function metricsOf(document: unknown): readonly Plain[] {
	const {metrics} = mapOf(mapOf(document)['spec']);
	return Array.isArray(metrics) ? metrics.map(mapOf) : [];
}

/** Container whose CPU alone an HPA goes by; undefined where it goes by that of pods. */
export function scaledContainer(document: unknown): string | undefined {
	const [only, ...more] = metricsOf(document).filter(({type}) => type === 'ContainerResource' || type === 'Resource');
	const {container} = mapOf(only?.['containerResource']);
	return more.length === 0 && typeof container === 'string' ? container : undefined;
}

/** Whether CPU is all that an HPA or a ScaledObject goes by. */
export function goesByCpuAlone(document: unknown): boolean {
	const {triggers} = mapOf(mapOf(document)['spec']);
	const kinds = [
		...metricsOf(document).map(({resource, containerResource}) => mapOf(resource ?? containerResource)['name']),
		...(Array.isArray(triggers) ? triggers.map(trigger => mapOf(trigger)['type']) : []),
	];
	return kinds.length > 0 && kinds.every(kind => kind === 'cpu');
}

/** Whether an HPA or a ScaledObject may leave no pod. */
export function mayBeAtZero(document: unknown): boolean {
	const {minReplicas, minReplicaCount, idleReplicaCount, triggers} = mapOf(mapOf(document)['spec']);
	return Array.isArray(triggers) ? (minReplicaCount ?? 0) === 0 || idleReplicaCount === 0 : minReplicas === 0;
}

/** Words in the names of gauges, and the quantity that each is taken for. */
const gauges: readonly (readonly [RegExp, string])[] = [
	[/wait|queue|pending|backlog/i, 'waiting'],
	[/in_?flight|concurren|active|running|connections/i, 'in-flight'],
];

/** Words in the names of metrics that count no requests: times, shares, rates, sizes and numbers of pods. */
const measures =
	/(?:^|[^a-z])(?:time|seconds?|secs?|ms|us|ns|latency|duration|age|percent|percentage|perc|ratio|usage|util|utili[sz]ation|rate|per|bytes|tokens?|replicas?|total)(?:[^a-z]|$)/i;

/** Quantity that a metric is taken for by the words of its name; undefined where they do not say it. */
function guessOf(name: string): string | undefined {
	if (/(?:gpu|accelerator).*(?:percent|perc|duty)/i.test(name)) {
		return 'gpu-use';
	}

	return measures.test(name) ? undefined : gauges.find(([words]) => words.test(name))?.[1];
}

/** Whether a metric is the number of replicas that another controller decides, by its name. */
export function isDecided(name: string): boolean {
	return /(?:desired|target|recommended|optimal)_?replicas/i.test(name);
}

/** Names of the Pods, Object and External metrics of an HPA. */
function namesOf(document: unknown): string[] {
	const names = metricsOf(document).flatMap(metric => {
		const of = ['pods', 'object', 'external'].map(kind => mapOf(mapOf(metric[kind])['metric'])['name']);
		return of.filter(name => typeof name === 'string');
	});
	return [...new Set(names)];
}

/** Whether a metric is known by its name, or by the one that an adapter serves it under. */
function isKnown(name: string): boolean {
	return knownSeries.has(name) || knownByAlias(name) !== undefined;
}

/** Metrics of an HPA of which neither their name nor a word in it says what they are. */
export function unknownMetrics(document: unknown): string[] {
	return namesOf(document).filter(name => !isKnown(name) && guessOf(name) === undefined);
}

/** Sources of metrics that are not known by their name, guessed from it, with a sentence on each. */
export function guessedSources(document: unknown): {
	readonly sources: Readonly<Record<string, string>>;
	readonly assumed: readonly string[];
} {
	const found = namesOf(document).flatMap(name => {
		const source = isKnown(name) ? undefined : guessOf(name);
		return source === undefined ? [] : [[name, source] as const];
	});
	return {
		sources: Object.fromEntries(found),
		assumed: found.map(
			([name, source]) =>
				`The metric ${name} is taken to show ${source === 'gpu-use' ? 'the use of the GPU in per cent' : `${source} requests`}, by its name alone (metricSources).`,
		),
	};
}

import {type Expression, type Selector, selectorsOf, withSelectors} from '../../promql/expression.ts';
import {parseQuery} from '../../promql/parse-query.ts';
import {QueryFault} from '../../promql/query-fault.ts';
import {isLabelOfService, isModelledLabel, matcherText, withPrometheusBound} from './binding-labels.ts';
import type {CustomMetrics, CustomMetricType, MetricQuery, SeriesBinding} from './custom-metrics.ts';
import {knownByAlias, knownByWriting, knownSeries, knownWithoutServer} from './known-series.ts';
import type {MetricSourcesFile} from './metric-sources-schema.ts';
import {nearNames} from './near-names.ts';
import {defaultBuckets, gatewaySources, sourceKinds} from './series-sources.ts';

type Path = readonly (string | number)[];

/** Metric that an autoscaler asks for. */
export type WantedMetric = {
	/** Key of its query in the result. */
	readonly key: string;
	readonly type: CustomMetricType;
	/** Name that the autoscaler gives it. */
	readonly name: string;
	/** PromQL expression, where the autoscaler brings its own. */
	readonly query?: string;
	/** Place of its name, or of its query, in the experiment. */
	readonly path: Path;
};

/** Fault of a binding: its place in the experiment, and what would do there. */
export type BindingFault = {readonly path: Path; readonly rule: string; readonly got?: string};

type Bound = {readonly faults: readonly BindingFault[]} & Omit<CustomMetrics, 'prometheus'>;

/**
 * Binds the metrics of an autoscaler to queries, and the series of those to sources.
 *
 * @returns faults where a metric is unknown, or a query beyond the part of PromQL that is evaluated
 */
export function bindMetrics(wanted: readonly WantedMetric[], sources: MetricSourcesFile = {}): Bound {
	const mapped: Mapped = new Map(Object.entries(sources));
	const metrics: Record<string, MetricQuery> = {};
	const series: Record<string, SeriesBinding> = {};
	const assumed = new Set<string>();
	const faults: BindingFault[] = [...gatewayFaults(mapped)];
	for (const metric of wanted) {
		try {
			const {text, path} = queryOf(metric, mapped);
			if (metric.query === undefined) {
				assumeServer(metric.name, {mapped, assumed});
			}

			const expression = readQuery(text, metric, path);
			metrics[metric.key] = {text, expression: bindSeries(expression, {path, mapped, series, assumed, text})};
		} catch (error) {
			if (!(error instanceof Unbound)) {
				throw error;
			}

			faults.push(error.fault);
		}
	}

	return {faults, metrics, series, assumed: [...assumed]};
}

type Mapped = ReadonlyMap<string, MetricSourcesFile[string]>;

/** Carries a fault out of the reading of one metric. */
class Unbound extends Error {
	readonly fault: BindingFault;

	constructor(fault: BindingFault) {
		super(fault.rule);
		this.fault = fault;
	}
}

function* gatewayFaults(mapped: Mapped): Generator<BindingFault> {
	for (const [name, given] of mapped) {
		if (typeof given === 'object' && 'source' in given && given.exporter === 'gateway') {
			if (!gatewaySources.includes(given.source)) {
				const rule = `one that a gateway knows: ${gatewaySources.join(', ')}`;
				yield {path: ['metricSources', name, 'source'], rule};
			}
		}
	}
}

/** Query of a metric: the autoscaler's, the experiment's, or prometheus-adapter's for a series of that name. */
function queryOf(metric: WantedMetric, mapped: Mapped): {readonly text: string; readonly path: Path} {
	if (metric.query !== undefined) {
		return {text: metric.query, path: metric.path};
	}

	const given = mapped.get(metric.name);
	if (typeof given === 'object' && 'query' in given) {
		return {text: given.query, path: ['metricSources', metric.name, 'query']};
	}

	const name = given === undefined ? knownByAlias(metric.name) : metric.name;
	const binding = name === undefined ? undefined : bindingOf(name, mapped);
	if (name === undefined || binding === undefined) {
		throw new Unbound({path: metric.path, rule: unknownRule(metric.name, mapped)});
	}

	return {text: adapterQuery(metric, name, binding), path: metric.path};
}

/**
 * Query of prometheus-adapter: the sum of a gauge, the rate of a counter over 5 min, or over 2 min under the name
 * `…_per_second` as in its walkthrough.
 *
 * @see prometheus-adapter v0.12 docs/sample-config.yaml, docs/walkthrough.md
 */
function adapterQuery({type, name: asked, path}: WantedMetric, name: string, {source}: SeriesBinding): string {
	const kind = sourceKinds[source];
	const selector = /^[a-z_:][\w:]*$/i.test(name) ? name : `{__name__=${JSON.stringify(name)}}`;
	if (kind === 'histogram') {
		const example = `histogram_quantile(0.95, sum by (le) (rate(${name}_bucket[5m])))`;
		throw new Unbound({
			path,
			rule: `a metric with one value; ${name} is a histogram: map it in metricSources to a query such as ${example}`,
		});
	}

	const window = asked.endsWith('_per_second') ? '2m' : '5m';
	const inner = kind === 'counter' ? `rate(${selector}[${window}])` : selector;
	return type === 'Pods' ? `sum by (pod) (${inner})` : `sum(${inner})`;
}

function unknownRule(name: string, mapped: Mapped): string {
	return `a metric that is known${perhaps(name, mapped)} or mapped in metricSources, such as metricSources: {${JSON.stringify(name)}: waiting}`;
}

function perhaps(name: string, mapped: Mapped): string {
	const near = nearNames(name, [...mapped.keys(), ...knownSeries.keys()]);
	return near.length === 0 ? '' : ` (perhaps ${near.join(', ')})`;
}

function readQuery(text: string, {type}: WantedMetric, path: Path): Expression {
	try {
		const expression = parseQuery(text);
		const grouping = expression.kind === 'aggregation' ? expression.grouping : undefined;
		const isPerPod =
			expression.kind !== 'aggregation' ||
			(grouping !== undefined && grouping.labels.includes('pod') === grouping.only);
		if (type === 'Pods' && !isPerPod) {
			throw new QueryFault(0, 'a value for each pod, such as sum by (pod) (…), for a metric of type Pods', text);
		}

		return expression;
	} catch (error) {
		throw error instanceof QueryFault ? unboundAt(path, error) : error;
	}
}

function unboundAt(path: Path, {offset, rule, got}: QueryFault): Unbound {
	return new Unbound({path, rule: `PromQL that is evaluated: at character ${offset + 1} ${rule}`, got});
}

type Binding = {
	readonly path: Path;
	readonly mapped: Mapped;
	readonly series: Record<string, SeriesBinding>;
	readonly assumed: Set<string>;
	readonly text: string;
};

/** Binds the series of a query; conditions that select the service among others are taken to hold. */
function bindSeries(expression: Expression, {path, mapped, series, assumed, text}: Binding): Expression {
	for (const {name, offset} of selectorsOf(expression)) {
		const found = seriesNamed(name, mapped);
		if (found === undefined) {
			const rule = `a metric that is known${perhaps(name, mapped)} or mapped in metricSources`;
			throw unboundAt(path, new QueryFault(offset, rule, name));
		}

		assumeServer(name, {mapped, assumed});
		series[found.name] = found.binding;
	}

	return withSelectors(expression, selector => {
		const kept = selector.matchers.filter(({label}) => isModelledLabel(label));
		for (const matcher of selector.matchers.filter(({label}) => !isModelledLabel(label))) {
			if (!isLabelOfService(matcher.label)) {
				const rule =
					'a condition on a label that the simulator knows (le), or on one that names the service (namespace, job, pod, model_name, …)';
				throw unboundAt(path, new QueryFault(matcher.offset, rule, matcherText(matcher)));
			}

			assumed.add(
				`The condition ${matcherText(matcher)} of the query ${text} is taken to select this service and nothing else.`,
			);
		}

		return {...selector, matchers: kept.map(withPrometheusBound)} satisfies Selector;
	});
}

/** Says whose metric a name without its server is taken for. */
function assumeServer(name: string, {mapped, assumed}: Pick<Binding, 'mapped' | 'assumed'>): void {
	const [known, ...others] = mapped.has(name) ? [] : knownWithoutServer(name);
	if (known !== undefined && !knownSeries.has(name)) {
		const not = others.length === 0 ? '' : `, not for ${others.join(' or ')}`;
		assumed.add(`The metric ${name} is taken for ${known}${not}; metricSources can say otherwise.`);
	}
}

/** Binding of a series: of its own name, or of the histogram that it is a part of. */
function seriesNamed(name: string, mapped: Mapped): {name: string; binding: SeriesBinding} | undefined {
	const own = bindingOf(name, mapped);
	const base = name.replace(/_(?:bucket|sum|count)$/, '');
	const whole = base === name ? undefined : bindingOf(base, mapped);
	if (whole !== undefined && sourceKinds[whole.source] === 'histogram') {
		return {name: base, binding: whole};
	}

	return own === undefined || sourceKinds[own.source] === 'histogram' ? undefined : {name, binding: own};
}

function bindingOf(name: string, mapped: Mapped): SeriesBinding | undefined {
	const given = mapped.get(name);
	if (given === undefined) {
		const known = knownSeries.get(name) ?? knownSeries.get(knownByWriting(name) ?? '');
		return known && withBuckets(known);
	}

	if (typeof given === 'string') {
		return withBuckets({source: given, exporter: 'pods'});
	}

	return 'source' in given ? withBuckets(given) : undefined;
}

function withBuckets(binding: SeriesBinding): SeriesBinding {
	return sourceKinds[binding.source] === 'histogram' && binding.buckets === undefined
		? {...binding, buckets: defaultBuckets}
		: binding;
}

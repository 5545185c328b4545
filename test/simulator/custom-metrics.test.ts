import test from 'ava';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import {bindMetrics} from '../../src/experiment/custom-metrics/bind-metrics.ts';
import type {MetricSourcesFile} from '../../src/experiment/custom-metrics/metric-sources-schema.ts';
import {wantedOf} from '../../src/experiment/custom-metrics/resolve-custom-metrics.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from './make-experiment.ts';

type Metric = HpaSpec['metrics'][number];

const external = (name: string, averageValue: number): Metric => ({
	type: 'External',
	name,
	target: {type: 'AverageValue', averageValueMilli: averageValue * 1000},
});

const pods = (name: string, averageValue: number): Metric => ({
	type: 'Pods',
	name,
	target: {type: 'AverageValue', averageValueMilli: averageValue * 1000},
});

/** An experiment with an HPA from 1 to 10 pods by the given metrics, scraped every 10 s. */
function scaledBy(metrics: readonly Metric[], sources: MetricSourcesFile, parts: ExperimentParts = {}): Experiment {
	const autoscaler: HpaSpec = {minReplicas: 1, maxReplicas: 10, metrics};
	const {faults, ...bound} = bindMetrics(wantedOf(autoscaler), sources);
	if (faults.length > 0) {
		throw new Error(JSON.stringify(faults));
	}

	const prometheus = {name: 'test', scrape: {interval: 10, discovery: 5}, lookback: 300, relist: 600};
	return makeExperiment({autoscaler, customMetrics: {prometheus, ...bound}, duration: 600, ...parts});
}

type Seen = {
	readonly at: number;
	readonly replicas: number;
	readonly value: number | undefined;
	readonly reasons: string;
};

function run(experiment: Experiment, replicas = 1): {seen: Seen[]; timeline: readonly (readonly [number, number])[]} {
	const schedule = new Schedule(experiment, 0);
	const {tables, timeline} = simulate(experiment, {
		replication: 0,
		arm: 'dynamic',
		schedule,
		replicas,
		isRecorded: true,
	});
	const {seconds, currentReplicas, proposals, reasons} = tables!.decisions;
	const seen = Array.from(seconds, (at, row) => ({
		at,
		replicas: currentReplicas[row]!,
		value: (JSON.parse(proposals[row]!) as {averageValueMilli?: number}[])[0]?.averageValueMilli,
		reasons: reasons[row]!,
	}));
	return {seen, timeline};
}

/** Two requests a second on pods that serve one in 1 s each: one waits more with every second. */
const overload = (perSecond: number): ExperimentParts => ({
	workload: {
		...openWorkload(perSecond),
		...({
			arrivals: {process: 'deterministic', cv: 0, interpolation: 'step', rate: [{at: 0, perSecond}]},
		} as Partial<Experiment['workload']>),
	} as Experiment['workload'],
	deployment: {service: {kind: 'time', time: {distribution: 'constant', value: 1}}},
});

test('the queue is seen as it was at the last scrape', t => {
	const still = scaledBy([pods('queue', 1e6)], {queue: 'waiting'}, overload(2));
	const {seen} = run(still);
	const later = seen.filter(({at}) => at > 60);
	t.true(later.length > 30);
	for (const {at, value} of later) {
		// One more waits with each second; the sample is 0 to 10 s old.
		const age = at - value! / 1000;
		t.true(age >= -1.5 && age <= 11.5, `${value} at ${at}`);
	}

	const ages = later.map(({at, value}) => at - value! / 1000);
	t.true(Math.max(...ages) - Math.min(...ages) > 5, 'both clocks have their own period');
});

test('an autoscaler by the queue adds pods', t => {
	const {timeline} = run(scaledBy([external('vllm:num_requests_waiting', 2)], {}, overload(3)));
	t.true(Math.max(...timeline.map(([, replicas]) => replicas)) > 3);
});

test('the rate of a counter is that of the requests', t => {
	const {seen} = run(
		scaledBy([external('rate', 1e6)], {rate: {query: 'sum(rate(istio_requests_total[1m]))'}}, overload(0.5)),
	);
	const last = seen.filter(({at}) => at > 120).map(({value}) => value!);
	for (const value of last) {
		t.true(Math.abs(value - 500) < 60, String(value));
	}
});

test('a quantile of a histogram lies in the bucket of the latency', t => {
	const query = 'histogram_quantile(0.5, sum by (le) (rate(mine_bucket[2m])))';
	const sources: MetricSourcesFile = {
		p50: {query},
		mine: {source: 'latency', exporter: 'pods', buckets: [0.9, 1.1, 2]},
	};
	const {seen} = run(scaledBy([external('p50', 1e6)], sources, overload(0.5)));
	const {value} = seen.at(-1)!;
	t.is(value, 1000, 'the middle of 0.9 to 1.1 s');
});

test('tokens are counted as they are written', t => {
	const sources: MetricSourcesFile = {tokens: {query: 'sum(rate(vllm:generation_tokens_total[1m]))'}};
	const {seen} = run(scaledBy([external('tokens', 1e6)], sources, overload(0.5)));
	const {value} = seen.at(-1)!;
	t.true(Math.abs(value! - 5000) < 600, `10 tokens a request: ${value}`);
});

test('what nothing exports has no value, and the controller says so', t => {
	const {seen} = run(scaledBy([pods('vllm:kv_cache_usage_perc', 0.5)], {}, overload(2)));
	t.true(seen.every(({value}) => value === undefined));
	t.regex(seen.at(-1)!.reasons, /FailedGetPodsMetric/);
});

test('a series of the pods does not exist at zero pods; a series of a gateway does', t => {
	const none = {...overload(0.5), duration: 300};
	const atZero = (name: string, sources: MetricSourcesFile) => {
		const experiment = scaledBy([external(name, 1)], sources, none);
		const {autoscaler} = experiment;
		return run({...experiment, autoscaler: {...(autoscaler as HpaSpec), minReplicas: 0}}, 0);
	};
	const byPods = atZero('queue', {queue: 'in-flight'});
	t.deepEqual(byPods.timeline, [[0, 0]]);
	t.regex(byPods.seen.at(-1)!.reasons, /FailedGetExternalMetric/);
	const byGateway = atZero('came', {came: {query: 'sum(rate(envoy_http_downstream_rq_total[1m]))'}});
	t.true(
		byGateway.timeline.some(([, replicas]) => replicas > 0),
		'requests that are refused are counted',
	);
});

test('a pod that has gone is counted until Prometheus marks its series as ended', t => {
	const sources: MetricSourcesFile = {exported: {query: 'count(vllm:num_requests_running)'}};
	const quiet = scaledBy([external('exported', 1e6)], sources, {
		deployment: {terminationGrace: 0},
		workload: openWorkload(0.001),
	});
	const behavior = {
		scaleUp: {selectPolicy: 'Max', policies: [{type: 'Pods', value: 4, periodSeconds: 15}]},
		scaleDown: {
			selectPolicy: 'Max',
			policies: [{type: 'Percent', value: 100, periodSeconds: 15}],
			stabilizationWindowSeconds: 0,
		},
	} as const;
	const prometheus = {...quiet.customMetrics!.prometheus, scrape: {interval: 30, discovery: 5}};
	const customMetrics = {...quiet.customMetrics!, prometheus};
	const {seen, timeline} = run({...quiet, customMetrics, autoscaler: {...(quiet.autoscaler as HpaSpec), behavior}}, 4);
	const gone = timeline[1]![0];
	// The next scrape comes within 30 s; the marker is written 33 s after it.
	const counted = (from: number, until: number) =>
		seen.filter(({at}) => at > gone + from && at <= gone + until).map(({value, replicas}) => value! * replicas);
	t.true(counted(0, 32).length > 1 && counted(0, 32).every(count => count === 4000));
	t.true(counted(64, 200).length > 5 && counted(64, 200).every(count => count === 1000));
});

test('a metric that appears later is served once the adapter lists it', t => {
	const experiment = scaledBy([external('queue', 1)], {queue: 'in-flight'}, overload(0.5));
	const {seen} = run({
		...experiment,
		deployment: {
			...experiment.deployment,
			startup: {kind: 'total', total: {distribution: 'constant', value: 1}},
		},
		duration: 900,
		faults: [{kind: 'pod-kill', at: 1, count: 1}],
	});
	t.true(seen.some(({value}) => value !== undefined));
});

test('an outage of the metrics API takes these metrics too', t => {
	const out = scaledBy(
		[external('vllm:num_requests_waiting', 1e6)],
		{},
		{
			...overload(0.5),
			faults: [{kind: 'metrics-outage', at: 100, duration: 100}],
		},
	);
	const {seen} = run(out);
	t.true(seen.filter(({at}) => at > 101 && at < 199).every(({value}) => value === undefined));
	t.true(seen.filter(({at}) => at > 201).every(({value}) => value !== undefined));
});

test('with ideal metrics the value is that of the moment', t => {
	const {seen} = run(scaledBy([pods('queue', 1e6)], {queue: 'waiting'}, {...overload(2), metrics: 'ideal'}));
	for (const {at, value} of seen.filter(({at}) => at > 30)) {
		t.true(Math.abs(value! / 1000 - at) <= 1.5, `${value} at ${at}`);
	}
});

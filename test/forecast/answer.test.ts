import test from 'ava';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {simulateBaseline, withBaselines} from '../../src/forecast/baselines.ts';
import {replicate} from '../../src/forecast/replicate.ts';
import {summarize} from '../../src/forecast/summarize.ts';
import {answerLines} from '../../src/report/answer-lines.ts';
import {formatLatency} from '../../src/report/text/latency.ts';
import {figuresOf} from '../../src/tune/figures.ts';
import {constraintsOf, slackOf} from '../../src/tune/goal.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from '../simulator/make-experiment.ts';

const target = (averageUtilization: number) => ({type: 'Utilization', averageUtilization}) as const;
const cpu = {type: 'Resource', name: 'cpu', target: target(70)} as const;
const eager = {type: 'ContainerResource', name: 'cpu', container: 'ollama', target: target(12)} as const;
const container = {name: 'ollama', requests: {cpu: 1, memory: 2 ** 30}, limits: {cpu: 1, memory: 2 ** 31}};

function load(rate: readonly {readonly at: number; readonly perSecond: number}[]): Experiment['workload'] {
	const open = openWorkload(0) as Extract<Experiment['workload'], {loop: 'open'}>;
	return {...open, arrivals: {process: 'poisson', cv: 1, interpolation: 'step', rate}, timeout: 60};
}

const burst = load([
	{at: 0, perSecond: 2},
	{at: 300, perSecond: 0.1},
]);

/** Load that rises slowly enough for an autoscaler. */
const gentle = load([
	{at: 0, perSecond: 0.4},
	{at: 300, perSecond: 1},
	{at: 700, perSecond: 1.6},
	{at: 1100, perSecond: 0.2},
]);

async function answerOf(spec: Partial<HpaSpec> | 'none', parts: ExperimentParts = {}) {
	const experiment = makeExperiment({
		duration: 1800,
		workload: burst,
		autoscaler: spec === 'none' ? 'none' : {minReplicas: 1, maxReplicas: 6, metrics: [cpu], ...spec},
		...parts,
	});
	const results = [0, 1, 2].map(replication => replicate(experiment, replication, {record: false}));
	const compared = await withBaselines(experiment, results, async (replication, baseline) =>
		simulateBaseline(experiment, replication, baseline),
	);
	const summary = summarize(experiment, compared);
	return {experiment, results, summary, answer: summary.answer, lines: answerLines(summary, ['mine.yaml'])};
}

/** The line of the cause: whether runs were predicted is said before it. */
function causeIn(lines: readonly string[]): string {
	return lines.find(line => line.startsWith('Cause')) ?? '';
}

test('one pod meets the objective, two pods meet it', async t => {
	const light = load([{at: 0, perSecond: 0.05}]);
	const {lines} = await answerOf({minReplicas: 2}, {slo: {p95: 40}, fixed: {replicas: 6}, workload: light});
	t.regex(lines[0]!, / above 1 pod, which also meets it/);
});

test('a kept objective is answered with the cost, beside the fixed number and the fewest pods that keep it', async t => {
	const {answer, lines, summary} = await answerOf({}, {slo: {p95: 40}, fixed: {replicas: 6}, workload: gentle});
	t.is(answer.objective, 'kept');
	t.is(answer.costPerHour, summary.dynamic.costPerHour.mean);
	t.is(answer.fixed!.replicas, 6);
	t.true(answer.fixed!.relativeCost! < 0);
	t.true(answer.fewest!.replicas < 6 && answer.fewest!.keepsObjective);
	t.regex(lines[0]!, /^SLO met · \$[\d.]+\/h · \d+ % below 6 pods · /);
	t.regex(lines.at(-1)!, /^Next: .*replicast (?:tune|explore) mine\.yaml$/);
});

test('a metric that alone keeps the pods is found by simulating without it', async t => {
	const {answer, lines} = await answerOf({metrics: [cpu, eager]}, {slo: {p95: 40}, workload: gentle});
	t.is(answer.cause?.kind, 'metric-keeps-pods');
	const {costPerHour, costPerHourWith} = answer.cause!.without!;
	t.true(costPerHour! < costPerHourWith!);
	t.regex(
		causeIn(lines),
		/^Cause of the extra cost: cpu of container ollama alone keeps pods .* \(\d+ % of the reconciles\); without it the cost is \$/,
	);
});

test('a maximum that is too low is the cause, and twice as many meet the objective', async t => {
	const {answer, lines} = await answerOf({maxReplicas: 2}, {slo: {p95: 20}, workload: load([{at: 0, perSecond: 2.5}])});
	t.is(answer.objective, 'missed');
	t.is(answer.cause?.kind, 'maximum');
	t.is(answer.fewest, null);
	t.is(answer.searchedUpTo, 2);
	t.regex(lines[0]!, /^SLO missed: p95 ≥ 60 s \(timeout\), bound 20 s · \d+ % of requests timed out after 1 min · /);
	t.regex(lines[0]!, /no fixed number up to 2 pods meets it$/);
	t.regex(causeIn(lines), /^Cause of the miss: maxReplicas is too low; with twice as many /);
});

test('an autoscaler without a valid metric is the cause, and nothing is simulated for it', async t => {
	const envoy = {name: 'envoy', requests: {}, limits: {}};
	const {answer, lines} = await answerOf({}, {slo: {p95: 5}, deployment: {containers: [envoy, container]}});
	t.like(answer.cause, {kind: 'no-metric', share: 1, without: null});
	t.regex(causeIn(lines), /^Cause of the miss: in 100 % of the reconciles the autoscaler had no valid metric/);
	t.regex(
		lines.find(line => line.startsWith('Next')) ?? '',
		/^Next: mend the metric that the warning names, then replicast run mine\.yaml$/,
	);
});

test('start-up that takes longer than the burst is the cause', async t => {
	const {answer} = await answerOf(
		{},
		{
			slo: {p95: 45},
			deployment: {startup: {kind: 'total', total: {distribution: 'constant', value: 280}}},
		},
	);
	t.is(answer.objective, 'missed');
	t.is(answer.cause?.kind, 'start-up');
});

test('faults without which the objective is met are the cause', async t => {
	const kills = [800, 900, 1000].map(at => ({kind: 'pod-kill', at, count: 6}) as const);
	const {answer, lines} = await answerOf(
		{minReplicas: 2},
		{slo: {availability: 0.997}, workload: gentle, faults: kills},
	);
	t.is(answer.objective, 'missed');
	t.is(answer.cause?.kind, 'faults');
	t.regex(causeIn(lines), /^Cause of the miss: the faults of the experiment; without them the SLO is met, for \$/);
});

test('without an objective the first line says how many were answered, and asks for one', async t => {
	const {answer, lines} = await answerOf({});
	t.is(answer.objective, 'none');
	t.is(answer.fewest, null);
	t.regex(lines[0]!, /^No objective set: [\d.]+ % of requests answered, p95 [\d.]+ m?s · /);
	t.regex(lines.at(-1)!, /--set slo\.p95=10s --set slo\.availability=0\.99$/);
});

test('a percentile that the timeout cuts off is shown as such and keeps no bound, however high', async t => {
	const {summary, answer, experiment, results} = await answerOf('none', {
		slo: {p95: 90},
		workload: load([{at: 0, perSecond: 2}]),
	});
	t.true(summary.dynamic.timeout.cutsOff.includes('p95'));
	t.is(summary.dynamic.timeout.seconds, 60);
	t.is(formatLatency(summary.dynamic, 'p95'), '≥ 60 s (timeout)');
	t.like(answer.checks[0], {figure: 'p95', isKept: false, isCutOff: true});
	const figures = figuresOf(experiment, results[0]!.dynamic);
	t.true(slackOf(constraintsOf({p95: 90})[0]!, figures) < 0);
});

test('tune is what comes next of a miss, and a pod that stays only where zero pods are its cause', async t => {
	const {summary, answer} = await answerOf({}, {slo: {p95: 5}});
	t.is(answer.objective, 'missed');
	const nextOf = (kind: 'zero-pods' | 'maximum') => {
		const given = {...summary, answer: {...answer, cause: {kind, metric: null, share: null, without: null}}};
		return answerLines(given, ['mine.yaml']).find(line => line.startsWith('Next'));
	};

	t.is(nextOf('maximum'), 'Next: search for better settings: replicast tune mine.yaml');
	t.is(
		nextOf('zero-pods'),
		'Next: see what a pod that stays changes: replicast run mine.yaml --set autoscaler.spec.minReplicaCount=1',
	);
});

import test from 'ava';
import {Schedule} from '../../../src/experiment/schedule.ts';
import {simulate} from '../../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload, pipeline} from '../make-experiment.ts';

const one = {
	minReplicas: 1,
	maxReplicas: 1,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}],
} as const;

const metrics = {...pipeline, housekeeping: {period: 10, idlePeriod: 10, jitter: 0}, scrape: {period: 60, jitter: 0}};

function samplesOf(hasKubeletRate: boolean) {
	const experiment = makeExperiment({
		workload: openWorkload(0.7),
		autoscaler: one,
		metrics: {...metrics, ...(hasKubeletRate && {hasKubeletRate: true as const})},
		duration: 600,
		deployment: {service: {kind: 'time', time: {distribution: 'constant', value: 1}}},
	});
	const schedule = new Schedule(experiment, 0);
	const {tables} = simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true});
	return tables!.samples;
}

test('metrics-server 0.3 passes on the rate between the kubelet’s last two readings, later ones that of two scrapes', t => {
	const [kubelet, scrapes] = [samplesOf(true), samplesOf(false)];
	const spans = (samples: typeof kubelet) => [...samples.windowSeconds].slice(2).map(span => Math.round(span));
	t.true(spans(kubelet).length > 3 && spans(kubelet).every(span => span === 10), spans(kubelet).join(' '));
	t.true(
		spans(scrapes).every(span => span === 60),
		spans(scrapes).join(' '),
	);
	const spread = ({cpuCores}: typeof kubelet) => Math.max(...cpuCores.slice(2)) - Math.min(...cpuCores.slice(2));
	t.true(spread(kubelet) > spread(scrapes));
});

test('the first look at the autoscaler is at syncPhase', t => {
	const at = (controller: {syncPhase?: number}) => {
		const experiment = makeExperiment({workload: openWorkload(0.1), autoscaler: one, metrics, duration: 120});
		const given = {...experiment, controller};
		const schedule = new Schedule(given, 0);
		const {tables} = simulate(given, {replication: 0, arm: 'dynamic', schedule, isRecorded: true});
		return tables!.decisions.seconds[0]!;
	};
	t.is(at({syncPhase: 7}), 7);
	t.not(at({}), 7);
});

import test from 'ava';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import {compareRuns} from '../../src/comparison/compare.ts';
import type {Recorded} from '../../src/comparison/controller-check.ts';
import {areEmulated, judgedBy, leftOpen} from '../../src/comparison/emulated.ts';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {emulatedEvidence} from '../../src/comparison/validation/emulated-evidence.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {headOfRun} from '../../src/records/record-hash.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload} from '../simulator/make-experiment.ts';
import {makeNodes} from '../simulator/nodes/make-nodes.ts';

const atOnce: NonNullable<HpaSpec['behavior']>['scaleUp'] = {
	stabilizationWindowSeconds: 0,
	selectPolicy: 'Max',
	policies: [{type: 'Percent', value: 100, periodSeconds: 15}],
};
const autoscaler: HpaSpec = {
	minReplicas: 1,
	maxReplicas: 5,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}],
	behavior: {scaleUp: atOnce, scaleDown: atOnce},
};
const experiment = makeExperiment({
	...{autoscaler, duration: 300, workload: openWorkload(2)},
	accept: {podHours: {fraction: 0.05}, p95: {fraction: 0.2}, scaleLag: {absolute: 15}},
});

function recordedBy(engine: 'simulated' | 'measured' | 'emulated'): Recorded {
	const {tables} = simulate(experiment, {
		...{replication: 0, arm: 'dynamic', isRecorded: true},
		schedule: new Schedule(experiment, 0),
	} as const);
	const head = headOfRun(experiment, {engine, arm: 'dynamic', replication: 0, scheduleHash: ''});
	return {name: engine, recording: {head, tables: tables!}};
}

test('emulated records judge what a control plane makes, measured ones everything', t => {
	t.true(areEmulated([recordedBy('emulated')]));
	t.deepEqual(Object.keys(judgedBy(experiment, [recordedBy('emulated')]).accept), ['podHours', 'scaleLag']);
	t.is(judgedBy(experiment, [recordedBy('measured')]), experiment);
	t.deepEqual(leftOpen(experiment), ['p95']);
});

test('the evidence of an emulated replay counts the decisions that are found again', t => {
	const recorded = recordedBy('simulated');
	const evidence = emulatedEvidence(recorded, experiment);
	t.true(evidence.decisions > 15);
	t.is(evidence.matches, evidence.decisions);
	t.true(evidence.largest > 1);
	const {decisions} = recorded.recording.tables;
	const desiredReplicas = Int32Array.from(decisions.desiredReplicas, (replicas, row) =>
		row === 3 ? replicas + 1 : replicas,
	);
	const tables = {...recorded.recording.tables, decisions: {...decisions, desiredReplicas}};
	const wrong = emulatedEvidence({...recorded, recording: {...recorded.recording, tables}}, experiment);
	t.true(wrong.matches < evidence.matches);
});

test('the node autoscaler is judged by itself: with the recorded replicas the nodes are the recorded ones', t => {
	const nodeAutoscaler = makeNodes({
		types: [{name: 'small', cpu: 1.5, memory: 4 * 2 ** 30}],
		delays: {request: 1, boot: 20, join: 10},
	});
	const elastic = makeExperiment({
		...{autoscaler, duration: 300, workload: openWorkload(2), nodeAutoscaler},
		deployment: {startup: {kind: 'total', total: {distribution: 'constant', value: 5}}},
		accept: {nodesMean: {fraction: 0.02}},
	});
	const schedule = new MeasuredSchedule(elastic);
	const recording = {...schedule.simulate(7, {clocks: {disruption: 3}})};
	recording.head = {...recording.head, engine: 'emulated'};
	const run = (records: Recorded[]) => {
		const runs = compareRuns({experiment: elastic, replications: 2, measured: records});
		for (;;) {
			const next = runs.next();
			if (next.done === true) {
				return next.value.nodesAlone;
			}
		}
	};
	const alone = run([{name: 'a', recording}])!;
	t.true(alone.nodesMean.measured!.mean > 1);
	t.true(Math.abs(alone.nodesMean.relativeError!) < 0.02, JSON.stringify(alone.nodesMean));
	t.is(alone.nodesMean.verdict === 'outside', false);
	const {nodes: _, ...without} = recording;
	t.is(run([{name: 'a', recording: without}]), null, 'missing stays missing');
});

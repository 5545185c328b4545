import test from 'ava';
import type {Decision} from '../../src/autoscaler/reconcile.ts';
import {longestTables} from '../../src/records/table-limits.ts';
import {RequestLog} from '../../src/simulator/request-log.ts';
import {RequestPool} from '../../src/simulator/request-pool.ts';
import {RunRecorder} from '../../src/simulator/run-recorder.ts';
import {makeExperiment} from './make-experiment.ts';

test('a log of requests keeps the longest table there may be, and nothing of one more', t => {
	const log = new RequestLog(['default'], ['llm-1-0']);
	const pool = new RequestPool();
	const request = pool.take();
	for (let row = 0; row < longestTables.requests; row++) {
		log.add(pool, request, 1, 'completed');
	}

	t.false(log.isTooLong);
	t.is(log.table().scheduledSeconds.length, longestTables.requests);
	log.add(pool, request, 1, 'completed');
	log.add(pool, request, 1, 'completed');
	t.true(log.isTooLong);
	const table = log.table();
	t.true(Object.values(table).every(column => column.length === 0));
});

test('a recorder forgets decisions and samples that are too many, and says which', t => {
	const recorder = new RunRecorder({experiment: makeExperiment(), isKept: true, now: () => 0, replicas: 1});
	const decision: Decision = {desiredReplicas: 1, metrics: [], stabilized: false, limited: false, reasons: []};
	for (let row = 0; row < longestTables.decisions; row++) {
		recorder.decision(row, 1, decision);
	}

	t.is(recorder.tables().decisions.proposals.length, longestTables.decisions);
	t.deepEqual(recorder.omitted, []);
	recorder.decision(longestTables.decisions, 1, decision);
	t.deepEqual(recorder.omitted, ['decisions']);
	t.true(Object.values(recorder.tables().decisions).every(column => column.length === 0));

	const point = {nanocores: 1, memory: 1, sampledSeconds: 1, windowSeconds: 1};
	for (let row = 0; row <= longestTables.samples; row++) {
		recorder.sample('llm-1-0', 0, point);
	}

	t.deepEqual(recorder.omitted, ['decisions', 'samples']);
	t.true(Object.values(recorder.tables().samples).every(column => column.length === 0));
});

import test from 'ava';
import fc from 'fast-check';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {replayDecisions} from '../../src/comparison/replay-decisions.ts';
import {randomExperiment} from './random-experiment.ts';

test('the samples and pods of a record lead the autoscaler to the decisions of the record, each one', t => {
	let decisions = 0;
	let changes = 0;
	fc.assert(
		fc.property(randomExperiment, experiment => {
			if (experiment.autoscaler === 'none') {
				return;
			}

			const recording = new MeasuredSchedule(experiment).simulate(0);
			const {decisions: table} = recording.tables;
			for (const {row, replayed} of replayDecisions(recording, experiment).decisions) {
				const {desiredReplicas, metrics} = replayed;
				decisions++;
				changes += desiredReplicas === table.currentReplicas[row] ? 0 : 1;
				same(desiredReplicas, table.desiredReplicas[row]!, `replicas at ${table.seconds[row]}`);
				same(JSON.stringify(metrics), table.proposals[row]!, `metrics at ${table.seconds[row]}`);
			}
		}),
		{numRuns: 300, seed: 7, includeErrorInReport: true},
	);
	t.log(`${decisions} decisions, ${changes} of them changes`);
	t.true(changes > 100);
});

function same<T>(actual: T, expected: T, what: string): void {
	if (actual !== expected) {
		throw new Error(`${what}: ${actual} instead of ${expected}`);
	}
}

import test from 'ava';
import type {Experiment, RenewalArrivals} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload} from './make-experiment.ts';

/** Arrival, pod and time in service of a tenant's requests. */
function servedOf(workload: Experiment['workload'], tenant: string) {
	const experiment = makeExperiment({duration: 200, workload, deployment: {replicas: 50}});
	const schedule = new Schedule(experiment, 0);
	const {tables} = simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true});
	const {scheduledSeconds, startedSeconds, endedSeconds, pod, tenant: tenants} = tables!.requests;
	return tenants.flatMap((name, row) =>
		name === tenant && endedSeconds[row]! < 190
			? [[scheduledSeconds[row]!, pod[row]!, (endedSeconds[row]! - startedSeconds[row]!).toFixed(9)]]
			: [],
	);
}

test("a flood by one tenant leaves the others' pods and times in service as they were", t => {
	const own: RenewalArrivals = {process: 'poisson', cv: 1, interpolation: 'step', rate: [{at: 0, perSecond: 0.3}]};
	const [a, b] = ['a', 'b'].map(name => ({name, share: 1, conversations: 1}));
	const quiet = {...openWorkload(0.3), tenants: [a!, b!]} as Experiment['workload'];
	const noisy = {...quiet, tenants: [a!, {...b!, arrivals: own}]} as Experiment['workload'];
	t.true(servedOf(quiet, 'a').length > 15);
	t.deepEqual(servedOf(noisy, 'a'), servedOf(quiet, 'a'));
	t.true(servedOf(noisy, 'b').length > servedOf(quiet, 'b').length);
});

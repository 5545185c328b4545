import test from 'ava';
import {levelAt, usualRule} from '../../src/comparison/campaign/sequential-rule.ts';
import {unknownSpeed} from '../../src/comparison/machines/speed.ts';
import {measuredPods} from '../../src/comparison/measured-schedule.ts';
import {type PowerPlan, planPower, powerRunCount} from '../../src/comparison/power/power-plan.ts';
import {repeatsForVerdict} from '../../src/comparison/power/repeats-for-verdict.ts';
import {HeldRuns, spreadCauses} from '../../src/comparison/power/spread-causes.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {powerAnswer} from '../../src/report/power-report.ts';
import {standIns, steps} from './stand-ins.ts';

function planned(experiment: Experiment): PowerPlan {
	const planning = planPower({experiment, runs: 12});
	for (let runs = 0; ; runs++) {
		const step = planning.next();
		if (step.done === true) {
			return step.value;
		}

		if (runs > powerRunCount({experiment, runs: 12})) {
			throw new Error('more runs than it says');
		}
	}
}

test('a verdict takes as many repeats as two one-sided tests of known spread do', t => {
	// Both quantiles near their normal values: n = ((1.645 + 1.282) × 2 / 3)² = 3.8.
	t.is(repeatsForVerdict({deviation: 2, tolerance: 3, bias: 0, most: 20}), 4);
	t.is(repeatsForVerdict({deviation: 2, tolerance: 1, bias: 0, most: 20}), undefined);
	t.is(repeatsForVerdict({deviation: 0.1, tolerance: 1, bias: 1, most: 20}), undefined);
	t.is(repeatsForVerdict({deviation: 0, tolerance: 1, bias: 0, most: 20}), 2);
	const levelOf = (repeats: number) => levelAt(repeats, usualRule);
	t.is(repeatsForVerdict({deviation: 2, tolerance: 3, bias: 0, most: 8, levelOf}), 8); // a look has a part of the level
});

test('a tighter tolerance takes more repeats, and one that nothing decides is not promised', t => {
	const accept = (fraction: number) => ({podHours: {fraction}});
	const [loose] = planned(steps({accept: accept(0.2)})).figures;
	const none = planned(steps({accept: accept(0.0005)}));
	t.is(loose!.repeats, 2);
	t.is(none.figures[0]!.repeats, undefined);
	t.is(none.repeats, undefined);
	t.regex(powerAnswer(none)[0]!, /^Not every judged figure can be decided: pod-hours .* nothing is promised/);
	t.true(loose!.causes.some(({alone}) => alone > 0));
	t.true(loose!.causes.every(({cause}) => cause !== 'machine')); // the model does not say how it varies
});

test('what probes leave unknown of the speed counts for the repeats', t => {
	const {deployment, ...rest} = steps({accept: {p95: {fraction: 0.2}}});
	const {service} = deployment;
	const varying = (betweenRuns: number): Experiment => ({
		...rest,
		deployment: {
			...deployment,
			service: service.kind === 'work' ? {...service, variation: {betweenRuns}} : service,
		},
	});
	const held = new HeldRuns(varying(0.2));
	const endsOf = (replication: number, isProbed: boolean) =>
		held.simulate(replication, {causes: spreadCauses, isProbed}).tables.requests.endedSeconds;
	t.deepEqual(endsOf(1, false), endsOf(2, false));
	t.notDeepEqual(endsOf(1, true), endsOf(2, true));
	// Of a spread of 0.2, beside a noise of 0.05 in the probes of the run and of the calibration, 0.72 is unknown.
	t.true(Math.abs(unknownSpeed(varying(0.2)) - Math.sqrt(1 - 0.04 / (0.04 + 0.0025 + 0.04 + 0.0025))) < 1e-12);
	t.true(unknownSpeed(varying(0.01)) > 0.95); // all that little which there is
	t.true(planned(varying(0.2)).figures.every(({left}) => left > 0));
});

test('with every cause held all runs are one', t => {
	const held = new HeldRuns(steps());
	const [first, second] = [1, 2].map(replication => held.simulate(replication, {causes: spreadCauses}).tables.requests);
	t.deepEqual(first!.endedSeconds, second!.endedSeconds);
	t.notDeepEqual(held.simulate(2, {causes: []}).tables.requests.endedSeconds, first!.endedSeconds);
});

test('a record’s times, pods and clocks lead to its own latencies again', t => {
	const experiment = steps();
	const [{recording}] = standIns(experiment, 1) as [ReturnType<typeof standIns>[number]];
	const again = new HeldRuns(experiment).simulate(7, {causes: spreadCauses, record: recording}).tables.requests;
	const podOf = measuredPods(recording);
	const own = recording.tables.requests;
	const first = own.pod.findIndex(pod => pod !== '');
	t.is(podOf(first), [...new Set(recording.tables.pods.pod)].indexOf(own.pod[first]!));
	const same = [...own.endedSeconds.keys()].filter(
		row => Math.abs(again.endedSeconds[row]! - own.endedSeconds[row]!) < 1,
	);
	t.true(same.length > 0.5 * own.pod.length, `${same.length} of ${own.pod.length}`);
});

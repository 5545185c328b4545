import test from 'ava';
import {clocksOf, MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {steps} from './stand-ins.ts';

const experiment = steps();
const schedule = new MeasuredSchedule(experiment);

test('a run whose clocks are given has them, and its record shows them', t => {
	for (const clocks of [
		{scrape: 0.2, sync: 14.6},
		{scrape: 14.9, sync: 0.1},
		{scrape: 7.5, sync: 7.5},
	]) {
		const read = clocksOf(schedule.simulate(3, {clocks}), experiment);
		t.true(Math.abs(read.scrape! - clocks.scrape) < 1e-6, `${read.scrape}`);
		t.is(read.sync, clocks.sync);
	}
});

test('a run played again with the clocks that its record shows is the same run', t => {
	const run = schedule.simulate(5);
	const again = schedule.simulate(5, {clocks: clocksOf(run, experiment)});
	t.deepEqual(again.tables.decisions.desiredReplicas, run.tables.decisions.desiredReplicas);
	t.deepEqual(again.tables.requests.pod, run.tables.requests.pod);
});

test('points that are seen late, and around the end of the period, leave the phase where it is', t => {
	const run = schedule.simulate(2, {clocks: {scrape: 0.05, sync: 4}});
	const {seconds} = run.tables.samples;
	for (const row of seconds.keys()) {
		seconds[row]! += row % 5 === 0 ? 1.1 : row % 2 === 0 ? 0.06 : -0.06;
	}

	const {scrape} = clocksOf(run, experiment);
	t.true(Math.min(scrape!, 15 - scrape!) < 0.15, `${scrape}`);
});

test('a record without samples or reconciles shows no clocks', t => {
	const run = schedule.simulate(2, {arm: 'fixed'});
	t.is(clocksOf(run, experiment).sync, undefined);
	const none = {...run.tables.samples, seconds: new Float64Array()};
	t.is(clocksOf({...run, tables: {...run.tables, samples: none}}, experiment).scrape, undefined);
});

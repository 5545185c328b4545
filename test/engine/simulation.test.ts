import test from 'ava';
import {Simulation} from '../../src/engine/simulation.ts';

test('of one instant the lower priority number fires first, then what was scheduled first', t => {
	const simulation = new Simulation();
	const fired: string[] = [];
	const late = simulation.declare(2, subject => fired.push(`late ${subject}`));
	const early = simulation.declare(1, subject => fired.push(`early ${subject}`));
	simulation.schedule(5, late, 1);
	simulation.schedule(5, early, 1);
	simulation.schedule(5, early, 2);
	simulation.run(6);
	t.deepEqual(fired, ['early 1', 'early 2', 'late 1']);
});

test('an event at the end of a run does not fire in it, but in the next', t => {
	const simulation = new Simulation();
	let count = 0;
	const kind = simulation.declare(0, () => {
		count++;
	});
	simulation.schedule(10, kind);
	simulation.run(10);
	t.is(count, 0);
	t.is(simulation.now, 10);
	simulation.run(10.5);
	t.is(count, 1);
	t.is(simulation.eventCount, 1);
});

test('an event never fires in the past', t => {
	const simulation = new Simulation(3);
	const kind = simulation.declare(0, () => undefined);
	t.throws(() => simulation.schedule(2, kind), {instanceOf: RangeError, message: /at least 3, got 2/});
	t.throws(() => simulation.schedule(Number.NaN, kind), {instanceOf: RangeError, message: /got NaN/});
});

test('an event at Infinity never fires', t => {
	const simulation = new Simulation();
	const kind = simulation.declare(0, () => t.fail());
	simulation.schedule(Number.POSITIVE_INFINITY, kind);
	simulation.run(Number.POSITIVE_INFINITY);
	t.is(simulation.eventCount, 0);
});

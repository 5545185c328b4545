import test from 'ava';
import {RandomStream} from '../../src/engine/random-stream.ts';
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

test('an event beside the queue fires where it would have fired in it', t => {
	/** A stream of events on a coarse grid of times, among others of higher, lower and equal priority that it schedules. */
	const firedOf = (isBeside: boolean) => {
		const simulation = new Simulation();
		const random = new RandomStream({seed: 7, replication: 0, purpose: 'test'});
		const fired: string[] = [];
		const grid = () => Math.floor(random.uniform() * 3);
		const others = [0, 1, 2].map(priority =>
			simulation.declare(priority, subject => fired.push(`${simulation.now}: ${priority} ${subject}`)),
		);
		let count = 0;
		const arrival = simulation.declare(1, () => {
			fired.push(`${simulation.now}: arrival`);
			for (const kind of others) {
				simulation.schedule(simulation.now + grid(), kind, count++);
			}

			plan();
			simulation.schedule(simulation.now + grid(), others[1]!, count++);
		});
		const plan = () => {
			const at = count < 900 ? simulation.now + grid() : Number.POSITIVE_INFINITY;
			return isBeside ? simulation.scheduleBeside(at, arrival) : simulation.schedule(at, arrival);
		};
		plan();
		simulation.run(20);
		simulation.run(1000);
		return {fired, events: simulation.eventCount, now: simulation.now};
	};

	const beside = firedOf(true);
	t.true(beside.fired.length > 900);
	t.deepEqual(beside, firedOf(false));
});

test('one event at most waits beside the queue, and none in the past', t => {
	const simulation = new Simulation(3);
	const kind = simulation.declare(0, () => undefined);
	t.throws(() => simulation.scheduleBeside(2, kind), {instanceOf: RangeError});
	simulation.scheduleBeside(4, kind);
	t.throws(() => simulation.scheduleBeside(5, kind), {instanceOf: RangeError});
});

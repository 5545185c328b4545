import test from 'ava';
import fc from 'fast-check';
import {EventQueue} from '../../src/engine/event-queue.ts';

test('events leave in the order of time, priority, insertion', t => {
	const event = fc.record({time: fc.integer({min: 0, max: 20}), priority: fc.integer({min: 0, max: 15})});
	fc.assert(
		fc.property(fc.array(event, {maxLength: 300}), events => {
			const queue = new EventQueue();
			for (const [sequence, {time, priority}] of events.entries()) {
				queue.push(time, priority, 1, sequence, -sequence);
			}

			const sorted = events
				.map((parts, sequence) => ({...parts, sequence}))
				.sort((a, b) => a.time - b.time || a.priority - b.priority || a.sequence - b.sequence);
			for (const {time, sequence} of sorted) {
				if (queue.nextTime() !== time) {
					return false;
				}

				queue.pop();
				if (queue.time !== time || queue.subject !== sequence || queue.stamp !== -sequence || queue.kind !== 1) {
					return false;
				}
			}

			return queue.size === 0 && queue.nextTime() === Number.POSITIVE_INFINITY;
		}),
		{seed: 1},
	);
	t.pass();
});

test('pushing and popping in turns keeps the order', t => {
	fc.assert(
		fc.property(fc.array(fc.option(fc.double({min: 0, max: 1, noNaN: true})), {maxLength: 500}), steps => {
			const queue = new EventQueue();
			const model: number[] = [];
			for (const step of steps) {
				if (step !== null) {
					queue.push(step, 0, 0, 0, 0);
					model.push(step);
				} else if (model.length > 0) {
					queue.pop();
					const least = Math.min(...model);
					model.splice(model.indexOf(least), 1);
					if (queue.time !== least) {
						return false;
					}
				}
			}

			return queue.size === model.length;
		}),
		{seed: 2},
	);
	t.pass();
});

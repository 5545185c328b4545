import test from 'ava';
import {endPool, startPool} from '../../../src/library/pool/start-pool.ts';

test('an answer that comes while a pool ends is no fault, and any other fault is one', async t => {
	const late = new Error('Unexpected message from Worker: {taskId: 17}');
	const pool = startPool('compare-worker', {run: 'compareTask', threads: 1});
	t.throws(() => pool.emit('error', late), {is: late});
	const ended = endPool(pool);
	t.notThrows(() => pool.emit('error', late));
	const other = new Error('other');
	t.throws(() => pool.emit('error', other), {is: other});
	await ended;
});

import test from 'ava';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import {BlockPool} from '../../../src/simulator/batching/block-pool.ts';

test('free blocks are taken in the order in which they were freed, and hold what they held until then', t => {
	const pool = new BlockPool(3);
	const blocks = [pool.take(), pool.take(), pool.take()];
	pool.publish(blocks[1]!, 42);
	for (const block of [blocks[2]!, blocks[1]!, blocks[0]!]) {
		pool.release(block);
	}

	t.is(pool.take(), blocks[2]!);
	t.is(pool.find(42), blocks[1]!);
	pool.share(blocks[1]!);
	t.is(pool.take(), blocks[0]!, 'a block that is shared is not free');
	t.is(pool.freeCount, 0);
	pool.release(blocks[1]!);
	t.is(pool.take(), blocks[1]!);
	t.is(pool.find(42), -1);
});

test('contents are found as a map would find them', t => {
	const random = new RandomStream({seed: 1, replication: 0, purpose: 'pool'});
	const pool = new BlockPool(50);
	const held = new Map<number, number>();
	const used: number[] = [];
	for (let turn = 0; turn < 20_000; turn++) {
		if (used.length < 50 && random.uniform() < 0.55) {
			const block = pool.take();
			for (const [key, other] of held) {
				if (other === block) {
					held.delete(key);
				}
			}

			used.push(block);
			const key = Math.floor(random.uniform() * 40) * 2 ** 20 + Math.floor(random.uniform() * 30) * 2 ** 33;
			if (!held.has(key)) {
				held.set(key, block);
			}

			pool.publish(block, key);
		} else if (used.length > 0) {
			pool.release(used.splice(Math.floor(random.uniform() * used.length), 1)[0]!);
		}

		if (turn % 50 === 0) {
			for (let high = 0; high < 30; high++) {
				for (let low = 0; low < 40; low++) {
					const key = low * 2 ** 20 + high * 2 ** 33;
					t.is(pool.find(key), held.get(key) ?? -1);
				}
			}
		}
	}
});

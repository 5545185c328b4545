import test from 'ava';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import {BlockPool, plain} from '../../../src/simulator/batching/block-pool.ts';
import {KnownBlocks, rowLength} from '../../../src/simulator/batching/known-blocks.ts';
import {KvCache} from '../../../src/simulator/batching/kv-cache.ts';
import {type Held, ReferenceCache} from './reference-cache.ts';
import {settings} from './run-engine.ts';

test('free blocks are taken in the order in which they were freed, and hold what they held until then', t => {
	const pool = new BlockPool(3);
	const isKnown = (index: number) => {
		const row = pool.known.find(1, index);
		return row >= 0 && pool.known.blocks[row + index] !== plain;
	};
	pool.take(3);
	const [zero, one] = [pool.publish(1, 0), pool.publish(1, 1)];
	t.is(pool.publish(1, 1), plain, 'another block has it');
	pool.release(one);
	pool.releasePlain(1);
	pool.release(zero);
	t.is(pool.freeCount, 3);
	pool.share(zero);
	pool.take(1);
	t.false(isKnown(1), 'the first to be freed is the first to be taken');
	t.true(isKnown(0));
	pool.take(1);
	t.true(isKnown(0), 'a block that is shared is not free');
	t.is(pool.freeCount, 0);
	pool.release(zero);
	pool.take(1);
	t.false(isKnown(0));
});

test('blocks are found by their contents as a map would find them', t => {
	const random = new RandomStream({seed: 1, replication: 0, purpose: 'known blocks'});
	const known = new KnownBlocks();
	const cells = new Map<string, number>();
	const streams = Array.from({length: 60}, (_, stream) => (stream % 3 === 0 ? 2 ** 31 + stream : stream));
	for (let turn = 0; turn < 20_000; turn++) {
		const stream = streams[Math.floor(random.uniform() * streams.length)]!;
		const index = Math.floor(random.uniform() * 100);
		const held = cells.get(`${stream} ${index}`);
		const row = known.find(stream, index);
		t.is(row < 0 ? plain : known.blocks[row + (index % rowLength)]!, held === undefined ? plain : held + 1);
		if (held !== undefined && random.uniform() < 0.6) {
			known.forget(held);
			cells.delete(`${stream} ${index}`);
		} else if (held === undefined && random.uniform() < (turn % 5000 < 2500 ? 0.9 : 0.2)) {
			const cell = known.cellFor(stream, index);
			known.write(cell, cell + 1);
			cells.set(`${stream} ${index}`, cell);
		}
	}
});

test('a prefix cache that counts blocks finds, evicts and refuses what one of single blocks does', t => {
	let evictions = 0;
	for (let round = 0; round < 60; round++) {
		const random = new RandomStream({seed: 3, replication: round, purpose: 'cache'});
		const whole = (most: number) => Math.floor(random.uniform() * most);
		const options = {
			...settings,
			kvBlocks: 20 + whole(60),
			blockTokens: [16, 5, 1, 7][round % 4]!,
			prefixCaching: round % 9 !== 8,
		};
		const [cache, reference] = [new KvCache(options), new ReferenceCache(options)];
		const running: {number: number; held: Held; tokens: number}[] = [];
		const preempted: typeof running = [];
		const spare = Array.from({length: 70}, (_, number) => number);
		const admit = ({number, held, tokens}: (typeof running)[number], isBack: boolean) => {
			const found = reference.hits(held, tokens, isBack);
			const hits = cache.hits(number, tokens, isBack);
			t.is(hits, found.length);
			const fits = reference.fits(found, tokens);
			t.is(cache.fits(hits, tokens), fits);
			if (fits) {
				cache.shareHits(number, hits);
				reference.share(held, found);
				cache.extend(number, tokens);
				reference.extend(held, tokens);
				running.push({number, held, tokens});
			}

			return fits;
		};
		for (let turn = 0; turn < 400; turn++) {
			const chance = random.uniform();
			if (chance < 0.35 && spare.length > 0) {
				const number = spare.pop()!;
				const ends = [whole(8), 8 + whole(8), random.uniform() < 0.5 ? 12 + whole(9) : Number.POSITIVE_INFINITY];
				const content =
					random.uniform() < 0.7 ? {ends: ends.sort((a, b) => a - b), streams: [0, whole(3), 3 + whole(6)]} : undefined;
				cache.begin(number, content, 0);
				const request = {number, held: reference.begin(content), tokens: 1 + whole(20 * options.blockTokens)};
				if (!admit(request, false)) {
					spare.push(number);
				}
			} else if (chance < 0.5 && preempted.length > 0) {
				const request = preempted.pop()!;
				if (!admit(request, true)) {
					preempted.push(request);
				}
			} else if (running.length > 0) {
				const place = whole(running.length);
				const request = running[place]!;
				if (chance < 0.75) {
					const tokens = request.tokens + 1 + whole(3);
					t.is(cache.canExtend(request.number, tokens), reference.canExtend(request.held, tokens));
					if (reference.canExtend(request.held, tokens)) {
						const known = reference.knownCount;
						cache.extend(request.number, tokens);
						reference.extend(request.held, tokens);
						evictions += reference.knownCount < known ? 1 : 0;
						request.tokens = tokens;
					}
				} else {
					running.splice(place, 1);
					if (chance < 0.85) {
						cache.preempt(request.number, request.tokens);
						reference.preempt(request.held, request.tokens);
						preempted.push(request);
					} else {
						cache.release(request.number);
						reference.release(request.held);
						spare.push(request.number);
					}
				}
			}

			t.is(cache.pool.freeCount, reference.free.length);
		}
	}

	t.true(evictions > 100, `${evictions} evictions`);
});

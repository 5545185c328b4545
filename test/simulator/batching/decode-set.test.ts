import test from 'ava';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import {DecodeSet} from '../../../src/simulator/batching/decode-set.ts';
import {DueTokens} from '../../../src/simulator/batching/due-tokens.ts';
import {EngineRequests, never} from '../../../src/simulator/batching/engine-requests.ts';
import {RunningList} from '../../../src/simulator/batching/running-list.ts';

test('sums of those that decode are those of a look at each, as they come and go', t => {
	const random = new RandomStream({seed: 5, replication: 0, purpose: 'decode set'});
	const whole = (most: number) => Math.floor(random.uniform() * most);
	for (const blockTokens of [1, 5, 16]) {
		const requests = new EngineRequests();
		const decoding = new DecodeSet(requests, 40, blockTokens);
		const list = new RunningList(requests);
		const held: number[] = [];
		for (let turn = 0; turn < 1500; turn++) {
			const chance = random.uniform();
			if (held.length < 40 && chance < 0.5) {
				const request = requests.take();
				list.admit(request);
				requests.origin[request] = whole(500) - 250;
				requests.lastStep[request] = turn + whole(20);
				decoding.add(request, whole(3) === 0);
				held.push(request);
			} else if (held.length > 0) {
				const first = [...held].sort((one, other) => byLastStep(requests, one, other))[0]!;
				const gone = chance < 0.8 ? first : held[whole(held.length)]!;
				if (gone === first && chance < 0.8) {
					t.is(decoding.shift(), first);
				} else {
					decoding.remove(gone);
					decoding.remove(gone);
				}

				list.remove(gone);
				requests.release(gone);
				held.splice(held.indexOf(gone), 1);
			}

			const context = held.reduce((sum, request) => sum + requests.origin[request]! + turn, 0);
			t.is(decoding.contextIn(turn), context);
			t.is(
				decoding.demandIn(turn),
				held.filter(request => (requests.origin[request]! + turn) % blockTokens === 0).length,
			);
			t.is(decoding.publishing, held.filter(request => requests.isPublishing[request] === 1).length);
			t.is(
				decoding.nextLast,
				held.reduce((least, request) => Math.min(least, requests.lastStep[request]!), never),
			);
			t.deepEqual(listed(list, requests), held);
		}
	}
});

test('first and last tokens of a step are given in the order of admission', t => {
	const requests = new EngineRequests();
	const list = new RunningList(requests);
	const decoding = new DecodeSet(requests, 8, 16);
	const due = new DueTokens(requests, decoding);
	const admit = (firstStep: number, lastStep: number) => {
		const request = requests.take();
		list.admit(request);
		requests.firstStep[request] = firstStep;
		requests.lastStep[request] = lastStep;
		due.addFirst(request);
		if (lastStep > firstStep) {
			decoding.add(request, false);
		}

		return request;
	};
	const [a, b, c, d] = [admit(1, 9), admit(1, 5), admit(1, 5), admit(1, 1)];
	const taken = (step: number) => {
		const some: number[] = [];
		for (let request = due.take(step); request !== -1; request = due.take(step)) {
			some.push(request);
		}

		return some;
	};
	t.is(due.nextStep, 1);
	t.deepEqual(taken(1), [a, b, c, d]);
	const [e, f] = [admit(5, 7), admit(5, 7)];
	t.is(due.nextStep, 5);
	due.expire(6);
	t.is(decoding.count, 3);
	due.forget(e);
	t.deepEqual(taken(5), [b, c, f]);
	t.is(due.nextStep, 7);
	t.deepEqual(taken(7), [f]);
	due.forget(a);
	t.is(due.nextStep, never);
});

function byLastStep({lastStep, turn}: EngineRequests, one: number, other: number): number {
	return lastStep[one]! - lastStep[other]! || turn[one]! - turn[other]!;
}

function listed(list: RunningList, {after, before}: EngineRequests): number[] {
	const some: number[] = [];
	for (let request = list.first; request !== -1; request = after[request]!) {
		some.push(request);
	}

	const back: number[] = [];
	for (let request = list.last; request !== -1; request = before[request]!) {
		back.push(request);
	}

	return some.length === list.count && back.reverse().every((request, place) => request === some[place]) ? some : [];
}

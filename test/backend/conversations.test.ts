import test from 'ava';
import {type Conversation, Conversations} from '../../src/backend/conversations.ts';

const limits = {conversations: 3, historyTurns: 4, historyBytes: 39, held: 1_000_000};

function play(conversations: Conversations, tenant: string, id: string, text = 'reply'): Conversation | undefined {
	const conversation = conversations.open(tenant, id);
	if (conversation) {
		conversations.close(id, conversation, {prompt: 'prompt', text});
	}

	return conversation;
}

test('a conversation belongs to the tenant that began it', t => {
	const conversations = new Conversations(limits);
	t.truthy(play(conversations, 'a', 'x'));
	t.is(conversations.open('b', 'x'), undefined);
	t.is(play(conversations, 'a', 'x')!.turns.length, 2);
});

test('it belongs to its tenant from its first request on, answered or not', t => {
	const conversations = new Conversations(limits);
	const first = conversations.open('a', 'x')!;
	t.is(conversations.open('b', 'x'), undefined);
	conversations.close('x', first); // failed: the ID is free again
	t.truthy(play(conversations, 'b', 'x'));
});

test('it keeps its owner where no history is kept', t => {
	const conversations = new Conversations({...limits, historyTurns: 0});
	t.is(play(conversations, 'a', 'x')!.turns.length, 0);
	t.is(conversations.open('b', 'x'), undefined);
	t.is(conversations.bytes, 0);
});

test('the oldest turns go when there are too many or too large ones', t => {
	const conversations = new Conversations(limits);
	for (const text of ['1', '2', '3', '4', '5']) {
		play(conversations, 'a', 'x', text);
	}

	const {turns, bytes} = play(conversations, 'a', 'x', 'ä'.repeat(10))!;
	t.deepEqual(
		turns.map(({text}) => text),
		['5', 'ä'.repeat(10)],
	);
	t.is(bytes, 7 + 26);
	t.is(conversations.bytes, 7 + 26);
	play(conversations, 'a', 'x', 'z'.repeat(100)); // larger than all there is room for
	t.is(conversations.bytes, 0);
});

test('the least recently used conversation is forgotten first, and its bytes with it', t => {
	const conversations = new Conversations(limits);
	for (const id of ['x', 'y', 'z', 'x', 'w']) {
		play(conversations, 'a', id);
	}

	t.is(conversations.size, 3);
	t.is(conversations.bytes, 4 * 11);
	t.is(play(conversations, 'b', 'y')!.turns.length, 1); // forgotten, so it may begin anew
	t.is(conversations.open('b', 'x'), undefined);
});

test('a conversation with a request under way is not forgotten', t => {
	const conversations = new Conversations(limits);
	const open = ['1', '2', '3', '4', '5'].map(id => ({id, conversation: conversations.open('a', id)!}));
	t.is(conversations.size, 5);
	for (const {id, conversation} of open) {
		conversations.close(id, conversation, {prompt: 'p', text: id});
	}

	t.is(conversations.size, 3);
	t.is(conversations.open('b', '5'), undefined);
});

test("a tenant's flood forgets its own conversations, never another's", t => {
	const conversations = new Conversations({...limits, conversations: 10});
	play(conversations, 'alice', 'x1');
	play(conversations, 'alice', 'x2');
	for (let index = 0; index < 1000; index += 1) {
		play(conversations, 'bob', `b${index}`);
	}

	t.is(conversations.size, 10);
	t.is(conversations.open('bob', 'x1'), undefined);
	t.is(play(conversations, 'alice', 'x1')!.turns.length, 2);
	t.is(play(conversations, 'bob', 'b0')!.turns.length, 1); // forgotten
	t.is(play(conversations, 'bob', 'b999')!.turns.length, 2);
});

test("nor do a tenant's requests under way", t => {
	const conversations = new Conversations({...limits, conversations: 10});
	play(conversations, 'alice', 'x1');
	const open = Array.from({length: 50}, (_, index) => conversations.open('bob', `b${index}`)!);
	t.is(conversations.size, 51);
	t.is(conversations.open('bob', 'x1'), undefined);
	for (const [index, conversation] of open.entries()) {
		conversations.close(`b${index}`, conversation, {prompt: 'p', text: 't'});
	}

	t.is(conversations.size, 10);
	t.is(conversations.open('bob', 'x1'), undefined);
});

test('each of many tenants has an equal share', t => {
	const conversations = new Conversations({...limits, conversations: 12});
	for (let index = 0; index < 300; index += 1) {
		play(conversations, ['a', 'b', 'c'][index % 3]!, `${index}`);
	}

	for (let index = 288; index < 300; index += 1) {
		t.is(conversations.open('other', `${index}`), undefined, `${index}`);
	}
});

test('histories stay within their memory, at the cost of the tenant that takes the most', t => {
	const held = 20_000;
	const conversations = new Conversations({conversations: 1000, historyTurns: 4, historyBytes: 8000, held});
	play(conversations, 'alice', 'x1', 'a');
	for (let index = 0; index < 100; index += 1) {
		play(conversations, 'bob', `b${index}`, '…'.repeat(1000)); // 3000 bytes in UTF-8, 2000 in memory
		t.true(conversations.held <= held);
	}

	t.true(conversations.size > 5);
	t.is(play(conversations, 'alice', 'x1')!.turns.length, 2);
	const open = Array.from({length: 50}, (_, index) => conversations.open('bob', `o${index}`)!);
	for (const [index, conversation] of open.entries()) {
		conversations.open('bob', `o${index}`); // stays under way
		conversations.close(`o${index}`, conversation, {prompt: 'p', text: 'x'.repeat(5000)});
	}

	t.true(conversations.held <= held + 50 * 512, `${conversations.held}`);
	t.is(play(conversations, 'alice', 'x1')!.turns.length, 3);
	t.is(conversations.open('alice', 'o3'), undefined); // its turns are gone, not its owner
});

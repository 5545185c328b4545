import test from 'ava';
import fc from 'fast-check';
import type {ChatBody} from './fake-ollama.ts';
import {type Answer, send, startBackend} from './start-backend.ts';

type Sent = {tenant: string; id: string; prompt: string; answer: Answer};

/** Tenants who name each other's conversations: some rounds, in each of which all chats are sent at once. */
const interleavings = fc.array(
	fc.array(fc.record({tenant: fc.constantFrom('a', 'b', 'c'), name: fc.constantFrom('x', 'y')}), {
		minLength: 1,
		maxLength: 4,
	}),
	{minLength: 1, maxLength: 3},
);

test('no tenant ever sees a word of another, in 500 random interleavings', async t => {
	const {url, fake} = await startBackend(t, {HISTORY_TURNS: '3'}, 4);
	let run = 0;
	let foreign = 0;
	await fc.assert(
		fc.asyncProperty(interleavings, async rounds => {
			run += 1;
			fake.chats.length = 0;
			const owners = new Map<string, string>();
			for (const [round, chats] of rounds.entries()) {
				const sent = chats.map(async ({tenant, name}, index): Promise<Sent> => {
					const id = `run-${run}-${name}`;
					const prompt = `${tenant} ${id} ${round}.${index}`; // tells where it belongs, so it is seen anywhere else
					return {tenant, id, prompt, answer: await send(url, {tenant, conversation: id, prompt})};
				});
				for (const one of await Promise.all(sent)) {
					foreign += checkAnswer(one, owners) === 'foreign' ? 1 : 0;
				}
			}

			fake.chats.forEach(checkUpstream);
		}),
		{numRuns: 500, seed: 20_261_124},
	);
	t.is(run, 500);
	t.true(foreign > 100, `only ${foreign} chats named a foreign conversation`);
});

/** A tenant gets its own reply, or 404 for a conversation that is another's. */
function checkAnswer({tenant, id, prompt, answer: {status, body}}: Sent, owners: Map<string, string>) {
	if (status === 404 && JSON.stringify(body) === '{"error":"No such conversation"}') {
		return 'foreign';
	}

	const owner = owners.get(id) ?? tenant;
	owners.set(id, owner);
	if (status !== 200 || owner !== tenant || body.text !== `echo ${prompt}` || body.tenant !== tenant) {
		throw new Error(`${prompt}, in ${owner}'s conversation, was answered ${status} ${JSON.stringify(body)}`);
	}

	return 'own';
}

/** What goes to the model at once is of one tenant and one conversation. */
function checkUpstream({messages}: ChatBody): void {
	const places = new Set(messages.map(({content}) => content.replace(/^echo /, '').replace(/ [\d.]+$/, '')));
	if (places.size !== 1) {
		throw new Error(`One request upstream mixes ${[...places].join(' and ')}`);
	}
}

test('requests of one conversation at the same time lose no turn and mix none', async t => {
	const {url, fake} = await startBackend(t, {HISTORY_TURNS: '100', HISTORY_BYTES: '100000'}, 8);
	fake.script = ({messages}) => ({pieces: [`echo ${messages.at(-1)!.content}`], pause: Math.random() * 10});
	const prompts = Array.from({length: 40}, (_, index) => `p${index}`);
	await Promise.all(prompts.map(prompt => send(url, {prompt})));
	t.is((await send(url, {prompt: 'last'})).body.historyTurns, 40);
	const spoken = fake.chats.at(-1)!.messages.slice(0, -1);
	const asked = spoken.filter(({role}) => role === 'user').map(({content}) => content);
	t.deepEqual([...asked].sort(), [...prompts].sort());
	t.deepEqual(
		spoken.filter(({role}) => role === 'assistant').map(({content}) => content),
		asked.map(prompt => `echo ${prompt}`),
	);
});

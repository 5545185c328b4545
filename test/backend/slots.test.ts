import test from 'ava';
import {Slots} from '../../src/backend/slots.ts';
import {send, startBackend} from './start-backend.ts';

const never = new AbortController().signal;
const settle = () => new Promise(resolve => setImmediate(resolve));

test('places are given out in order of arrival', async t => {
	const slots = new Slots(2);
	const order: number[] = [];
	const takes = [0, 1, 2, 3, 4].map(async index => {
		const giveBack = await slots.take(never);
		order.push(index);
		return giveBack;
	});
	await settle();
	t.deepEqual(order, [0, 1]);
	(await takes[1]!)();
	await settle();
	t.deepEqual(order, [0, 1, 2]);
	(await takes[0]!)();
	(await takes[2]!)();
	await Promise.all(takes);
	t.deepEqual(order, [0, 1, 2, 3, 4]);
});

test('who gives up waiting takes no place', async t => {
	const slots = new Slots(1);
	const giveBack = await slots.take(never);
	const controller = new AbortController();
	const first = slots.take(controller.signal);
	const second = slots.take(never);
	controller.abort(new Error('gone'));
	await t.throwsAsync(first, {message: 'gone'});
	await t.throwsAsync(slots.take(controller.signal), {message: 'gone'});
	giveBack();
	(await second)();
	(await slots.take(never))();
	t.pass();
});

test('Ollama never holds more than one request beyond those it works on, in order', async t => {
	const {url, fake} = await startBackend(t, {}, 2);
	fake.script = () => ({pieces: ['a'], pause: 5});
	const prompts = Array.from({length: 40}, (_, index) => `p${index}`);
	const answers = await Promise.all(
		prompts.map((prompt, index) => send(url, {prompt, conversation: `c${index}`, stream: false})),
	);
	t.true(answers.every(({status}) => status === 200));
	t.is(fake.mostPresent, 3);
	const last = answers.map(({body}) => body.timings.queuedSeconds);
	t.true(Math.max(...last) > 0.05, `${Math.max(...last)} s`);
	for (const {body} of answers) {
		t.true(body.timings.waitingSeconds >= body.timings.queuedSeconds);
		t.true(body.timings.backendSeconds < 0.5); // waiting is not work
	}
});

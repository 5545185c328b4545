import test from 'ava';
import {send} from './start-backend.ts';
import {makeBundle, peakMemory, startBundle} from './start-bundle.ts';

const mebibyte = 2 ** 20;

test('500 chats at once are all answered, each with its own text, within the memory of the container', async t => {
	const {bundle, remove} = await makeBundle();
	t.teardown(remove);
	const {fake, child, url} = await startBundle(t, bundle, {parallel: 4});
	fake.script = ({messages}) => ({pieces: Array.from({length: 16}, () => messages[0]!.content.slice(0, 60))});
	const answers = await Promise.all(
		Array.from({length: 500}, (_, index) =>
			send(url, {tenant: `t${index % 5}`, conversation: `c${index}`, prompt: `${index} ${'word '.repeat(40)}`}),
		),
	);
	for (const [index, {status, body}] of answers.entries()) {
		t.is(status, 200);
		t.true(body.text.startsWith(`${index} word`));
		t.is(body.conversation, `c${index}`);
	}

	const peak = await peakMemory(url, child.pid!);
	t.log(`${Math.round(peak / mebibyte)} MiB`);
	t.true(peak < 128 * mebibyte, `${Math.round(peak / mebibyte)} MiB`);
});

import {readFile} from 'node:fs/promises';
import test from 'ava';
import {send} from './start-backend.ts';
import {makeBundle, startBundle} from './start-bundle.ts';

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

/** The most resident memory the process ever had [bytes]; where the system does not tell, what it has now. */
async function peakMemory(url: string, pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status);
	if (peak) {
		return Number(peak[1]) * 1024;
	}

	const metrics = await (await fetch(`${url}/metrics`)).text();
	return Number(/resident_memory_bytes (\d+)/.exec(metrics)![1]);
}

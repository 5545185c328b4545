import {readFileSync} from 'node:fs';
import process from 'node:process';
import test from 'ava';
import {find} from '../k8s/manifests.ts';
import {converse, faultUpstream, replyTo} from './converse.ts';
import {makeBundle, peakMemory, startBundle} from './start-bundle.ts';

/* A short one with all tests; `npm run test:load` is the same for 10 minutes. */

const seconds = Number(process.env['LOAD_SECONDS'] ?? 15);
const conversations = 500;
const historyTurns = 8;
const mebibyte = 2 ** 20;

const [backend] = find('Deployment', 'llm').spec.template.spec.containers;
const limitMebibytes = Number(/^(\d+)Mi$/.exec(backend.resources.limits.memory)![1]);

test(`${conversations} conversations for ${seconds} s: none is lost, none is mixed, within the container's memory`, async t => {
	t.timeout((seconds + 120) * 1000);
	const {bundle, remove} = await makeBundle();
	t.teardown(remove);
	const {fake, child, url} = await startBundle(t, bundle, {parallel: 32, HISTORY_TURNS: historyTurns});
	const upstream: string[] = [];
	fake.script = body => {
		fake.chats.length = 0; // hundreds of megabytes in 10 minutes
		const fault = faultUpstream(body);
		if (fault !== undefined && upstream.length < 20) {
			upstream.push(fault);
		}

		return {pieces: replyTo(body.messages.at(-1)!.content), pause: 5};
	};
	const talk = await converse(url, {conversations, seconds, historyTurns, spread: 2});
	t.deepEqual(talk.faults, []);
	t.deepEqual(upstream, []);
	t.true(talk.fewestTurns >= Math.ceil(seconds / 60), `one had ${talk.fewestTurns} turns`); // on a machine that does much else, too
	t.true(fake.mostPresent <= 33, `${fake.mostPresent} were with the model at once`);
	const metrics = await (await fetch(`${url}/metrics`)).text();
	t.regex(metrics, new RegExp(`^replicast_backend_conversations ${conversations}$`, 'm'));
	t.is(sumOf(metrics, /^replicast_backend_chats_total\{.*outcome="completed"\} (\d+)$/gm), talk.chats);
	t.is(sumOf(metrics, /^replicast_backend_chats_total\{.*\} (\d+)$/gm), talk.chats);
	const peak = (await peakMemory(url, child.pid!)) / mebibyte;
	t.log(`${talk.chats} chats, at least ${talk.fewestTurns} of each conversation, ${Math.round(peak)} MiB at most`);
	t.true(peak < limitMebibytes, `${peak} MiB`);
});

function sumOf(metrics: string, pattern: RegExp): number {
	return [...metrics.matchAll(pattern)].reduce((sum, [, count]) => sum + Number(count), 0);
}

test('the heap that the image allows leaves room within the limit of the Deployment', t => {
	const dockerfile = readFileSync(new URL('../../../k8s/backend/Dockerfile', import.meta.url), 'utf8');
	const heap = Number(/--max-old-space-size=(\d+)/.exec(dockerfile)![1]);
	t.true(heap <= limitMebibytes / 2, `${heap} of ${limitMebibytes} MiB`);
	t.is(limitMebibytes, 128);
});

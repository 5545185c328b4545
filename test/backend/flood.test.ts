import test from 'ava';
import {find} from '../k8s/manifests.ts';
import {chatBytes, openClients, statusesOf} from './raw-clients.ts';
import {send, until} from './start-backend.ts';
import {makeBundle, peakMemory, startBundle} from './start-bundle.ts';

/* Floods against the bundle as its image runs it: the pod stays, within the memory of its container. */

const mebibyte = 2 ** 20;
const [backend] = find('Deployment', 'llm').spec.template.spec.containers;
const limitMebibytes = Number(/^(\d+)Mi$/.exec(backend.resources.limits.memory)![1]);

let bundle: string;
let remove: () => Promise<void>;

test.before(async () => {
	({bundle, remove} = await makeBundle());
});

test.after.always(() => remove());

type Flood = {
	readonly clients: number;
	readonly request: (index: number) => string | Buffer;
	/** A line of the metrics that tells of what was refused; none where nothing was. */
	readonly refusals?: RegExp;
};

const survives = test.macro({
	async exec(t, {clients: count, request, refusals}: Flood) {
		const {fake, child, url} = await startBundle(t, bundle);
		fake.script = () => ({pause: 60_000});
		const clients = await openClients(
			t,
			url,
			Array.from({length: count}, (_, index) => request(index)),
		);
		await until(t, 'what was refused is counted', async () => {
			const metrics = await (await fetch(`${url}/metrics`)).text();
			return refusals?.test(metrics) ?? true;
		});
		t.is((await fetch(`${url}/healthz`)).status, 200);
		t.log([...statusesOf(clients)].map(([status, times]) => `${times} × ${status ?? 'no answer'}`).join(', '));
		for (const {received} of clients.filter(({received}) => received.startsWith('HTTP/1.1 503'))) {
			t.regex(received, /^retry-after: 1\r$/im);
		}

		fake.script = () => ({});
		for (const {socket} of clients) {
			socket.destroy();
		}

		await until(t, 'there is room again', async () => (await send(url, {conversation: 'after'})).status === 200);
		const peak = (await peakMemory(url, child.pid!)) / mebibyte;
		t.log(`${Math.round(peak)} MiB at most`);
		t.true(peak < limitMebibytes, `${peak} MiB`);
		t.is(child.exitCode ?? null, null);
	},
	title: title => `the pod survives ${title}`,
});

const bodyOf = (index: number, prompt: string) => JSON.stringify({tenant: 'a', conversation: `c${index}`, prompt});
const refusedFor = (reason: string) =>
	new RegExp(`^replicast_backend_refusals_total\\{reason="${reason}"\\} [1-9]`, 'm');
const memory = refusedFor('memory');

test.serial('250 chats of 64 KiB with a character beyond Latin-1', survives, {
	clients: 250,
	request: index => chatBytes({body: bodyOf(index, `…${'x'.repeat(64_900)}`)}),
	refusals: memory,
});
test.serial('700 chats of 64 KiB in ASCII', survives, {
	clients: 700,
	request: index => chatBytes({body: bodyOf(index, 'x'.repeat(64_900))}),
	refusals: memory,
});
test.serial('1500 bodies that stop before their end', survives, {
	clients: 1500,
	request: () =>
		`POST /v1/chat HTTP/1.1\r\nHost: pod\r\nContent-Type: application/json\r\nContent-Length: 65000\r\n\r\n{"prompt":"${'x'.repeat(60_000)}`,
	refusals: refusedFor('slow-request'),
});
test.serial('3000 headers that stop before their end', survives, {
	clients: 3000,
	request: () => `POST /v1/chat HTTP/1.1\r\nHost: pod\r\nX-Long: ${'x'.repeat(7000)}`,
	refusals: refusedFor('connections'),
});
test.serial('1000 chats of hundreds of headers', survives, {
	clients: 1000,
	request: index =>
		chatBytes({
			headers: Array.from({length: 800}, (_, number) => `h${number}: v\r\n`).join(''),
			body: bodyOf(index, 'x'),
		}),
	refusals: memory,
});
test.serial('1000 chats whose address names thousands of parameters', survives, {
	clients: 1000,
	request: index =>
		chatBytes({
			path: `/v1/chat?${Array.from({length: 1800}, (_, number) => number.toString(36)).join('&')}`,
			body: bodyOf(index, 'x'),
		}),
});
test.serial('1000 chats with sixty requests behind each', survives, {
	clients: 1000,
	request: index =>
		Buffer.concat([
			chatBytes({body: bodyOf(index, 'x')}),
			Buffer.from('GET /healthz HTTP/1.1\r\nHost: pod\r\n\r\n'.repeat(60)),
		]),
	refusals: refusedFor('pipelining'),
});

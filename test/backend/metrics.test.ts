import test, {type ExecutionContext} from 'ava';
import {post, send, startBackend, until} from './start-backend.ts';

/** Samples of the Prometheus text by name and labels; every line must be a comment or a sample. */
async function scrape(t: ExecutionContext, url: string): Promise<Map<string, number>> {
	const response = await fetch(`${url}/metrics`);
	t.regex(response.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
	const samples = new Map<string, number>();
	for (const line of (await response.text()).split('\n')) {
		const match = /^replicast_backend_(?<key>\w+(?:\{[^}]*\})?) (?<value>\S+)$/.exec(line);
		t.true(match !== null || line === '' || line.startsWith('# '), line);
		if (match) {
			samples.set(match.groups!['key']!, Number(match.groups!['value']));
		}
	}

	return samples;
}

test('chats, tokens and times are counted by tenant', async t => {
	const {url, fake} = await startBackend(t);
	fake.script = () => ({pieces: ['a', 'b', 'c']});
	await send(url);
	await send(url);
	await send(url, {tenant: 'team-b', conversation: 'c2'});
	await send(url, {tenant: 'team-b'}); // team-a's conversation
	fake.script = () => ({status: 503});
	await send(url);
	const samples = await scrape(t, url);
	t.is(samples.get('chats_total{tenant="team-a",outcome="completed"}'), 2);
	t.is(samples.get('chats_total{tenant="team-a",outcome="refused"}'), 1);
	t.is(samples.get('chats_total{tenant="team-b",outcome="completed"}'), 1);
	t.is(samples.get('chats_total{tenant="team-b",outcome="refused"}'), 1);
	t.is(samples.get('output_tokens_total{tenant="team-a"}'), 6);
	t.is(samples.get('prompt_tokens_total{tenant="team-b"}'), 7);
	t.true(samples.get('waiting_seconds_sum{tenant="team-a"}')! >= 0.002);
	t.is(samples.get('service_seconds_sum{tenant="team-b"}'), 0.0009);
	t.is(samples.get('service_seconds_count{tenant="team-a"}'), 2);
	t.is(samples.get('service_seconds_bucket{le="0.01",tenant="team-a"}'), 2);
	t.is(samples.get('loopback_seconds_count'), 3);
	t.is(samples.get('conversations'), 2);
	t.true(samples.get('resident_memory_bytes')! > 1e6);
	t.is(samples.get('history_bytes'), 3 * 'Helloabc'.length);
});

test('queue length and chats in flight follow what waits and runs', async t => {
	const {url, fake} = await startBackend(t, {}, 2);
	fake.script = () => ({pieces: ['a'], pause: 60_000});
	const stop = new AbortController();
	const sent: Promise<unknown>[] = [];
	for (const [index, tenant] of ['a', 'a', 'b', 'b', 'a'].entries()) {
		sent.push(post(url, {tenant, conversation: `c${index}`}, stop.signal));
		await until(t, 'it is in flight', async () => {
			const samples = await scrape(t, url);
			return (samples.get('in_flight{tenant="a"}') ?? 0) + (samples.get('in_flight{tenant="b"}') ?? 0) === sent.length;
		});
	}

	const busy = await scrape(t, url);
	t.is(fake.chats.length, 3); // the rest waits in the backend
	t.is(busy.get('in_flight{tenant="a"}'), 3);
	t.is(busy.get('in_flight{tenant="b"}'), 2);
	t.is(busy.get('queue_length{tenant="a"}'), 1);
	t.is(busy.get('queue_length{tenant="b"}'), 2);
	stop.abort();
	await Promise.allSettled(sent);
	await until(t, 'all is quiet', async () => (await scrape(t, url)).get('in_flight{tenant="b"}') === 0);
	const quiet = await scrape(t, url);
	t.is(quiet.get('queue_length{tenant="a"}'), 0);
	t.is(quiet.get('in_flight{tenant="a"}'), 0);
	t.is(quiet.get('chats_total{tenant="a",outcome="client-gone"}'), 3);
});

test('tenants beyond the bound share a label', async t => {
	const {url} = await startBackend(t, {MAX_TENANT_LABELS: '3'});
	for (let index = 0; index < 10; index += 1) {
		await send(url, {tenant: `t${index}`, conversation: `c${index}`});
	}

	const samples = await scrape(t, url);
	t.is(samples.get('chats_total{tenant="t2",outcome="completed"}'), 1);
	t.is(samples.get('chats_total{tenant="other",outcome="completed"}'), 7);
	t.is([...samples.keys()].filter(key => key.startsWith('chats_total')).length, 4);
});

import test from 'ava';
import {execa} from 'execa';
import {send, until} from './start-backend.ts';
import {makeBundle, readiness, startBundle} from './start-bundle.ts';

let bundle: string;
let remove: () => Promise<void>;

test.before(async () => {
	({bundle, remove} = await makeBundle());
});

test.after.always(() => remove());

test('SIGTERM: not ready at once, chats still taken for a while, all of them ended, exit 0', async t => {
	const {fake, child, url} = await startBundle(t, bundle, {LAME_DUCK_SECONDS: '1', DRAIN_SECONDS: '10'});
	fake.script = () => ({pieces: ['a', 'b'], pause: 700});
	const before = send(url);
	await until(t, 'it is with Ollama', () => fake.chats.length === 1);
	child.kill('SIGTERM');
	await until(t, 'not ready', async () => (await readiness(url)) === 503);
	const during = send(url, {conversation: 'c2'}); // the cluster may not know yet
	t.is((await before).status, 200);
	const refused = await send(url, {conversation: 'c3'});
	t.is(refused.status, 503);
	t.is(refused.headers.get('connection'), 'close');
	t.is((await during).status, 200);
	const {exitCode, stderr} = await child;
	t.is(exitCode, 0);
	t.is(stderr, '');
});

test('what does not end within the time to drain is cut, and the exit is still 0', async t => {
	const {fake, child, url} = await startBundle(t, bundle, {LAME_DUCK_SECONDS: '0', DRAIN_SECONDS: '1'});
	fake.script = () => ({pieces: ['a'], pause: 60_000});
	const cut = send(url);
	await until(t, 'it is with Ollama', () => fake.chats.length === 1);
	const start = performance.now();
	child.kill('SIGTERM');
	const {status, body} = await cut;
	t.is(status, 503);
	t.is(body.error, 'This pod is shutting down');
	t.is((await child).exitCode, 0);
	t.true(performance.now() - start < 2500);
	await until(t, 'the slot is free', () => fake.active === 0);
});

test('a second signal exits at once', async t => {
	const {fake, child, url} = await startBundle(t, bundle, {LAME_DUCK_SECONDS: '20', DRAIN_SECONDS: '25'});
	fake.script = () => ({pause: 60_000});
	const lost = t.throwsAsync(send(url), {any: true});
	await until(t, 'it is with Ollama', () => fake.chats.length === 1);
	child.kill('SIGTERM');
	await until(t, 'not ready', async () => (await readiness(url)) === 503);
	child.kill('SIGTERM');
	t.is((await child).exitCode, 143);
	await lost;
});

test('a wrong variable is one line and exit 2', async t => {
	const {exitCode, stdout, stderr} = await execa('node', [bundle], {env: {NUM_CTX: 'many'}, reject: false});
	t.is(exitCode, 2);
	t.is(stdout, '');
	t.is(stderr, 'Expected NUM_CTX to be an integer from 16 to 1048576, got many');
});

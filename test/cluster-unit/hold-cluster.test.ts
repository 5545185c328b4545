import process from 'node:process';
import test from 'ava';
import {holdCluster, holderOf} from '../../src/cluster/setup/hold-cluster.ts';
import {UserError} from '../../src/errors.ts';
import {FakeKube} from './fake-kube.ts';

const path = '/apis/coordination.k8s.io/v1/namespaces/replicast/leases/replay';
const time = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();

function heldBy(holderIdentity: string, secondsAgo: number): FakeKube {
	const api = new FakeKube();
	const renewTime = time(secondsAgo);
	api.put(path, {metadata: {name: 'replay'}, spec: {holderIdentity, renewTime, acquireTime: time(200)}});
	return api;
}

const holderIn = (api: FakeKube) =>
	(api.objects.get(path)?.spec as {holderIdentity: string} | undefined)?.holderIdentity;

test('a cluster is held until it is released', async t => {
	const api = new FakeKube();
	const release = await holdCluster({api, name: 'kind'});
	t.is(holderIn(api), holderOf(process.pid));
	t.like(api.objects.get(path)?.spec, {leaseDurationSeconds: 60});
	await release();
	t.false(api.objects.has(path));
});

test('another replay is refused in one line that names it', async t => {
	const api = heldBy('elsewhere process 7', 20);
	const error = await t.throwsAsync(holdCluster({api, name: 'kind'}), {instanceOf: UserError});
	t.regex(
		error.message,
		/^Expected no other replay on kind, got the one of elsewhere process 7, since \S+; if it was killed, its claim ends after 60 s$/,
	);
	t.is(holderIn(api), 'elsewhere process 7');
});

test('a process of this machine that is at it is refused, too', async t => {
	await t.throwsAsync(holdCluster({api: heldBy(holderOf(1), 20), name: 'kind'}), {instanceOf: UserError});
});

const taken = test.macro({
	async exec(t, holder: string, secondsAgo: number) {
		const api = heldBy(holder, secondsAgo);
		const release = await holdCluster({api, name: 'kind'});
		t.is(holderIn(api), holderOf(process.pid));
		await release();
		t.is(holderIn(api), undefined);
	},
	title: (what = '') => what,
});

test('what a replay elsewhere left is free after a minute', taken, 'elsewhere process 7', 61);
test('what a process of this machine left is free at once', taken, holderOf(2 ** 22 + 1), 1);
test('what this process holds it may take again', taken, holderOf(process.pid), 1);

test('whoever took it over meanwhile keeps it', async t => {
	const api = new FakeKube();
	const release = await holdCluster({api, name: 'kind'});
	api.put(path, {metadata: {name: 'replay'}, spec: {holderIdentity: 'elsewhere process 7', renewTime: time(0)}});
	await release();
	t.is(holderIn(api), 'elsewhere process 7');
});

test('of two that begin at a time one is refused', async t => {
	const api = new FakeKube();
	const other = {holderIdentity: 'elsewhere process 7', renewTime: time(0), acquireTime: time(0)};
	const racing = {
		find: api.find.bind(api),
		remove: api.remove.bind(api),
		async send(at: string, request: {method: string; body?: unknown}) {
			api.put(path, {metadata: {name: 'replay'}, spec: other}); // after it was looked for
			return api.send(at, request);
		},
	};
	const error = await t.throwsAsync(holdCluster({api: racing, name: 'kind'}), {instanceOf: UserError});
	t.regex(error.message, /got the one of elsewhere process 7/);
});

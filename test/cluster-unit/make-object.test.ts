import test from 'ava';
import {KubeRefusal} from '../../src/cluster/api/kube-api.ts';
import {makeObject} from '../../src/cluster/jobs/search-objects.ts';

const missing = 'pods "a" is forbidden: error looking up service account b/default: serviceaccount "default" not found';

/** An API that refuses so often, then takes what it is sent. */
function refusing(times: number, message: string) {
	const sent: string[] = [];
	const send = async (path: string) => {
		sent.push(path);
		if (sent.length <= times) {
			throw new KubeRefusal(403, message);
		}

		return undefined as never;
	};
	return {sent, send};
}

const pod = {namespace: 'b', object: {kind: 'Pod'}, signal: new AbortController().signal, between: 0};

test('the account of a new namespace is waited for', async t => {
	const api = refusing(3, missing);
	await makeObject(api, pod);
	t.deepEqual(
		api.sent,
		Array.from({length: 4}, () => '/api/v1/namespaces/b/pods'),
	);
});

test('it does not come for ever', async t => {
	const api = refusing(1000, missing);
	await t.throwsAsync(makeObject(api, pod), {instanceOf: KubeRefusal, message: missing});
	t.is(api.sent.length, 120);
});

test('another refusal is none to wait for', async t => {
	const api = refusing(1, 'pods "a" is forbidden: exceeded quota');
	await t.throwsAsync(makeObject(api, pod), {instanceOf: KubeRefusal, message: /quota/});
	t.is(api.sent.length, 1);
});

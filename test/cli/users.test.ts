import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {removeTemporaryFolders, replicast, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

const ramp = (users: string) => `name: ramp
duration: 27m
replications: 1
workload:
  loop: closed
  users: {thinkTime: {distribution: uniform, min: 500ms, max: 2s}, ${users}}
deployment:
  containers: {m: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1}}}
  service: {distribution: constant, value: 5s}
autoscaler: {maxReplicas: 2}
`;

async function run(users: string) {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'ramp.yaml'), ramp(users));
	return replicast(['run', 'ramp.yaml', '--json'], {cwd});
}

test('an experiment has users who ramp up, hold and go, and its replicas come down again', async t => {
	const {stdout, stderr, exitCode} = await run(
		'interpolation: linear, count: [{at: 0s, count: 1}, {at: 1m, count: 12}, {at: 15m, count: 12}, {at: 17m, count: 0}]',
	);
	t.is(exitCode, 0, stderr);
	const {dynamic} = JSON.parse(stdout)[0];
	t.deepEqual(
		dynamic.timeline.map(([, replicas]: [number, number]) => replicas),
		[1, 2, 1],
	);
	t.is(dynamic.requests.inFlight, 0);
	t.true(dynamic.requests.completed > 100);
});

const refused = test.macro({
	async exec(t, users: string, message: RegExp) {
		const {stderr, exitCode} = await run(users);
		t.is(exitCode, 2);
		t.regex(stderr, message);
	},
	title: (_, users: string) => `${users} is refused in one line`,
});

const place = String.raw`^ramp\.yaml:6:\d+: Expected workload\.users\.count`;
test(refused, 'count: 0', new RegExp(`${place} to be a whole number, at least 1 and at most 100000, got 0\n$`));
test(refused, 'count: many', new RegExp(`${place} to be a whole number, .*, or a list of points .*, got "many"\n$`));
test(refused, 'count: []', new RegExp(`${place} to be a list of at least one point, got .*\n$`));
test(refused, 'count: [{at: 0s, count: 0}]', new RegExp(`${place} to be points of which one has a user, got .*\n$`));
test(
	refused,
	'count: [{at: 1m, count: 1}, {at: 30s, count: 2}]',
	new RegExp(String.raw`${place}\[1\]\.at to be later than 1m, the point before, got "30s"` + '\n$'),
);
test(
	refused,
	'count: [{at: 1m, count: 1.5}]',
	new RegExp(String.raw`${place}\[0\]\.count to be a whole number, .*, got 1\.5` + '\n$'),
);

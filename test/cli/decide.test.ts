import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {removeTemporaryFolders, replicast, startReplicast, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

const metric = {
	type: 'External',
	external: {metric: {name: 'depth'}, target: {type: 'AverageValue', averageValue: '10'}},
};
const given = (id: string, depth: number) => ({
	id,
	hpa: {maxReplicas: 10, metrics: [metric], behavior: {}},
	scale: {specReplicas: 3},
	externalMetrics: {depth},
});
const answer = {
	id: 'up',
	desiredReplicas: 7,
	proposal: 9,
	metrics: [{type: 'External', name: 'depth', proposal: 9, averageValueMilli: 28_334}],
	stabilized: false,
	limited: true,
	reasons: ['ValidMetricFound', 'ReadyForNewScale', 'ScaleUpLimit'],
};

const fileOf = async (text: string, name = 'case') => {
	const path = join(await temporaryFolder(), name);
	await writeFile(path, text);
	return path;
};
const lines = (...cases: readonly unknown[]) =>
	cases.map(each => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('');
const feed = async (words: readonly string[], input: string) => {
	const child = startReplicast(words);
	child.stdin!.end(input);
	const {stdout, stderr, exitCode} = await child;
	return {stdout, stderr, exitCode};
};

test('one case in JSON or YAML is answered as JSON', async t => {
	const json = await replicast(['decide', await fileOf(JSON.stringify(given('up', 85)))]);
	t.deepEqual([JSON.parse(json.stdout), json.stderr, json.exitCode], [answer, '', 0]);
	const yaml = await fileOf(
		[
			'id: up',
			'hpa:',
			'  maxReplicas: 10',
			'  behavior: {}',
			'  metrics:',
			'    - {type: External, external: {metric: {name: depth}, target: {type: AverageValue, averageValue: 10}}}',
			'scale: {specReplicas: 3}',
			'externalMetrics: {depth: 85}',
		].join('\n'),
	);
	t.deepEqual(JSON.parse((await replicast(['decide', yaml])).stdout), answer);
});

test('the case of the documentation gets the answer of the documentation', async t => {
	const text = await readFile(new URL('../../../docs/decide.md', import.meta.url), 'utf8');
	const blockOf = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)![1]!;
	const {stdout, stderr} = await feed(['decide'], blockOf('yaml'));
	t.deepEqual([JSON.parse(stdout), stderr], [JSON.parse(blockOf('json')), '']);
});

test('standard input is read without a file and with -', async t => {
	for (const words of [['decide'], ['decide', '-']]) {
		const {stdout, exitCode} = await feed(words, JSON.stringify(given('up', 85)));
		t.deepEqual([JSON.parse(stdout), exitCode], [answer, 0]);
	}
});

test('--ndjson answers each line with a line, and goes on after a case that cannot be computed', async t => {
	const broken = {...given('broken', 1), externalMetrics: {}};
	const input = lines(given('up', 85), '', broken, given('up', 85));
	const {stdout, stderr, exitCode} = await feed(['decide', '--ndjson'], input);
	const answers = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line));
	t.deepEqual([stderr, exitCode, answers.length], ['', 0, 3]);
	t.deepEqual([answers[0], answers[2]], [answer, answer]);
	t.deepEqual(answers[1], {
		id: 'broken',
		desiredReplicas: 3,
		metrics: [
			{
				type: 'External',
				name: 'depth',
				error: 'unable to get external metric default/depth/nil: no metrics returned from external metrics API',
			},
		],
		stabilized: false,
		limited: false,
		reasons: ['FailedGetExternalMetric'],
		error:
			'invalid metrics (1 invalid out of 1), first error is: failed to get depth external metric value: failed to get depth external metric: unable to get external metric default/depth/nil: no metrics returned from external metrics API',
	});
});

test('a malformed line has its number, the others are answered, and the status is 2', async t => {
	const path = await fileOf(
		lines('{oops', given('a', 30), {hpa: {maxReplicas: 1, minReplica: 1}}, 'null', given('b', 30)),
	);
	const {stdout, stderr, exitCode} = await replicast(['decide', path, '--ndjson']);
	t.is(exitCode, 2);
	t.deepEqual(
		stdout
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line).id),
		['a', 'b'],
	);
	const told = stderr.trimEnd().split('\n');
	t.is(told.length, 3);
	t.regex(told[0]!, /case:1:\d+: Expected a case in JSON, got /);
	t.is(told[1], `${path}:3:25: Expected hpa.minReplica to be a known key (perhaps minReplicas), got "minReplica"`);
	t.regex(told[2]!, /case:4:1: Expected /);
});

test('each mistake in a YAML case has its line', async t => {
	const path = await fileOf('now: soon\nhpa:\n  maxReplicas: 0\npods:\n  - name: a\n    phase: Gone\n');
	const {stdout, stderr, exitCode} = await replicast(['decide', path]);
	t.deepEqual([stdout, exitCode], ['', 2]);
	t.is(
		stderr,
		[
			`${path}:1:6: Expected now to be a number of seconds or a time such as 2026-01-05T10:00:00Z, got "soon"`,
			`${path}:3:16: Expected hpa.maxReplicas to be a whole number, at least 1, got 0`,
			`${path}:6:12: Expected pods[0].phase to be one of Pending, Running, Succeeded, Failed, Unknown, got "Gone"`,
			'',
		].join('\n'),
	);
});

test('a file that is not there is one line and status 2', async t => {
	for (const words of [
		['decide', 'nowhere.yaml'],
		['decide', 'nowhere.ndjson', '--ndjson'],
	]) {
		const {stdout, stderr, exitCode} = await replicast(words);
		t.deepEqual([stdout, exitCode], ['', 2]);
		t.regex(stderr, /^nowhere\.\w+ does not exist\n$/);
	}
});

test('--explain tells each pod, the ratio, the band, the memory, the budgets and the result', async t => {
	const pod = (name: string, rest: object = {}) => ({
		name,
		startTime: 100,
		ready: {status: true, lastTransitionTime: 110},
		containers: [{name: 'main', requests: {cpu: '200m'}}],
		...rest,
	});
	const usage = (name: string) => ({
		name,
		timestamp: 990,
		window: 15,
		containers: [{name: 'main', usage: {cpu: '180m'}}],
	});
	const policies = [{type: 'Pods', value: 2, periodSeconds: 60}];
	const {stdout, exitCode} = await feed(
		['decide', '--explain'],
		JSON.stringify({
			id: 'told',
			now: 1000,
			hpa: {
				minReplicas: 2,
				maxReplicas: 9,
				metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}}],
				behavior: {scaleUp: {policies, stabilizationWindowSeconds: 30}},
			},
			scale: {specReplicas: 3},
			pods: [pod('a'), pod('b'), pod('c', {phase: 'Pending'}), pod('d', {deletionTimestamp: 999})],
			podMetrics: [usage('a'), usage('b')],
			history: {recommendations: [{time: 980, replicas: 4}], scaleUps: [{time: 960, change: 1}]},
		}),
	);
	t.is(exitCode, 0);
	for (const part of [
		/^Scales from 3 to 4 replicas: cpu asks for 4\nCase told \(Kubernetes 1.34\)\n/,
		/a\s+ready\s+counted, uses 180m of 200m/,
		/c\s+unready\s+it is pending/,
		/d\s+ignored\s+it is being deleted/,
		'utilization 90 %',
		'ratio 1.8 of the target; from 0.9 to 1.1 nothing changes; 2 pods ready',
		'ratio 1.2 with the missing and unready pods counted against the change',
		'proposes 4',
		'20 s ago: 4 (up and down)',
		'scale up: 2 pods in 60 s, 1 pods left, to 4',
		'Result 4 instead of 3; proposal 4',
		'ReadyForNewScale',
	]) {
		t.true(typeof part === 'string' ? stdout.includes(part) : part.test(stdout), `${part} in\n${stdout}`);
	}
});

test('a reader that goes away early is no fault', async t => {
	const child = startReplicast(['decide', '--ndjson']);
	child.stdin!.on('error', () => {});
	child.stdin!.end(lines(...Array.from({length: 5000}, () => given('up', 85))));
	child.stdout!.once('data', () => child.stdout!.destroy());
	const {stderr} = await child;
	t.is(stderr, '');
});

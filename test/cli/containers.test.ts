import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {removeTemporaryFolders, replicast, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

type Parts = {readonly containers: string; readonly more?: string; readonly autoscaler?: string};

function experiment({containers, more = '', autoscaler = scaling}: Parts): string {
	return `name: containers
replications: 2
duration: 10m
workload: {arrivals: {process: poisson, rate: [{at: 0s, perSecond: 0.05}, {at: 2m, perSecond: 0.8}]}}
deployment:
  containers: ${containers}
  service: {distribution: constant, value: 3s}
  llm: {threads: 1}
  startup: 15s
${more}
autoscaler: ${autoscaler}
`;
}

const scaling =
	'{maxReplicas: 6, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]}';

async function run(text: string, ...words: string[]) {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'file.yaml'), text);
	return replicast(['run', 'file.yaml', '--out', 'out', ...words], {cwd});
}

async function forecast(t: ExecutionContext, text: string, ...words: string[]) {
	const {stdout, stderr, exitCode} = await run(text, '--baselines=false', '--json', ...words);
	t.is(exitCode, 0, stderr);
	// The digests of what was given differ where the words do.
	const {provenance, ...figures} = JSON.parse(stdout)[0];
	t.is(typeof provenance.resolved, 'string');
	return figures;
}

const refuses = test.macro({
	async exec(t, text: string, expected: string) {
		const {stdout, stderr, exitCode} = await run(text);
		t.deepEqual([exitCode, stdout, stderr], [2, '', `${expected}\n`]);
	},
	title: (title = '') => `refused: ${title}`,
});

test('a container with limits and no requests requests its limits, as the API server fills them in', async t => {
	const own = await forecast(t, experiment({containers: '{m: {limits: {cpu: 1, memory: 2Gi}}}'}));
	const both = '{m: {requests: {cpu: 1, memory: 2Gi}, limits: {cpu: 1, memory: 2Gi}}}';
	t.deepEqual(own, await forecast(t, experiment({containers: both})));
	t.true(own.dynamic.replicas.max > 1, 'it scales');
	const cpuAlone = '{m: {requests: {cpu: 1}, limits: {cpu: 1, memory: 2Gi}}}';
	t.deepEqual(own, await forecast(t, experiment({containers: cpuAlone})), 'each resource for itself');
});

test('CPU is rounded up to a thousandth and memory to whole bytes, as the API server does it', async t => {
	const of = (cpu: string, memory: string) =>
		experiment({containers: `{m: {requests: {cpu: ${cpu}, memory: ${memory}}}}`});
	const rounded = await forecast(t, of('1m', '200000001'));
	t.deepEqual(await forecast(t, of('500u', '200000000500m')), rounded);
	t.notDeepEqual(await forecast(t, of('2m', '200000001')), rounded);
	t.deepEqual(await forecast(t, of('0.0625', '1Gi')), await forecast(t, of('63m', '1Gi')));
});

const beside = '{server: {requests: {cpu: 1, memory: 1Gi}}, istio-proxy: {requests: {cpu: 100m, memory: 128Mi}}}';

test('the model is no sidecar, and whose it is stands below the heading', async t => {
	const given = await forecast(t, experiment({containers: beside}), '--set', 'deployment.llm.container=server');
	t.deepEqual(await forecast(t, experiment({containers: beside})), given);
	const third = beside.replace('}}}', '}}, api: {requests: {cpu: 200m}}}');
	const {stdout} = await run(experiment({containers: third}), '--baselines=false');
	t.true(stdout.includes('The model runs in container server, which requests the most CPU; deployment.llm.container'));
	const named = await run(
		experiment({containers: third}),
		'--baselines=false',
		'--set',
		'deployment.llm.container=api',
	);
	t.false(named.stdout.includes('The model runs in container'));
});

test(
	'which of equal containers runs the model',
	refuses,
	experiment({containers: '{a: {requests: {cpu: 1}}, b: {limits: {cpu: 1}}, c: {}}'}),
	'file.yaml:8:3: Expected deployment.llm.container to be given, as more than one container could run the model (a, b), got nothing',
);

const gpu = (words: string) =>
	experiment({containers: `{m: {requests: {cpu: 2, memory: 10Gi}, ${words}}}`, more: nodes});
const nodes = '  nodes: {count: 2, cpu: 16, memory: 64Gi, nvidia.com/gpu: 1}';

test('a GPU bounds the pods of a node, and what it does not play is told', async t => {
	const text = gpu('limits: {nvidia.com/gpu: "1"}');
	const {stdout, exitCode} = await run(text, '--set', 'autoscaler.minReplicas=4', '--baselines=false');
	t.is(exitCode, 0);
	t.regex(
		stdout.replaceAll(/\s+/g, ' '),
		/The pods request nvidia\.com\/gpu, .* the batching of a GPU is not modelled\./,
	);
	const hours = async (...words: string[]) => {
		const set = ['autoscaler.minReplicas=4', 'autoscaler.maxReplicas=4', ...words].flatMap(word => ['--set', word]);
		const {dynamic} = await forecast(t, text, ...set);
		return dynamic.podHours.mean * 6;
	};
	t.is(Math.round(await hours()), 2, 'two of four pods find a GPU');
	t.is(Math.round(await hours('deployment.nodes.nvidia.com/gpu=2')), 4);
});

test('local storage bounds the pods of a node that counts it', async t => {
	const containers = '{m: {requests: {cpu: 1, memory: 1Gi, ephemeral-storage: 10Gi}}}';
	const more = '  nodes: {cpu: 16, memory: 64Gi, ephemeral-storage: 25Gi}';
	const text = experiment({containers, more, autoscaler: '{minReplicas: 4, maxReplicas: 4}'});
	t.is(Math.round((await forecast(t, text)).dynamic.podHours.mean * 6), 2);
});

test(
	'a GPU that no node has',
	refuses,
	gpu('limits: {nvidia.com/gpu: 2}'),
	'file.yaml:10:60: Expected deployment.nodes.nvidia.com/gpu to be at least the requests of one pod, 2, got 1',
);
test(
	'a GPU on nodes without any',
	refuses,
	experiment({containers: '{m: {limits: {cpu: 1, amd.com/gpu: 1}}}', more: '  nodes: {cpu: 16, memory: 64Gi}'}),
	'file.yaml:10:3: Expected deployment.nodes.amd.com/gpu to be at least the requests of one pod, 1, got nothing',
);
test(
	'a GPU that is requested and not limited',
	refuses,
	experiment({containers: '{m: {requests: {cpu: 1, nvidia.com/gpu: 1}}}'}),
	'file.yaml:6:55: Expected deployment.containers.m.requests.nvidia.com/gpu to be given as a limit too, got 1',
);
test(
	'less of a GPU than its limit',
	refuses,
	experiment({containers: '{m: {requests: {nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 2}}}'}),
	'file.yaml:6:47: Expected deployment.containers.m.requests.nvidia.com/gpu to be equal to its limit, got 1',
);
test(
	'a part of a GPU',
	refuses,
	experiment({containers: '{m: {limits: {nvidia.com/gpu: 500m}}}'}),
	'file.yaml:6:45: Expected deployment.containers.m.limits.nvidia.com/gpu to be a whole number, got "500m"',
);
test(
	'a resource that is none',
	refuses,
	experiment({containers: '{m: {limits: {memroy: 1Gi}}}'}),
	'file.yaml:6:29: Expected deployment.containers.m.limits.memroy to be a known key (perhaps memory), got "memroy"',
);

import test from 'ava';
import {claimObjects, type JobNames, shardJob} from '../../src/cluster/jobs/job-objects.ts';
import type {JobClaim} from '../../src/cluster/jobs/job-options.ts';
import {lastFailure, troubleOf} from '../../src/cluster/jobs/pod-trouble.ts';
import {countShards} from '../../src/cluster/jobs/shard-image.ts';
import {indexesIn} from '../../src/cluster/jobs/watch-job.ts';

// biome-ignore lint/suspicious/noExplicitAny: an object has whatever shape its kind has
type Any = any;

const own: JobClaim = {size: '1Gi', accessMode: 'ReadWriteOnce'};
const shared: JobClaim = {...own, accessMode: 'ReadWriteMany'};
const names = (claim: JobClaim): JobNames => ({
	namespace: 'lab',
	search: 'tune-1',
	image: 'replicast:1',
	memory: '512Mi',
	claim,
});
const jobOf = (claim: JobClaim): Any => shardJob(names(claim), {batch: '0003', shards: 5});
const specOf = (claim: JobClaim): Any => jobOf(claim).spec.template.spec;

test('a Job has an index for each shard and counts the retries of each by themselves', t => {
	const {metadata, spec} = jobOf(own);
	t.like(metadata, {name: 'tune-1-0003', namespace: 'lab'});
	t.like(spec, {
		completionMode: 'Indexed',
		completions: 5,
		parallelism: 5,
		backoffLimitPerIndex: 4,
		maxFailedIndexes: 0,
	});
	t.is(specOf(own).restartPolicy, 'Never');
});

test('every pod keeps what the namespace demands, has no token, and bounds', t => {
	const keeper = claimObjects(names(own)).find(({kind}) => kind === 'Pod') as Any;
	for (const pod of [specOf(own), specOf(shared), keeper.spec]) {
		t.false(pod.automountServiceAccountToken);
		t.like(pod.securityContext, {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: 'RuntimeDefault'}});
		const [{securityContext, resources, imagePullPolicy}] = pod.containers;
		t.deepEqual(securityContext, {
			allowPrivilegeEscalation: false,
			readOnlyRootFilesystem: true,
			capabilities: {drop: ['ALL']},
		});
		t.deepEqual([resources.requests, resources.limits].map(Object.keys), [
			['cpu', 'memory'],
			['cpu', 'memory'],
		]);
		t.is(imagePullPolicy, 'IfNotPresent');
	}
});

test('pods stay by a claim that one node has, and spread where any may have it', t => {
	const [term] = specOf(own).affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
	t.like(term, {topologyKey: 'kubernetes.io/hostname', labelSelector: {matchLabels: {'replicast/search': 'tune-1'}}});
	t.is(specOf(shared).affinity, undefined);
	t.is(specOf(shared).topologySpreadConstraints.length, 1);
});

test('completed indexes are read as Kubernetes writes them', t => {
	t.deepEqual(indexesIn(''), []);
	t.deepEqual(indexesIn('0-2,5,7-8'), [0, 1, 2, 5, 7, 8]);
});

const pod = (name: string, status: object): Any => ({metadata: {name, creationTimestamp: name}, status});

test('what keeps a pod from starting is told, what does not pass first', t => {
	const message = '0/1 nodes are available: 1 Insufficient cpu.';
	const unplaced = pod('a', {
		phase: 'Pending',
		conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}],
	});
	const waiting = (reason: string) =>
		pod('b', {phase: 'Pending', containerStatuses: [{state: {waiting: {reason, message: 'secret "x" not found'}}}]});
	t.is(troubleOf([waiting('ContainerCreating'), pod('c', {phase: 'Running'})]), undefined);
	t.deepEqual(troubleOf([unplaced]), {pod: 'a', why: `Unschedulable: ${message}`, mayPass: true});
	t.deepEqual(troubleOf([unplaced, waiting('CreateContainerConfigError')]), {
		pod: 'b',
		why: 'CreateContainerConfigError: secret "x" not found',
		mayPass: false,
	});
});

test('the last pod that failed is told with the end of its log', async t => {
	const failed = (name: string, exitCode: number, reason: string) =>
		pod(name, {phase: 'Failed', containerStatuses: [{state: {terminated: {exitCode, reason}}}]});
	const api = {text: async (path: string) => (path.includes('/pods/2/log') ? 'one\n\n  two\n' : '')};
	t.is(
		await lastFailure(api, 'lab', [failed('2', 137, 'OOMKilled'), failed('1', 1, 'Error')]),
		'2: OOMKilled with exit status 137; its log ends: one / two',
	);
	t.is(await lastFailure(api, 'lab', [pod('3', {phase: 'Running'})]), undefined);
	const evicted = pod('4', {phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory'});
	t.is(await lastFailure(api, 'lab', [evicted]), '4: Evicted: The node was low on memory');
});

test('a shard for each core: of the claim’s node, or of all that take pods', async t => {
	const answers: Record<string, unknown> = {
		'/api/v1/namespaces/lab/pods/tune-1': {spec: {nodeName: 'b'}},
		'/api/v1/nodes/b': {status: {allocatable: {cpu: '3920m'}}},
		'/api/v1/nodes': {
			items: [
				{spec: {taints: [{effect: 'NoSchedule'}]}, status: {allocatable: {cpu: '8'}}},
				{spec: {unschedulable: true}, status: {allocatable: {cpu: '8'}}},
				{spec: {taints: [{effect: 'PreferNoSchedule'}]}, status: {allocatable: {cpu: '16'}}},
				{spec: {}, status: {allocatable: {cpu: '3920m'}}},
			],
		},
	};
	const api = {get: async <Answer>(path: string) => answers[path] as Answer};
	t.is(await countShards(api, names(own)), 3);
	t.is(await countShards(api, names(shared)), 19);
});

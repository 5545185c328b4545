import test from 'ava';
import {type JobNames, shardJob, storageObjects} from '../../src/cluster/jobs/job-objects.ts';
import type {JobStorage} from '../../src/cluster/jobs/job-options.ts';
import {bucketKeys, parseBucket} from '../../src/cluster/jobs/pod/bucket-store.ts';
import {lastFailure, troubleOf} from '../../src/cluster/jobs/pod-trouble.ts';
import {countShards} from '../../src/cluster/jobs/shard-image.ts';
import {indexesIn} from '../../src/cluster/jobs/watch-job.ts';

// biome-ignore lint/suspicious/noExplicitAny: an object has whatever shape its kind has
type Any = any;

const claim: JobStorage = {kind: 'claim', size: '1Gi', accessMode: 'ReadWriteOnce'};
const bucket: JobStorage = {
	kind: 'bucket',
	bucket: parseBucket('https://s3.example.com/tuning/mine'),
	keys: {accessKeyId: 'id', secretAccessKey: 'hidden', region: 'eu-west-1'},
};
const names = (storage: JobStorage): JobNames => ({
	namespace: 'lab',
	search: 'tune-1',
	image: 'replicast:1',
	memory: '512Mi',
	storage,
});
const jobOf = (storage: JobStorage): Any => shardJob(names(storage), {batch: '0003', shards: 5});
const specOf = (storage: JobStorage): Any => jobOf(storage).spec.template.spec;

test('a Job has an index for each shard and counts the retries of each by themselves', t => {
	const {metadata, spec} = jobOf(claim);
	t.like(metadata, {name: 'tune-1-0003', namespace: 'lab'});
	t.like(spec, {
		completionMode: 'Indexed',
		completions: 5,
		parallelism: 5,
		backoffLimitPerIndex: 4,
		maxFailedIndexes: 0,
	});
	t.is(specOf(claim).restartPolicy, 'Never');
});

test('every pod keeps what the namespace demands, has no token, and bounds', t => {
	const keeper = storageObjects(names(claim)).find(({kind}) => kind === 'Pod') as Any;
	for (const pod of [specOf(claim), specOf(bucket), keeper.spec]) {
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
	const [term] = specOf(claim).affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
	t.like(term, {topologyKey: 'kubernetes.io/hostname', labelSelector: {matchLabels: {'replicast/search': 'tune-1'}}});
	for (const storage of [bucket, {...claim, accessMode: 'ReadWriteMany' as const}]) {
		t.is(specOf(storage).affinity, undefined);
		t.is(specOf(storage).topologySpreadConstraints.length, 1);
	}
});

test('keys reach a pod by a Secret alone', t => {
	const [secret, ...others] = storageObjects(names(bucket)) as Any[];
	t.is(others.length, 0);
	t.deepEqual(secret.stringData, {AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'hidden'});
	t.false(JSON.stringify(jobOf(bucket)).includes('hidden'));
	t.deepEqual(specOf(bucket).containers[0].envFrom, [{secretRef: {name: 'tune-1'}}]);
	t.deepEqual(specOf(bucket).containers[0].env[0], {name: 'STORE', value: 'https://s3.example.com/tuning/mine/tune-1'});
	const own = {...bucket, secret: 'mine'};
	t.deepEqual(storageObjects(names(own)), []);
	t.deepEqual(specOf(own).containers[0].envFrom, [{secretRef: {name: 'mine'}}]);
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
	t.is(await countShards(api, names(claim)), 3);
	t.is(await countShards(api, names(bucket)), 19);
});

test('a bucket is a URL with its name and perhaps a prefix, and nothing else', t => {
	t.deepEqual(parseBucket('http://127.0.0.1:9000/tuning'), {endpoint: 'http://127.0.0.1:9000/tuning', prefix: ''});
	t.deepEqual(parseBucket('https://s3.example.com/tuning/a/b/'), {
		endpoint: 'https://s3.example.com/tuning',
		prefix: 'a/b/',
	});
	for (const text of ['s3://tuning', 'https://s3.example.com', 'https://s3.example.com/a?b=c', 'https://a/B']) {
		t.throws(() => parseBucket(text), {message: /^Expected --bucket to be a URL such as .*, got "/});
	}

	const error = t.throws(() => parseBucket('https://me:hidden@s3.example.com/tuning'));
	t.false(error?.message.includes('hidden'));
});

test('keys are the environment’s', t => {
	t.deepEqual(bucketKeys({AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b'}), {
		accessKeyId: 'a',
		secretAccessKey: 'b',
		region: 'us-east-1',
	});
	t.throws(() => bucketKeys({AWS_ACCESS_KEY_ID: 'a'}), {message: /to have AWS_SECRET_ACCESS_KEY for the bucket/});
});

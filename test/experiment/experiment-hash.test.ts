import test from 'ava';
import {canonicalJson, experimentHash} from '../../src/experiment/experiment-hash.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

const path = 'test/fixtures/dynamic-scaling-reference.yaml';
const hashWith = async (...set: string[]) => (await readExperiment(path, {set})).hash;

test('canonical JSON sorts keys, leaves out what is undefined and writes infinity as text', t => {
	t.is(
		canonicalJson({b: [1, {d: Number.POSITIVE_INFINITY, c: 'x'}], a: undefined}),
		'{"b":[1,{"c":"x","d":"Infinity"}]}',
	);
});

test('the hash is 64 hex digits and does not cover itself', async t => {
	const experiment = await readExperiment(path);
	t.regex(experiment.hash, /^[\da-f]{64}$/);
	t.is(experimentHash(experiment), experiment.hash);
	t.is(experimentHash({...experiment, hash: 'other'}), experiment.hash);
});

const keeps = test.macro({
	async exec(t, setting: string) {
		t.is(await hashWith(setting), await hashWith());
	},
	title: (_, setting) => `${setting} leaves the hash as it was`,
});

test(keeps, 'replications=3');
test(keeps, 'description=Another');
test(keeps, 'duration=900s');
test(keeps, 'deployment.containers.ollama.requests.cpu=0.125');
test(keeps, 'deployment.service=models/smollm2-135m.yaml');

test(keeps, 'prices.perPodHour=0.03');
test(keeps, 'deployment.service.work.perRequest=0.04');
test(keeps, 'metrics=ideal');

const changes = test.macro({
	async exec(t, setting: string) {
		t.not(await hashWith(setting), await hashWith());
	},
	title: (_, setting) => `${setting} changes the hash`,
});

test(changes, 'seed=43');
test(changes, 'name=another');
test(changes, 'accept.podHours=6%');
test(changes, 'autoscaler.maxReplicas=7');
test(changes, 'workload.timeout=59s');
test(changes, 'deployment.llm.keepAlive=5m');
test(changes, 'faults=[]');

/*
 * Measured records are found by these. A change of one orphans hours of measurements: where it comes from a new key with
 * a default, leave the key out of the hash while it has its default; where the experiment itself has changed, replay it.
 */
const benches: Readonly<Record<string, string>> = {
	'dynamic-scaling': '814193d842f81da4',
	ramp: '3f87ad8477515509',
	spike: '831863aaa16a06c8',
	'cost-efficiency': '2c65a4fe330e831b',
	'performance-under-load': 'e59bcb01b0736f78',
	'resource-consumption': '1bdcb08e3b272646',
	'multi-tenant': '325c0e9782205a3a',
	'self-healing': '110ee4c0372e1775',
};

for (const [name, prefix] of Object.entries(benches)) {
	test(`the measured records of ${name} are still its own`, async t => {
		const {hash} = await readExperiment(`experiments/${name}.yaml`, {profile: 'bench'});
		t.is(hash.slice(0, 16), prefix);
	});
}

test('the hash covers the number of threads, not where it is from', async t => {
	const {deployment, ...experiment} = await readExperiment('experiments/ramp.yaml');
	const hashOf = (llm: Partial<typeof deployment.llm>) =>
		experimentHash({...experiment, deployment: {...deployment, llm: {...deployment.llm, ...llm}}});
	t.is(hashOf({threadsFrom: 'limit'}), hashOf({}));
	t.not(hashOf({threads: 3}), hashOf({}));
});

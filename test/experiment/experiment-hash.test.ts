import test from 'ava';
import {canonicalJson, experimentHash} from '../../src/experiment/experiment-hash.ts';
import {readExperiment} from '../../src/files/read-experiment.ts';

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
test(changes, 'prices.perPodHour=0.03');
test(changes, 'deployment.service.work.perRequest=0.04');
test(changes, 'deployment.llm.keepAlive=5m');
test(changes, 'faults=[]');

import {join} from 'node:path';
import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {faultsOf, inFolder, sound} from './scratch.ts';

const profiled = `${sound}profiles:
  bench:
    duration: 4m
    warmup: 0s
    workload:
      arrivals:
        rate: [{at: 0s, perSecond: 0.1}]
    slo: {p95: null, p99: 30s}
    faults: []
  other: {fixed: {replicas: 3}}
`;

const read = async (profile?: string) =>
	inFolder({'file.yaml': profiled}, async folder =>
		readExperiment(join(folder, 'file.yaml'), profile === undefined ? {} : {profile}),
	);

test('maps of an overlay merge, lists and scalars replace, null takes away', async t => {
	const experiment = await read('bench');
	t.like(experiment, {
		profile: 'bench',
		duration: 240,
		workload: {
			arrivals: {process: 'poisson', rate: [{at: 0, perSecond: 0.1}]},
			tenants: [{name: 'team-a'}, {name: 'team-b'}],
		},
		fixed: {replicas: 6},
	});
	t.deepEqual(experiment.slo, {p99: 30});
	t.deepEqual(experiment.faults, []);
});

test('without a profile the overlays have no say, nor in the hash', async t => {
	const plain = await read();
	t.is(plain.profile, undefined);
	t.is(plain.duration, 600);
	const {hash} = await inFolder({'file.yaml': sound}, async folder => readExperiment(join(folder, 'file.yaml')));
	t.is(plain.hash, hash);
	t.not((await read('other')).hash, hash);
});

test('a profile that is not there is told with those that are', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': profiled}, {profile: 'laptop'}), [
		'file.yaml:1:1: Expected --profile to be one of bench, other, got laptop',
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': sound}, {profile: 'laptop'}), [
		'file.yaml:1:1: Expected --profile to be left out, as the file has no profiles, got laptop',
	]);
});

test('an overlay is judged whether it is picked or not, and each mistake once', async t => {
	const wrong = profiled
		.replace('duration: 4m', 'duratoin: 4m')
		.replace('{replicas: 3}', '{replicas: 0}')
		.replace('name: sound', 'name: Un Sound');
	const lines = [
		'file.yaml:1:7: Expected name to be a name of small letters, digits and hyphens, got "Un Sound"',
		'file.yaml:27:5: Expected duratoin to be a known key (perhaps duration), got "duratoin"',
		'file.yaml:34:29: Expected fixed.replicas to be a whole number, at least 1 and at most 10000, got 0',
	];
	t.deepEqual(await faultsOf(t, {'file.yaml': wrong}), lines);
	t.deepEqual(await faultsOf(t, {'file.yaml': wrong}, {profile: 'bench'}), lines);
});

test('profiles that are no maps are told', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': `${sound}profiles: {bench: 3}\n`}), [
		'file.yaml:25:19: Expected profiles.bench to be a map, got 3',
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': `${sound}profiles: 3\n`}), [
		'file.yaml:25:11: Expected profiles to be a map of profiles, got 3',
	]);
});

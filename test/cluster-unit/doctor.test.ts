import test from 'ava';
import {examineKeda} from '../../src/cluster/keda/examine-keda.ts';
import {examine, type Machine, refuseWithout} from '../../src/cluster/machine/doctor.ts';
import {UserError} from '../../src/errors.ts';

const answers: Readonly<Record<string, string>> = {
	'docker version': '28.0.1',
	'docker --version': 'Docker version 28.0.1',
	'kind version': 'kind v0.31.0 go1.25 linux/amd64',
	'kubectl version': '{"clientVersion": {"gitVersion": "v1.34.4"}}',
};

function machine(parts: Partial<Machine> & {readonly lacks?: readonly string[]} = {}): Machine {
	const {lacks = [], ...rest} = parts;
	return {
		async run(tool, [word = '']) {
			const command = `${tool} ${word}`;
			if (lacks.some(lack => command.startsWith(lack))) {
				throw new UserError('E_CLUSTER', `Expected ${command} to work, got permission denied`);
			}

			return answers[command]!;
		},
		cores: 4,
		load: 0.2,
		freeMemory: 8 * 2 ** 30,
		...rest,
	};
}

test('a machine with everything passes, and each thing is named', async t => {
	const findings = await examine(machine());
	t.deepEqual(
		findings.map(({name, state, found}) => [name, state, found]),
		[
			['docker', 'good', 'a daemon of version 28.0.1'],
			['kind', 'good', 'v0.31.0'],
			['kubectl', 'good', 'v1.34.4'],
			['cores', 'good', '4, with a load of 0.2 over the last minute'],
			['memory', 'good', '8.0 GiB free'],
		],
	);
	t.notThrows(() => refuseWithout(findings));
});

const lacking = test.macro(async (t, parts: Parameters<typeof machine>[0], name: string, message: RegExp) => {
	const findings = await examine(machine(parts));
	const missing = findings.filter(({state}) => state === 'missing');
	t.deepEqual(
		missing.map(finding => finding.name),
		[name],
	);
	t.truthy(missing[0]!.advice);
	const error = t.throws(() => refuseWithout(findings), {instanceOf: UserError, message});
	t.false(error.message.includes('\n'));
});

test('no docker is refused in one line', lacking, {lacks: ['docker']}, 'docker', /docker \(no such command\)/);
test('a daemon that does not answer is another thing', lacking, {lacks: ['docker version']}, 'docker', /no daemon/);
test('no kind', lacking, {lacks: ['kind']}, 'kind', /kind \(no such command\)/);
test('no kubectl', lacking, {lacks: ['kubectl']}, 'kubectl', /kubectl/);
test('a single core', lacking, {cores: 1}, 'cores', /cores \(1, with a load of/);
test('too little memory', lacking, {freeMemory: 2 ** 30}, 'memory', /memory \(1\.0 GiB free\)/);

test('a busy machine is poor, but not refused', async t => {
	const findings = await examine(machine({load: 3.5}));
	t.is(findings.find(({name}) => name === 'cores')!.state, 'poor');
	t.notThrows(() => refuseWithout(findings));
});

test('a cluster elsewhere needs kubectl alone', async t => {
	const findings = await examine(machine({lacks: ['docker', 'kind']}), {isElsewhere: true});
	t.deepEqual(
		findings.map(({name, state}) => [name, state]),
		[['kubectl', 'good']],
	);
});

test('images that a ScaledObject needs are named, and none of them is a fault', async t => {
	t.deepEqual(await examineKeda({run: async () => 'sha256:1'}), {
		name: 'KEDA',
		state: 'good',
		found: '2.20.2, and Prometheus: their images are here',
	});
	const {state, found} = await examineKeda({
		async run(_, words) {
			if (words.at(-1)!.startsWith('prom/')) {
				throw new Error('no such image');
			}

			return 'sha256:1';
		},
	});
	t.is(state, 'good');
	t.is(found, 'for a ScaledObject the cluster pulls prom/prometheus:v2.42.0');
});

import test from 'ava';
import {recordStandingOf} from '../../src/comparison/admit.ts';
import type {Comparison} from '../../src/comparison/compare.ts';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {recordHash} from '../../src/records/record-hash.ts';
import {compared, service, standIns, steps} from './stand-ins.ts';

const truth = steps();
const measured = standIns(truth);
const partsOf = ({triangle}: Comparison) => [...new Set(triangle.source.map(({part}) => part))];

test('a simulator without a planted error is valid, and every decision is found again', t => {
	const comparison = compared({experiment: truth, measured});
	t.is(comparison.verdict, 'VALID', JSON.stringify([comparison.failing, comparison.unclear]));
	t.deepEqual(comparison.triangle.source, []);
	t.is(comparison.triangle.a.share, 1);
	t.deepEqual(
		comparison.triangle.a.records.flatMap(({misses}) => misses),
		[],
	);
	for (const share of comparison.envelope.coverage) {
		t.true(share > 0.9, `${share}`);
	}

	const {replicasMeanAbsoluteError: error, podHours} = comparison.figures;
	t.true(error!.skill! < 1.6, `${error!.skill}`);
	t.true(podHours!.error!.low! < 0 && podHours!.error!.high! > 0);
	t.true(comparison.baselines.naive['replicasMeanAbsoluteError']! > 3 * error!.absoluteError!);
	t.true(comparison.baselines.noModel!['podHours']! >= 0);
	t.true(comparison.noiseFloor!['podHours']!.max >= comparison.noiseFloor!['podHours']!.mean);
	t.is(comparison.tenants.length, 1);
	t.true(comparison.utilization['cpu']!.weightedError! < 0.15, `${comparison.utilization['cpu']!.weightedError}`);
});

test('service times 20 % too long are caught, and come from the service times', t => {
	const comparison = compared({experiment: steps({deployment: {service: service(1.2)}}), measured});
	t.is(comparison.verdict, 'NOT VALID');
	t.deepEqual(partsOf(comparison), ['service']);
	t.is(comparison.triangle.a.share, 1);
	const {b, c} = comparison.triangle;
	t.true(c['podHours']!.absoluteError! > 3 * b['podHours']!.absoluteError!);
	t.true(c['latencyWasserstein']!.absoluteError! > b['latencyWasserstein']!.absoluteError!);
});

test('a scrape that the simulator misses is caught, and comes from the metrics', t => {
	const faulty = steps({faults: [{kind: 'metrics-outage', at: 110, duration: 16}]});
	const comparison = compared({experiment: faulty, measured});
	t.deepEqual(partsOf(comparison), ['metrics']);
	t.is(comparison.triangle.a.share, 1);
	t.regex(comparison.triangle.source[0]!.because, /without a sample/);
});

test('pods that take 10 s longer to start are caught, and come from the start-up', t => {
	const {startup} = truth.deployment;
	const stages = startup.kind === 'stages' ? startup.stages : undefined;
	const slow = {...startup, stages: {...stages!, image: {distribution: 'constant' as const, value: 10.5}}};
	const comparison = compared({experiment: steps({deployment: {startup: slow as never}}), measured});
	t.deepEqual(partsOf(comparison), ['start-up']);
	const {readyLag, scaleLag} = comparison.figures;
	t.true(readyLag!.error!.value - scaleLag!.error!.value > 5);
});

test('another tolerance of the controller is caught, and each decision that it changes is named', t => {
	const lazy = standIns(steps({controller: {tolerance: 0.4}}));
	const {triangle} = compared({experiment: truth, measured: lazy});
	t.deepEqual(triangle.source[0]?.part, 'controller');
	t.true(triangle.a.share! < 0.99, `${triangle.a.share}`);
	t.is(triangle.a.causes[0]!.cause, 'tolerance', JSON.stringify(triangle.a.causes));
	for (const {misses} of triangle.a.records) {
		for (const {recorded, replayed, detail} of misses) {
			t.not(recorded, replayed);
			t.regex(detail, /cpu \d+ % → \d recorded/);
		}
	}
});

test('a scrape that the record lost is told as such', t => {
	const [{name, recording}] = measured as [(typeof measured)[number]];
	const {samples, decisions} = recording.tables;
	const change = decisions.desiredReplicas.findIndex((desired, row) => desired > decisions.currentReplicas[row]!);
	const at = decisions.seconds[change]!;
	const kept = [...samples.seconds.keys()].filter(row => samples.seconds[row]! > at || samples.seconds[row]! < at - 31);
	const thin = {
		seconds: samples.seconds.filter((_, row) => kept.includes(row)),
		pod: kept.map(row => samples.pod[row]!),
		container: kept.map(row => samples.container[row]!),
		cpuCores: Float64Array.from(kept, row => samples.cpuCores[row]!),
		memoryBytes: Float64Array.from(kept, row => samples.memoryBytes[row]!),
		sampledSeconds: Float64Array.from(kept, row => samples.sampledSeconds[row]!),
		windowSeconds: Float64Array.from(kept, row => samples.windowSeconds[row]!),
	};
	const lossy = {name, recording: {...recording, tables: {...recording.tables, samples: thin}}};
	const {triangle} = compared({experiment: truth, measured: [lossy]});
	t.true(triangle.a.matches < triangle.a.decisions);
	t.deepEqual(
		triangle.a.causes.map(({cause}) => cause),
		['samples missing or wrong'],
	);
	t.deepEqual(partsOf({triangle} as Comparison), ['controller']);
});

test('both arms give the savings, and a tolerance that no run can tell is open', t => {
	const experiment = steps({accept: {savings: {absolute: 0.05}}});
	const both = compared({experiment, measured, measuredFixed: standIns(truth, 3, 'fixed')});
	t.is(both.verdict, 'VALID');
	t.true(both.figures['savings']!.measured!.mean > 0.1);
	const alone = compared({experiment, measured});
	t.is(alone.verdict, 'CANNOT SAY');
	t.deepEqual(alone.unclear, ['savings']);
});

test('without tolerances nothing is said, and one that cannot be kept is broken', t => {
	t.is(compared({experiment: steps({accept: {}}), measured}).verdict, 'CANNOT SAY');
	const strict = compared({experiment: steps({accept: {latencyWasserstein: {absolute: 0}}}), measured});
	t.is(strict.verdict, 'NOT VALID');
});

test('a single simulated run is compared with the spread of the replications', t => {
	const given = new MeasuredSchedule(truth).simulate(7);
	const comparison = compared({experiment: truth, measured, given});
	t.is(comparison.figures['podHours']!.simulated!.low, comparison.figures['podHours']!.simulated!.high);
	t.true(comparison.figures['podHours']!.error!.low! < comparison.figures['podHours']!.error!.value);
});

test('a record may not judge when it is invalid, of another experiment or schedule, or was used to calibrate', t => {
	const [{recording}] = measured as [(typeof measured)[number]];
	const {head} = recording;
	const terms = {experiment: truth, scheduleHash: head.scheduleHash, calibration: []};
	t.deepEqual(recordStandingOf(recording, terms), {role: 'judge'});
	const refusal = (...of: Parameters<typeof recordStandingOf>) => {
		const standing = recordStandingOf(...of);
		return standing.role === 'refused' ? standing.reason : '';
	};
	const invalid = {...recording, head: {...head, validity: {valid: false, reasons: ['generator too slow']}}};
	t.regex(refusal(invalid, terms), /validity check: generator too slow/);
	t.regex(refusal(recording, {...terms, experiment: {name: 'other', hash: 'ab'}}), /another experiment/);
	t.regex(refusal(recording, {...terms, scheduleHash: 'ab'}), /other requests/);
	t.is(recordStandingOf(recording, {...terms, calibration: [recordHash(recording)]}).role, 'calibration');
});

test('the hash of a record changes with any cell and with its head', t => {
	const [{recording}] = measured as [(typeof measured)[number]];
	const hash = recordHash(recording);
	t.is(recordHash(structuredClone(recording)), hash);
	const changed = structuredClone(recording);
	changed.tables.requests.endedSeconds[3]! += 1e-9;
	t.not(recordHash(changed), hash);
	t.not(recordHash({...recording, head: {...recording.head, replication: 9}}), hash);
});

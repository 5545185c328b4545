import test from 'ava';
import type {Recorded} from '../../src/comparison/controller-check.ts';
import {calibrationProbesOf, measuredSpeed} from '../../src/comparison/machines/speed.ts';
import {goals} from '../../src/comparison/validation/goals.ts';
import {underConditions} from '../../src/experiment/conditions/under-conditions.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import type {MeasuredMachine, Probe} from '../../src/records/machine.ts';
import {judgementLines} from '../../src/report/answers/judgement-lines.ts';
import {compared, standIns, steps} from './stand-ins.ts';

const truth = steps();
const machine = (id: string): MeasuredMachine => ({processor: 'Fast 3000', cores: 2, memoryBytes: 2 ** 32, id});

/** Requests of 10 and 10 tokens, 0.5 CPU-seconds at 0.125 cores: 4 s on the calibrated machine. */
function probe(when: Probe['when'], factor: number): Probe {
	const scatter = [0.97, 1.03, 1, 1, 0.98, 1.02, 1, 1];
	const requests = scatter.map(one => ({
		promptTokens: 10,
		outputTokens: 10,
		serviceSeconds: 4 * factor * one,
		promptSeconds: 2,
		answerSeconds: 2,
	}));
	return {when, seconds: 0, durationSeconds: 32, cores: 0.125, requests};
}

/** Runs on a machine that is slower by a factor, which probes tell of. */
function onMachine(factor: number, {id = 'own', experiment = truth, repeats = 3} = {}): Recorded[] {
	return standIns(underConditions(experiment, {speed: factor, load: 1}), repeats).map(({name, recording}) => ({
		name: `${name}-${id}`,
		recording: {
			...recording,
			head: {...recording.head, machine: machine(id), probes: [probe('before', factor), probe('after', factor)]},
		},
	}));
}

const few = {replications: 40};

test('a slower machine fails the calibration, not the simulator, when probes tell of it', t => {
	const comparison = compared({experiment: truth, measured: onMachine(1.25), ...few});
	const {simulator, calibration, speeds} = comparison.judgements;
	t.not(simulator.verdict, 'NOT VALID', JSON.stringify(simulator.failing));
	t.is(comparison.verdict, simulator.verdict);
	t.is(simulator.speed, 'measured');
	t.is(calibration.verdict, 'NOT VALID');
	t.true(Math.abs(calibration.factor! - 1.25) < 0.02);
	t.true(speeds.every(speed => speed!.low < 1.25 && speed!.high > 1.25));
	t.true(Math.abs(speeds[0]!.drift! - 1) < 1e-9);
	const [atSpeed, forecast] = [simulator.figures['podHours']!, comparison.figures['podHours']!];
	t.true(Math.abs(atSpeed.error!.value) < Math.abs(forecast.error!.value) / 2);
	t.true(judgementLines(comparison).some(line => /^Simulator: .* at the speed that the probes .* 1\.25/.test(line)));
});

test('of what few requests say of the speed only a part counts, as much as runs are known to differ', t => {
	const {deployment} = truth;
	const {service} = deployment;
	const varying = (variation: {betweenRuns?: number; betweenMachines?: number}): Experiment =>
		service.kind === 'work' ? {...truth, deployment: {...deployment, service: {...service, variation}}} : truth;
	const own = 'Fast 3000, 2 cores, 4 GiB, own';
	const calibration = {runs: [[probe('before', 1), probe('after', 1.2)]], machines: [own]};
	const of = (experiment: Experiment, machine = own) =>
		measuredSpeed({probes: [probe('before', 1.1), probe('after', 1.3)], machine}, experiment, calibration)!;
	// Half of the logarithm of a change within a run is how far both probes tell its mean: 0.091 and 0.084.
	const noise = (Math.log(1.2) ** 2 + Math.log(1.3 / 1.1) ** 2) / 8;
	const {weight, factor, expected, low, high} = of(varying({betweenRuns: 0.1}));
	t.true(Math.abs(weight - 0.01 / (0.01 + noise + 0.01 + noise)) < 1e-9, `${weight}`);
	t.true(Math.abs(factor - Math.sqrt((1.1 * 1.3) / 1.2)) < 0.001);
	t.true(Math.abs(Math.log(expected) - weight * Math.log(factor)) < 1e-9);
	t.true(low < 1 && high > 1.2);
	t.is(of(varying({})).weight, 1); // nothing is known of how runs differ
	const twice = {probes: [probe('before', 2.1), probe('after', 2.3)], machine: own};
	t.is(measuredSpeed(twice, varying({betweenRuns: 0.1}), calibration)!.weight, 1); // no run of that machine
	t.is(measuredSpeed({...twice, machine: 'another'}, varying({betweenRuns: 0.1}), calibration)!.weight, 1);
	const elsewhere = of(varying({betweenRuns: 0.1, betweenMachines: 0.44}), 'another');
	t.true(elsewhere.weight > 0.85 && elsewhere.expected > expected);
	t.is(of(varying({betweenRuns: 0.1, betweenMachines: 0.44})).weight, weight); // the calibrated machine is one of those
});

test('without probes the comparison says so, and a slower machine counts as an error', t => {
	const measured = onMachine(1.4).map(({name, recording: {head, tables}}) => {
		const {probes: _, machine: __, ...rest} = head;
		return {name, recording: {head: rest, tables}};
	});
	const comparison = compared({experiment: truth, measured, ...few});
	const {forecast, simulator, calibration, machines} = comparison.judgements;
	t.is(simulator.speed, 'calibrated');
	t.is(simulator.verdict, 'NOT VALID');
	t.is(forecast.verdict, 'NOT VALID');
	t.is(calibration.by, 'requests');
	t.is(calibration.verdict, 'NOT VALID');
	t.deepEqual(machines, []);
	t.true(judgementLines(comparison).some(line => line.includes('no run has probes of its machine')));
});

test('a machine that was not calibrated is another one, however fast; its repeats are joined by a random effect', t => {
	const measured = [...onMachine(1, {id: 'one', repeats: 2}), ...onMachine(1, {id: 'two', repeats: 2})];
	const probed = [{hash: 'fit', probes: [probe('before', 1)], machine: 'Fast 3000, 2 cores, 4 GiB, one'}];
	t.is(calibrationProbesOf(probed, ['other']), undefined);
	const calibration = calibrationProbesOf(probed, ['fit'])!;
	const comparison = compared({experiment: truth, measured, calibration, ...few});
	t.is(comparison.judgements.calibration.verdict, 'NOT VALID');
	t.deepEqual(comparison.judgements.calibration.otherMachines, ['Fast 3000, 2 cores, 4 GiB, two']);
	t.is(comparison.judgements.speeds[0]!.against, 'calibration');
	const width = ({error}: {error: {low: number | null; high: number | null} | null}) => error!.high! - error!.low!;
	const one = compared({experiment: truth, measured: onMachine(1, {id: 'one', repeats: 4}), calibration, ...few});
	const joined = comparison.judgements.simulator.figures['podHours']!;
	t.true(width(joined) > 2 * width(one.judgements.simulator.figures['podHours']!)); // two machines: one degree of freedom
	t.true(judgementLines(comparison).some(line => line.startsWith('Measured on 2 machines, joined by a random effect')));
});

/** Load that two pods never carry, and no autoscaler: the clients give up after 20 s. */
const crowded = (factor: number): Experiment => {
	const experiment = steps({accept: {p95: {fraction: 0.2}}, autoscaler: 'none'});
	return underConditions({...experiment, workload: {...experiment.workload, timeout: 20}}, {speed: factor, load: 1});
};

test('a percentile that is the timeout judges nothing: the share that timed out and the latency up to it do', t => {
	const comparison = compared({experiment: crowded(1), measured: standIns(crowded(1.6)), ...few});
	t.deepEqual(
		comparison.cutOff
			.map(({figure, timeout, measured}) => [figure, timeout, measured])
			.filter(([name]) => name === 'p95'),
		[['p95', 20, 1]],
	);
	const {p95, timeouts, latencyUpToTimeout} = comparison.figures;
	t.true(Math.abs(p95!.relativeError!) < 0.2); // both sides sit at the timeout
	t.is(p95!.verdict, null);
	t.is(timeouts!.verdict, 'outside');
	t.true(latencyUpToTimeout!.tolerance! > 0);
	t.is(comparison.verdict, 'NOT VALID');
	t.like(goals.find(({name}) => name === 'p95')!.judge(comparison), {figure: 'timeouts', verdict: 'missed'});
	const right = compared({experiment: crowded(1), measured: standIns(crowded(1)), ...few});
	t.is(goals.find(({name}) => name === 'p95')!.judge(right)!.verdict, 'met');
	t.is(right.verdict, 'VALID');
});

import test from 'ava';
import {calibrationWarnings, fitCalibration} from '../../src/calibration/fit-calibration.ts';
import {fitService} from '../../src/calibration/fit-service.ts';
import {type ServiceObservation, serviceObservations} from '../../src/calibration/service-observations.ts';
import {steps} from '../comparison/stand-ins.ts';
import {record, truth} from './records.ts';

/** A pod by itself. */
const alone = {neighbours: 0, speed: 0.125};

const names = ['perRequest', 'perPromptToken', 'perOutputToken'] as const;

test('the work of a record’s requests has the coefficients that it was made with, within their intervals', t => {
	const {recording, experiment} = record();
	const fit = fitService(serviceObservations(recording, experiment));
	t.is(fit.method, 'whole');
	t.true(fit.count > 200);
	t.true(fit.rSquared > 0.95, `${fit.rSquared}`);
	for (const name of names.slice(1)) {
		const {value, low, high} = fit[name];
		t.true(Math.abs(value / truth[name] - 1) < 0.05, `${name}: ${value}`);
		t.true(low < value && value < high);
	}

	t.true(fit.perRequest.low < truth.perRequest && fit.perRequest.high > truth.perRequest);
	t.true(Math.abs(fit.residualCv - truth.residualCv) < 0.02, `${fit.residualCv}`);
});

test('seconds become CPU-seconds by the speed of the pod: half the limit, the same work', t => {
	const containers = [
		{name: 'backend', requests: {cpu: 0.025, memory: 2 ** 26}, limits: {cpu: 0.1, memory: 2 ** 27}},
		{name: 'ollama', requests: {cpu: 0.125, memory: 2 ** 28}, limits: {cpu: 0.0625, memory: 2 ** 30}},
	];
	const {recording, experiment} = record({deployment: {containers}});
	const fit = fitService(serviceObservations(recording, experiment));
	t.true(Math.abs(fit.perPromptToken.value / truth.perPromptToken - 1) < 0.05, `${fit.perPromptToken.value}`);
});

test('work that depends on the CPU limit is said, as the model has one number for all limits', t => {
	const [wide, ...others] = [record({}, 0), record({}, 1), record({}, 2)];
	const containers = wide!.experiment.deployment.containers.map(container =>
		container.name === 'ollama'
			? {...container, limits: {...container.limits, cpu: container.limits.cpu! / 2}}
			: container,
	);
	const small = (work: number) => {
		const service = {
			...truth,
			perRequest: work * truth.perRequest,
			perPromptToken: work * truth.perPromptToken,
			perOutputToken: work * truth.perOutputToken,
		};
		const one = record({deployment: {containers, service}}, 3);
		return calibrationWarnings(fitCalibration([wide!, ...others, one]));
	};

	t.false(
		small(1).some(line => line.includes('CPU-seconds')),
		small(1).join(),
	);
	const [line] = small(2);
	t.regex(
		line!,
		/^The same request takes (?:1\.9|2|2\.1) times as many CPU-seconds at [\d.]+ cores as at [\d.]+, and /,
	);
});

test('answers of one length are told apart from their requests by the server’s own times', t => {
	const observations = Array.from({length: 40}, (_, index): ServiceObservation => {
		const promptTokens = 20 + index;
		const parts = {prompt: 0.01 + 0.009 * promptTokens, output: 16 * 0.03, rest: 0.05};
		return {promptTokens, outputTokens: 16, work: parts.prompt + parts.output + parts.rest, ...alone, parts};
	});
	const fit = fitService(observations);
	t.is(fit.method, 'parts');
	t.true(Math.abs(fit.perRequest.value - 0.06) < 1e-9);
	t.true(Math.abs(fit.perPromptToken.value - 0.009) < 1e-9);
	t.true(Math.abs(fit.perOutputToken.value - 0.03) < 1e-9);
	t.true(fit.rSquared > 0.999999);
	t.true(fit.residualCv < 1e-6);
});

test('answers that nearly all have one length do not tell what an answer takes whatever its length', t => {
	const observations = Array.from({length: 40}, (_, index): ServiceObservation => {
		const [promptTokens, outputTokens] = [20 + index, index % 20 === 0 ? 15 : 16];
		const parts = {prompt: 0.009 * promptTokens, output: 0.48 + (index % 3) * 0.01, rest: 0};
		return {promptTokens, outputTokens, work: parts.prompt + parts.output, ...alone, parts};
	});
	const {perRequest, perOutputToken} = fitService(observations);
	t.true(Math.abs(perOutputToken.value - 0.49 / 16) < 0.001, `${perOutputToken.value}`);
	t.true(Math.abs(perRequest.value) < 0.01, `${perRequest.value}`);
});

test('no coefficient is negative: what takes no time is left out, and the rest is fitted without it', t => {
	// Nearly all answers have one length: least squares alone would give some −0.3 a request.
	const observations = Array.from({length: 60}, (_, index) => {
		const [promptTokens, outputTokens] = [20 + index, index % 20 === 0 ? 15 : 16];
		return {
			promptTokens,
			outputTokens,
			work: 0.006 * promptTokens + 0.02 * outputTokens - (outputTokens === 15 ? 0.02 : 0),
			...alone,
		};
	});
	const fit = fitService(observations);
	t.is(fit.perRequest.value, 0);
	t.true(fit.perPromptToken.value > 0 && fit.perOutputToken.value > 0);
	const expected = observations.reduce((sum, {work}) => sum + work, 0);
	const found = observations.reduce(
		(sum, one) => sum + fit.perPromptToken.value * one.promptTokens + fit.perOutputToken.value * one.outputTokens,
		0,
	);
	t.true(Math.abs(found / expected - 1) < 0.01, `${found} instead of ${expected}`);
});

test('prompts and answers of one length tell nothing without those times', t => {
	const flat = Array.from({length: 40}, () => ({promptTokens: 20, outputTokens: 16, work: 0.8, ...alone}));
	t.throws(() => fitService(flat), {instanceOf: RangeError, message: /different prompt and output tokens/});
	t.throws(() => fitService([]), {instanceOf: RangeError});
});

test('a request that did not complete tells nothing, and times come with their rows', t => {
	const {recording} = record();
	const {requests} = recording.tables;
	const times = requests.outcome.map((_, row) => row / 1000);
	const timings = {
		promptEvalSeconds: Float64Array.from(times),
		evalSeconds: Float64Array.from(times, (time, row) => (row === 0 ? Number.NaN : time)),
	};
	const observations = serviceObservations(recording, steps(), {timings});
	t.is(observations.length, requests.outcome.filter(outcome => outcome === 'completed').length);
	t.is(observations[0]!.parts, undefined);
	const {prompt, output, rest} = observations[1]!.parts!;
	t.is(prompt, 0.001 * 0.125);
	t.true(Math.abs(prompt + output + rest - observations[1]!.work) < 1e-12);
});

test('pods at work beside each other make work longer by a part for each, which the fit finds', t => {
	const nodes = {count: 1, cpu: 8, memory: 2 ** 40};
	const service = {...truth, perNeighbour: 0.06};
	const {recording, experiment} = record({deployment: {service, nodes}});
	const {perNeighbour, perOutputToken} = fitService(serviceObservations(recording, experiment));
	t.true(perNeighbour!.low < 0.06 && perNeighbour!.high > 0.06, JSON.stringify(perNeighbour));
	t.true(perNeighbour!.low > 0.03);
	t.true(Math.abs(perOutputToken.value / truth.perOutputToken - 1) < 0.05, `${perOutputToken.value}`);
});

test('slots of a pod do a part of their work together, which records at one slot and at more show', t => {
	const service = {...truth, sharedBySlots: 0.7};
	const at = (parallel: number) => {
		const {recording, experiment} = record({deployment: {service, llm: {...steps().deployment.llm, parallel}}});
		return serviceObservations(recording, experiment);
	};
	const four = at(4);
	t.true(Math.max(...four.map(({companions}) => companions!)) > 2);
	t.true(four.every(({companions}) => companions! >= 0 && companions! <= 3));
	const {sharedBySlots, perOutputToken} = fitService([...at(1), ...at(2), ...four]);
	// The number of others is their mean over a request's time, in which it changes.
	t.true(Math.abs(sharedBySlots!.value - 0.7) < 0.02, JSON.stringify(sharedBySlots));
	t.true(sharedBySlots!.low < sharedBySlots!.value && sharedBySlots!.high < 0.73, JSON.stringify(sharedBySlots));
	t.true(Math.abs(perOutputToken.value / truth.perOutputToken - 1) < 0.05, `${perOutputToken.value}`);
	const alone = fitService(at(1));
	t.is(alone.sharedBySlots, undefined);
	const together = fitService([...at(1), ...at(2), ...four]);
	t.deepEqual([together.perOutputToken, together.residualCv], [alone.perOutputToken, alone.residualCv]); // not theirs
	t.is(together.besideOthers, at(2).length + four.length);
	t.true(fitService([...at(2), ...four]).sharedBySlots!.value > 0.5); // with none alone all tell all
});

test('what the server and the backend do between two requests belongs to the one that waits for it', t => {
	const {recording} = record({workload: {...steps().workload, timeout: 1e9}});
	const {requests} = recording.tables;
	const startedSeconds = requests.startedSeconds.map(started => started + 0.08);
	const later = {...recording, tables: {...recording.tables, requests: {...requests, startedSeconds}}};
	const works = (of: typeof recording) => serviceObservations(of, steps()).map(({work}) => work);
	const differences = works(later).map((work, row) => Math.abs(work - works(recording)[row]!));
	t.true(Math.max(...differences) < 1e-9, `${Math.max(...differences)}`);
});

test('the counters of the cgroups tell the same work where the pod was busy all the while', t => {
	const {recording, experiment} = record();
	const {requests} = recording.tables;
	const rows = requests.pod.flatMap((pod, row) => [
		{pod, at: requests.startedSeconds[row]!, ended: requests.endedSeconds[row]!, row},
	]);
	const [first] = rows.filter(({row}) => requests.outcome[row] === 'completed');
	const {pod, at, ended} = first!;
	const counters = {
		seconds: Float64Array.of(at - 0.01, at + 1, ended + 0.01),
		pod: [pod, pod, pod],
		container: ['ollama', 'ollama', 'ollama'],
		usageSeconds: Float64Array.of(7, 7.125, 7.125 + (ended - at - 1) * 0.1),
	};
	const counted = serviceObservations(recording, experiment, {counters}).flatMap(one => one.counted ?? []);
	t.is(counted.length, 1);
	t.true(Math.abs(counted[0]! - (0.125 + (ended - at - 1) * 0.1)) < 0.005, `${counted[0]}`);
});

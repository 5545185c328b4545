import test from 'ava';
import {CpuCounters} from '../../src/calibration/cpu-counters.ts';
import {fitUse} from '../../src/calibration/fit-use.ts';
import {metricDelays, metricPeriods} from '../../src/calibration/metric-delays.ts';
import {metricsDocument} from '../../src/calibration/model-document.ts';
import {PodLoad} from '../../src/calibration/pod-load.ts';
import {requestOverheads} from '../../src/calibration/request-overheads.ts';
import {sampleObservations} from '../../src/calibration/sample-observations.ts';
import {record} from './records.ts';

/* Cells that were not recorded (NaN) make no observation, and change no other. */

const {recording, experiment} = record({duration: 400});
const changed = (change: (tables: typeof recording.tables) => void) => {
	const {head, tables} = structuredClone(recording);
	change(tables);
	return {head, tables};
};

test('a sample without its time or its span has no age and no window, and the others keep theirs', t => {
	const whole = metricDelays(recording);
	const delays = metricDelays(
		changed(({samples}) => {
			samples.sampledSeconds.fill(Number.NaN, 40, 60);
			samples.windowSeconds[9] = Number.NaN;
		}),
	);
	t.is(delays.windows.length, whole.windows.length - 1);
	t.true(delays.ages.length < whole.ages.length);
	t.true([...delays.ages, ...delays.windows, delays.duration].every(Number.isFinite));
	t.is(delays.duration, whole.duration);
	t.deepEqual(delays.scrapeGaps, whole.scrapeGaps);
});

test('a period that was not observed stays as it is in the model', t => {
	const bare = metricDelays(
		changed(tables => {
			tables.samples = structuredClone({...tables.samples, seconds: new Float64Array(), pod: [], container: []});
		}),
	);
	t.is(metricPeriods(bare).scrape, Number.NaN);
	const base = {scrape: {period: {value: 15}}, sync: {period: {value: 14}}};
	const provenance = {date: '2026-01-01', records: ['ab'], notes: '', isShort: false};
	const {scrape, sync} = metricsDocument(base, bare, provenance);
	t.deepEqual(scrape, base.scrape);
	t.like(sync, {period: {value: 15}});
	t.deepEqual(metricsDocument(base, {...bare, syncGaps: []}, provenance)['sync'], base.sync);
});

test('a sample without memory counts for CPU alone', t => {
	const observations = sampleObservations(recording, experiment);
	const blank = observations.map((one, index) => (index % 5 === 0 ? {...one, memory: Number.NaN} : one));
	const {idleLlm, backendMemory, loadedMemory} = fitUse(blank);
	t.deepEqual(idleLlm, fitUse(observations).idleLlm);
	t.true(Number.isFinite(backendMemory!.value) && Number.isFinite(loadedMemory!.value));
});

test('samples are left out while a request was served of which the pod, the start or the end is not known', t => {
	const {length} = sampleObservations(recording, experiment);
	for (const column of ['startedSeconds', 'endedSeconds'] as const) {
		const lacking = changed(({requests}) => {
			requests[column].fill(Number.NaN);
		});
		t.true(sampleObservations(lacking, experiment).length < length, column);
	}

	const nameless = changed(({requests}) => {
		requests.pod.fill('');
	});
	t.is(fitUse(sampleObservations(nameless, experiment)).busyLlm, undefined);
	const {requests} = changed(({requests: {sentSeconds, endedSeconds}}) => {
		sentSeconds[0] = Number.NaN;
		endedSeconds[1] = Number.NaN;
	}).tables;
	const load = new PodLoad(requests, 400);
	const [pod, other] = requests.pod as [string, string];
	t.true(load.heldAt(pod, requests.scheduledSeconds[0]! + 0.01) >= 1);
	t.false(load.isKnown(other, {from: 300, to: 310}));
});

test('a request that was not sent, or of which a time is not known, has no such overhead', t => {
	const {requests} = recording.tables;
	const of = (value: number) => new Float64Array(requests.pod.length).fill(value);
	const timings = {
		promptEvalSeconds: of(0.1),
		evalSeconds: of(0.2),
		loadSeconds: of(Number.NaN),
		waitingSeconds: of(0.01),
		loopbackSeconds: of(0.001),
		backendSeconds: of(0.002),
	};
	const unsent = changed(tables => {
		tables.requests.sentSeconds.fill(Number.NaN);
	});
	const {load, waiting, turnaround, hop} = requestOverheads(unsent, timings);
	t.deepEqual([load, waiting, turnaround], [[], [], []]);
	t.true(hop.length > 0 && hop.every(Number.isFinite));
	const known = requestOverheads(recording, timings);
	t.deepEqual(known.load, []);
	t.true(known.waiting.length > 0 && [...known.turnaround].every(Number.isFinite));
});

test('a reading of a counter without its time or value is none', t => {
	const table = {
		seconds: Float64Array.of(0, 5, Number.NaN, 10),
		pod: ['a', 'a', 'a', 'a'],
		container: ['llm', 'llm', 'llm', 'llm'],
		usageSeconds: Float64Array.of(0, Number.NaN, 3, 10),
	};
	t.deepEqual(new CpuCounters(table, 'llm').between('a', 2, 8), {usage: 6, from: 0, to: 10});
});

import test from 'ava';
import {conditionsOf} from '../../src/cluster/measured/conditions.ts';
import {sentRequests} from '../../src/cluster/measured/request-tables.ts';
import {validityOf} from '../../src/cluster/measured/validity.ts';
import type {JournalEntry} from '../../src/cluster/observe/entry.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {completed, podEntry, sent, start} from './make-journal.ts';

const resources = (cpu: number) => ({requests: {cpu}, limits: {cpu}});
const containers = [
	{name: 'backend', ...resources(0.1)},
	{name: 'ollama', ...resources(0.125)},
];
const quiet: readonly JournalEntry[] = [sent(0, 1), completed(0, start + 4)];

function judge(entries: readonly JournalEntry[], {planned = null, isWhole = true, ...parts}: Judged = {}) {
	const experiment = makeExperiment({...parts, deployment: {containers}});
	const conditions = conditionsOf(entries, sentRequests(entries), {experiment, start, planned});
	return {conditions, ...validityOf(conditions, {experiment, isWhole})};
}

type Judged = {planned?: number | null; isWhole?: boolean} & Partial<Pick<Experiment, 'faults'>>;

/** Counters of a container that moved evenly for 10 s, in which it wanted CPU in a share of the periods. */
function cpu(container: string, throttledShare: number, usage: number, activeShare = 1): JournalEntry[] {
	const reading = (at: number, seconds: number): JournalEntry => ({
		type: 'cpu',
		at,
		pod: 'llm-0',
		container,
		id: `${container}-id`,
		periods: seconds * 10 * activeShare,
		throttledPeriods: seconds * 10 * activeShare * throttledShare,
		throttledSeconds: seconds * throttledShare * 0.8,
		usageSeconds: seconds * usage,
	});
	return [reading(start, 0), reading(start + 10, 10)];
}

const restarted = (at: number) =>
	podEntry(at, {
		containers: podEntry(at)
			.containers.map(container => ({...container, restarts: 1, lastEnd: 'OOMKilled'}))
			.slice(1),
	});

const node = (shares: readonly number[]): JournalEntry[] =>
	[0, ...shares].map(
		(_, index): JournalEntry => ({
			type: 'node',
			at: start + index * 5,
			node: 'node-0',
			busy: shares.slice(0, index).reduce((sum, share) => sum + share * 1000, 0),
			steal: 0,
			total: index * 1000,
		}),
	);

test('a quiet run is valid', t => {
	const {valid, reasons, conditions} = judge(quiet, {planned: 1});
	t.true(valid, reasons.join());
	t.deepEqual(conditions.loopback, {p50: 0.02, p99: 0.02, max: 0.02});
	t.is(conditions.decisions, 'none');
	t.is(conditions.startedAt, '1970-01-01T00:16:40Z');
});

const invalid = test.macro((t, entries: readonly JournalEntry[], reason: RegExp, options: Judged = {}) => {
	const {valid, reasons} = judge([...quiet, ...entries], options);
	t.false(valid);
	t.is(reasons.length, 1, reasons.join());
	t.regex(reasons[0]!, reason);
});

test('an interrupted run', invalid, [], /^interrupted/, {isWhole: false});
test('requests that were not sent', invalid, [], /^requests dropped: 2 of 3/, {planned: 3});
test('a backend short of CPU', invalid, cpu('backend', 0.5, 0.09), /^throttled: backend waited .* 40 %/);
test('an LLM that did not get its quota', invalid, cpu('ollama', 1, 0.05), /^starved: ollama got only 40 %/);
test(
	'a restart that nobody asked for',
	invalid,
	[podEntry(1001), restarted(1002)],
	/^restarted: ollama of llm-0 \(OOMKilled\)/,
);
test('a node without an idle core', invalid, node([0.5, 1, 1, 0.5]), /^node saturated: .* node-0 were busy 50 %/);
test(
	'a watch that broke',
	invalid,
	[{type: 'gap', at: 1005, what: 'pods', seconds: 4}],
	/^watch broken: pods .* 4\.0 s/,
);

test('a late generator is told twice: by its percentile and by the late requests', t => {
	t.deepEqual(judge([sent(0, 1, start + 2.5), completed(0, start + 9)]).reasons.length, 3); // the clocks differ then, too
});

const valid = test.macro((t, entries: readonly JournalEntry[], options: Judged = {}) => {
	const {valid: isValid, reasons} = judge([...quiet, ...entries], options);
	t.true(isValid, reasons.join());
});

test('an LLM that works is throttled by design', valid, cpu('ollama', 1, 0.124));
test('an LLM that was idle half of the time was not starved', valid, cpu('ollama', 1, 0.0625, 0.5));
test('a restart on purpose', valid, [podEntry(1001), restarted(1002)], {
	faults: [{kind: 'container-restart', at: 1, count: 1}],
});
test('pressure on purpose', valid, node([0.5, 1, 1, 0.5]), {
	faults: [{kind: 'node-pressure', at: 0, count: 1, duration: 30, cpuFraction: 0.9}],
});

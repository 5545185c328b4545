import test from 'ava';
import type {Parameter} from '../../../src/calibration/recordings/parameter.ts';
import type {SettingEstimate} from '../../../src/calibration/recordings/setting-estimate.ts';
import {fitReport} from '../../../src/report/recordings/fit-report.ts';
import {fittedFacts, intervalText, sentenceStart} from '../../../src/report/recordings/fitted-facts.ts';
import {reportText} from '../../../src/report/text/report.ts';

const quantity: Parameter = {
	...{key: 'syncPeriod', title: 'the sync period', unit: 's', values: [15, 30, 60], start: 30, step: 1},
	...{apply: experiment => experiment, overlay: () => ({}), tradesWith: []},
};
const places: Parameter = {
	...quantity,
	...{key: 'waiting', title: 'the place where requests wait', unit: '', values: [0, 1, 2, 3], start: 0},
	choices: ['in the pod', 'at a proxy', 'nowhere', 'in the sender'],
};

function estimate(parameter: Parameter, some: Partial<SettingEstimate>): SettingEstimate {
	const {start, values} = parameter;
	return {parameter, found: start, value: start, possible: values, isIdentified: true, ...some};
}

test('an interval has as many digits as make its ends differ', t => {
	t.is(intervalText(estimate(quantity, {low: 12.5, high: 17.5})), '12.5 to 17.5 s');
	t.is(intervalText(estimate(quantity, {low: 59.983, high: 60.021})), '59.98 to 60.02 s');
	t.is(intervalText(estimate(quantity, {high: 45})), 'at most 45 s');
	t.is(intervalText(estimate(quantity, {low: 45.25})), 'at least 45.3 s');
	t.is(intervalText(estimate(quantity, {isIdentified: false})), 'not identifiable');
});

test('of many choices that are possible the few that are not are named', t => {
	const of = (possible: readonly number[]) => sentenceStart(estimate(places, {possible}));
	t.is(of([0]), 'The place where requests wait is in the pod');
	t.is(of([0, 2]), 'The place where requests wait is in the pod, perhaps nowhere');
	t.is(of([0, 1, 2]), 'The place where requests wait is in the pod, or anything but in the sender');
});

test('a sentence names the choices beside its own value, the table beside the nearest', t => {
	const kept = estimate(places, {found: 1, value: 0, possible: [0, 1]});
	t.is(sentenceStart(kept), 'The place where requests wait is in the pod, perhaps at a proxy');
	t.is(intervalText(kept), 'perhaps in the pod');
});

test('a setting that was changed is never called not identifiable and left as it was', t => {
	const changed = estimate(quantity, {found: 15, value: 15, isIdentified: false});
	const left = estimate(places, {found: 2, isIdentified: false});
	const report = fitReport({
		...{name: 'mine', recordings: [{name: 'mine/a'}], estimates: [changed, left], given: []},
		...{replicaError: {start: 1, fitted: 0.5}, hasCpu: false, written: 'mine-fitted.yaml', startFile: 'mine.yaml'},
	});
	const text = reportText(report).replaceAll(/\s+/g, ' ');
	t.regex(
		text,
		/Found: the sync period is 15 s, which others may make up for\. The recordings speak against the settings/,
	);
	t.regex(text, /Not identifiable from these recordings, so left as it was: the place where requests wait\./);
	const {found, unknown} = fittedFacts({estimates: [changed, left]}, {} as never);
	t.deepEqual(
		[found.map(({fact}) => fact), unknown],
		[
			['The sync period is 15 s, which others may make up for.'],
			['The place where requests wait: as before, in the pod.'],
		],
	);
});

test('the report of a fit has the age of the CPU metric, with its interval or as not identifiable', t => {
	const text = (isIdentified: boolean) => {
		const metricAge = {seconds: 65, low: 40, high: 95, isIdentified};
		const report = fitReport({
			...{name: 'mine', recordings: [{name: 'mine/a'}], estimates: [estimate(quantity, {low: 20, high: 45})]},
			...{metricAge, given: [], replicaError: {start: 1, fitted: 1}, hasCpu: false},
			...{written: 'mine-fitted.yaml', startFile: 'mine.yaml'},
		});
		return reportText(report).replaceAll(/\s+/g, ' ');
	};
	t.regex(text(true), /The CPU that the autoscaler sees is 65 s old on average, 40 to 95 s\. That follows from/);
	t.regex(text(false), /is 65 s old on average, not identifiable\. That/);
});

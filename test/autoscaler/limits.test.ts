import test from 'ava';
import {decideOn} from './questions.ts';

type Given = Parameters<typeof decideOn>[0];

const goesTo = test.macro({
	exec(t, given: Given, replicas: number, reason: string) {
		const {desiredReplicas, reasons, limited} = decideOn(given);
		t.is(desiredReplicas, replicas);
		t.is(reasons.at(-1), reason);
		t.is(limited, reason !== 'DesiredWithinRange');
	},
	title: (title, {current, proposal}: Given, replicas: number, reason: string) =>
		`${title}: ${current}, proposed ${proposal}, becomes ${replicas} (${reason})`,
});

const behavior = (direction: 'scaleUp' | 'scaleDown', rules: object) => ({hpa: {behavior: {[direction]: rules}}});
const policy = (type: string, value: number, periodSeconds = 60) => ({type, value, periodSeconds});

test('without behavior, from 2', goesTo, {current: 2, proposal: 6}, 4, 'ScaleUpLimit');
test('without behavior, from 1', goesTo, {current: 1, proposal: 6}, 4, 'ScaleUpLimit');
test('without behavior, 4 are always allowed', goesTo, {current: 3, proposal: 6}, 6, 'DesiredWithinRange');
test('without behavior, twice', goesTo, {current: 10, proposal: 30}, 20, 'ScaleUpLimit');
test('without behavior, max below', goesTo, {current: 3, proposal: 30, hpa: {maxReplicas: 5}}, 5, 'TooManyReplicas');
test(
	'without behavior, max at the limit',
	goesTo,
	{current: 3, proposal: 30, hpa: {maxReplicas: 6}},
	6,
	'TooManyReplicas',
);
test('without behavior, min above', goesTo, {current: 9, proposal: 1, hpa: {minReplicas: 2}}, 2, 'TooFewReplicas');

test('empty behavior, 4 pods', goesTo, {current: 2, proposal: 9, hpa: {behavior: {}}}, 6, 'ScaleUpLimit');
test('empty behavior, 100 percent', goesTo, {current: 10, proposal: 90, hpa: {behavior: {}}}, 20, 'ScaleUpLimit');
test('empty behavior, down at once', goesTo, {current: 10, proposal: 1, hpa: {behavior: {}}}, 1, 'DesiredWithinRange');
test(
	'other stanza given',
	goesTo,
	{current: 2, proposal: 9, ...behavior('scaleDown', {selectPolicy: 'Min'})},
	6,
	'ScaleUpLimit',
);
test(
	'window alone given',
	goesTo,
	{current: 2, proposal: 9, ...behavior('scaleUp', {stabilizationWindowSeconds: 30})},
	6,
	'ScaleUpLimit',
);

const both = [policy('Pods', 1), policy('Percent', 100)];
test('Max up', goesTo, {current: 5, proposal: 50, ...behavior('scaleUp', {policies: both})}, 10, 'ScaleUpLimit');
test(
	'Min up',
	goesTo,
	{current: 5, proposal: 50, ...behavior('scaleUp', {policies: both, selectPolicy: 'Min'})},
	6,
	'ScaleUpLimit',
);
test(
	'Disabled up',
	goesTo,
	{current: 5, proposal: 50, ...behavior('scaleUp', {selectPolicy: 'Disabled'})},
	5,
	'ScaleUpLimit',
);
test(
	'Max down',
	goesTo,
	{current: 10, proposal: 1, ...behavior('scaleDown', {policies: [policy('Pods', 2), policy('Percent', 50)]})},
	5,
	'ScaleDownLimit',
);
test(
	'Min down',
	goesTo,
	{
		current: 10,
		proposal: 1,
		...behavior('scaleDown', {policies: [policy('Pods', 2), policy('Percent', 50)], selectPolicy: 'Min'}),
	},
	8,
	'ScaleDownLimit',
);
test(
	'Disabled down',
	goesTo,
	{current: 10, proposal: 1, ...behavior('scaleDown', {selectPolicy: 'Disabled'})},
	10,
	'ScaleDownLimit',
);
test(
	'percent up is rounded up',
	goesTo,
	{current: 3, proposal: 50, ...behavior('scaleUp', {policies: [policy('Percent', 10)]})},
	4,
	'ScaleUpLimit',
);
test(
	'percent down is cut',
	goesTo,
	{current: 7, proposal: 1, ...behavior('scaleDown', {policies: [policy('Percent', 10)]})},
	6,
	'ScaleDownLimit',
);
test(
	'max before the policy',
	goesTo,
	{current: 5, proposal: 50, hpa: {maxReplicas: 7, behavior: {}}},
	7,
	'TooManyReplicas',
);
test(
	'min before the policy',
	goesTo,
	{current: 5, proposal: 0, hpa: {minReplicas: 2, behavior: {}}},
	2,
	'TooFewReplicas',
);
test(
	'a value beyond 32 bits turns round',
	goesTo,
	{current: 5, proposal: 50, ...behavior('scaleUp', {policies: [policy('Pods', 2 ** 31 - 1)]})},
	5,
	'ScaleUpLimit',
);

const four = behavior('scaleUp', {policies: [policy('Pods', 4)]});
const twoDown = behavior('scaleDown', {policies: [policy('Pods', 2)]});
const ups = (...events: [number, number][]) => ({
	history: {scaleUps: events.map(([time, change]) => ({time, change}))},
});
const downs = (...events: [number, number][]) => ({
	history: {scaleDowns: events.map(([time, change]) => ({time, change}))},
});

test('budget partly spent', goesTo, {current: 8, proposal: 50, ...four, ...ups([950, 3])}, 9, 'ScaleUpLimit');
test('budget spent', goesTo, {current: 8, proposal: 50, ...four, ...ups([950, 3], [990, 5])}, 8, 'ScaleUpLimit');
test(
	'budget from before the period',
	goesTo,
	{current: 8, proposal: 50, ...four, ...ups([939, 3])},
	12,
	'ScaleUpLimit',
);
test(
	'budget from the edge of the period is back',
	goesTo,
	{current: 8, proposal: 50, ...four, ...ups([940, 3])},
	12,
	'ScaleUpLimit',
);
test(
	'budget from just inside the period',
	goesTo,
	{current: 8, proposal: 50, ...four, ...ups([940.001, 3])},
	9,
	'ScaleUpLimit',
);
test(
	'what went down adds to the way up',
	goesTo,
	{current: 8, proposal: 50, ...four, ...downs([950, 3])},
	15,
	'ScaleUpLimit',
);
test(
	'budget down partly spent',
	goesTo,
	{current: 8, proposal: 1, ...twoDown, ...downs([950, 1])},
	7,
	'ScaleDownLimit',
);
test('budget down spent', goesTo, {current: 8, proposal: 1, ...twoDown, ...downs([950, 5])}, 8, 'ScaleDownLimit');
test(
	'what went up takes from the way down',
	goesTo,
	{current: 8, proposal: 1, ...twoDown, ...ups([950, 3])},
	3,
	'ScaleDownLimit',
);

test('above max', goesTo, {current: 9, proposal: 9, hpa: {maxReplicas: 5}}, 5, 'TooManyReplicas');
test('below min', goesTo, {current: 1, proposal: 9, hpa: {minReplicas: 4}}, 4, 'TooFewReplicas');
test(
	'above max passes over policies',
	goesTo,
	{current: 90, proposal: 90, hpa: {maxReplicas: 5, behavior: {scaleDown: {selectPolicy: 'Disabled'}}}},
	5,
	'TooManyReplicas',
);
test(
	'below min passes over policies',
	goesTo,
	{current: 1, proposal: 1, hpa: {minReplicas: 30, behavior: {scaleUp: {selectPolicy: 'Disabled'}}}},
	30,
	'TooFewReplicas',
);

test('bounds are restored without a look at metrics, and nothing is recommended', t => {
	const {metrics, proposal, recommendation} = decideOn({current: 9, proposal: 9, hpa: {maxReplicas: 5}});
	t.deepEqual([metrics, proposal, recommendation], [[], undefined, undefined]);
});

test('a target at 0 is left alone', t => {
	const {desiredReplicas, reasons, limited} = decideOn({current: 0, proposal: 5});
	t.deepEqual([desiredReplicas, reasons, limited], [0, ['ScalingDisabled'], false]);
});

test('a target at 0 whose minimum is 0 follows its metric', t => {
	const {desiredReplicas, proposal} = decideOn({current: 0, proposal: 5, hpa: {minReplicas: 0}});
	t.deepEqual([desiredReplicas, proposal], [4, 5]);
});

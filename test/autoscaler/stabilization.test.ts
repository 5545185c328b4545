import test from 'ava';
import {decideOn} from './questions.ts';

type Given = Parameters<typeof decideOn>[0];

const goesTo = test.macro({
	exec(t, given: Given, replicas: number, reason: string) {
		const {desiredReplicas, proposal, reasons, stabilized} = decideOn(given);
		t.is(desiredReplicas, replicas);
		t.is(proposal, given.proposal);
		t.is(reasons[1], reason);
		t.is(stabilized, reason !== 'ReadyForNewScale');
	},
	title: (title, {current, proposal}: Given, replicas: number) =>
		`${title}: ${current}, proposed ${proposal}, becomes ${replicas}`,
});

const log = (...entries: [number, number][]) => ({
	history: {recommendations: entries.map(([time, replicas]) => ({time, replicas}))},
});
const windows = (up: number, down?: number) => ({
	hpa: {
		behavior: {
			scaleUp: {stabilizationWindowSeconds: up, policies: [{type: 'Pods', value: 100, periodSeconds: 15}]},
			...(down !== undefined && {scaleDown: {stabilizationWindowSeconds: down}}),
		},
	},
});

test('no memory, no delay', goesTo, {current: 5, proposal: 2}, 2, 'ReadyForNewScale');
test(
	'the highest in 300 s holds',
	goesTo,
	{current: 5, proposal: 2, ...log([800, 4], [900, 3])},
	4,
	'ScaleDownStabilized',
);
test('it may be above the present size', goesTo, {current: 5, proposal: 2, ...log([800, 7])}, 7, 'ScaleDownStabilized');
test(
	'without behavior the far edge counts',
	goesTo,
	{current: 5, proposal: 2, ...log([700, 5])},
	5,
	'ScaleDownStabilized',
);
test(
	'without behavior beyond the edge',
	goesTo,
	{current: 5, proposal: 2, ...log([699.999, 5])},
	2,
	'ReadyForNewScale',
);
test(
	'without behavior nothing delays the way up',
	goesTo,
	{current: 5, proposal: 8, ...log([990, 2])},
	8,
	'ReadyForNewScale',
);
test(
	'the flag sets the window',
	goesTo,
	{current: 5, proposal: 2, ...log([930, 5]), controller: {downscaleStabilization: 60}},
	2,
	'ReadyForNewScale',
);

test(
	'with behavior the far edge does not count',
	goesTo,
	{current: 5, proposal: 2, ...windows(0), ...log([700, 5])},
	2,
	'ReadyForNewScale',
);
test(
	'with behavior just inside',
	goesTo,
	{current: 5, proposal: 2, ...windows(0), ...log([700.001, 5])},
	5,
	'ScaleDownStabilized',
);
test(
	'with behavior never above the present size on the way down',
	goesTo,
	{current: 5, proposal: 2, ...windows(0), ...log([800, 7])},
	5,
	'ScaleDownStabilized',
);
test(
	'the flag fills in a silent scaleDown',
	goesTo,
	{current: 5, proposal: 2, ...windows(0), ...log([930, 5]), controller: {downscaleStabilization: 60}},
	2,
	'ReadyForNewScale',
);
test(
	'a window of its own',
	goesTo,
	{current: 5, proposal: 2, ...windows(0, 60), ...log([930, 5], [950, 3])},
	3,
	'ScaleDownStabilized',
);
test(
	'a window of 0 delays nothing',
	goesTo,
	{current: 5, proposal: 2, ...windows(0, 0), ...log([1000, 5])},
	2,
	'ReadyForNewScale',
);

test(
	'up waits for the lowest',
	goesTo,
	{current: 5, proposal: 9, ...windows(60), ...log([950, 6], [970, 7])},
	6,
	'ScaleUpStabilized',
);
test(
	'up never goes below the present size',
	goesTo,
	{current: 5, proposal: 9, ...windows(60), ...log([950, 2])},
	5,
	'ScaleUpStabilized',
);
test(
	'up, the far edge does not count',
	goesTo,
	{current: 5, proposal: 9, ...windows(60), ...log([940, 6])},
	9,
	'ReadyForNewScale',
);
test(
	'up, just inside',
	goesTo,
	{current: 5, proposal: 9, ...windows(60), ...log([940.001, 6])},
	6,
	'ScaleUpStabilized',
);
test(
	'a proposal to stay that is stabilized counts as up',
	goesTo,
	{current: 5, proposal: 5, ...windows(60), ...log([950, 2])},
	5,
	'ReadyForNewScale',
);

test('the unstabilized proposal is what is logged', t => {
	t.is(decideOn({current: 5, proposal: 2, ...log([900, 5])}).recommendation, 2);
});

test('a clock of seconds since 1970 does not blur the edges', t => {
	const now = 1_700_000_000.3;
	const at = (time: number) => ({...log([time, 5]), now, ...windows(0)});
	t.is(decideOn({current: 5, proposal: 2, ...at(now - 300)}).desiredReplicas, 2);
	t.is(decideOn({current: 5, proposal: 2, ...at(now - 299.999)}).desiredReplicas, 5);
});

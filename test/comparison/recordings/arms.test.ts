import test from 'ava';
import {type ArmRun, compareArms} from '../../../src/comparison/recordings/arms.ts';
import {armAnswers, armSection} from '../../../src/report/recordings/arms-report.ts';

const arm = (autoscaler: string, load: string, recorded: number, forecast: number, mean?: number): ArmRun => ({
	...{autoscaler, load, replicas: {recorded, forecast}},
	...(mean !== undefined && {
		responses: {recorded: {mean, p95: mean * 2}, forecast: {mean: mean + 1, p95: mean * 3}},
	}),
});

test('autoscalers are compared over the loads that both had, repeats of a load as one', t => {
	const runs = [
		arm('hpa', 'a', 4, 4, 1),
		arm('hpa', 'a', 2, 4, 3),
		arm('hpa', 'b', 3, 2, 4),
		arm('hpa', 'c', 100, 100, 9),
		arm('keda', 'a', 1, 2, 6),
		arm('keda', 'b', 2, 1, 2),
	];
	t.deepEqual(compareArms(runs), [
		{
			...{autoscaler: 'keda', against: 'hpa', loads: 2},
			podHours: {recorded: 1.5 / 3 - 1, forecast: 1.5 / 3 - 1},
			responses: {
				recorded: {own: {mean: 4, p95: 8}, against: {mean: 3, p95: 6}},
				forecast: {own: {mean: 5, p95: 12}, against: {mean: 4, p95: 9}},
			},
		},
	]);
});

test('no comparison without a load that both had, and no response times where one lacks them', t => {
	t.deepEqual(compareArms([arm('hpa', 'a', 1, 1), arm('keda', 'b', 1, 1)]), []);
	t.deepEqual(compareArms([]), []);
	const [only] = compareArms([arm('hpa', 'a', 2, 2, 1), arm('keda', 'a', 3, 1)]);
	t.deepEqual(only, {...{autoscaler: 'keda', against: 'hpa', loads: 1}, podHours: {recorded: 0.5, forecast: -0.5}});
});

test('the report says what one takes beside the other, recorded and forecast', t => {
	const arms = compareArms([arm('hpa', 'a', 4, 4, 1), arm('keda', 'a', 2, 3, 2)]);
	const set = {scores: {set: 'queue'}, arms};
	t.deepEqual(armAnswers(set), [
		'queue: keda takes 50 % fewer pod-hours than hpa under the same arrivals as recorded, 25 % fewer as forecast; a mean response takes 1.00 → 2.00 s as recorded, 2.00 → 3.00 s as forecast.',
	]);
	t.deepEqual(armSection([set])[0]!.rows!.slice(1), [
		['queue', 'keda', 'hpa', '1', 'pod-hours', '-50 %', '-25 %'],
		['', '', '', '', 'mean response', '1.00 → 2.00 s', '2.00 → 3.00 s'],
		['', '', '', '', 'p95 response', '2.00 → 4.00 s', '3.00 → 6.00 s'],
	]);
	t.deepEqual(armSection([{...set, arms: []}]), []);
});

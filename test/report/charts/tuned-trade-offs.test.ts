import test from 'ava';
import {tradeOffChart} from '../../../src/report/charts/trade-off-chart.ts';
import {tunedTradeOffs} from '../../../src/report/charts/tuned-trade-offs.ts';

const exactly = (mean: number | null) => ({mean, low: mean, high: mean});

const candidate = (cost: number, p95: number | null, more: object = {}) => ({
	name: `${cost}`,
	settings: {minReplicas: 2, maxReplicas: 6, 'cpu.averageUtilization': 70},
	costPerHour: exactly(cost),
	p95Seconds: exactly(p95),
	present: false,
	default: false,
	recommended: false,
	heldOut: true,
	...more,
});

test('the front is that of cost and p95 alone, of the candidates that the search has not chosen by', t => {
	const all = [
		candidate(1, 9, {recommended: true}),
		candidate(2, 9),
		candidate(3, 4, {present: true}),
		candidate(0.5, null),
		candidate(0.1, 1, {heldOut: false}),
	];
	t.deepEqual(
		tunedTradeOffs(all, 60).map(({costPerHour, onFront}) => [costPerHour.mean, onFront]),
		[
			[1, true],
			[2, false],
			[3, true],
			[0.5, true],
		],
	);
	t.is(
		tunedTradeOffs(
			all.map(one => ({...one, heldOut: false})),
			60,
		).length,
		all.length,
	);
});

test('a front beside it is that of cost and the p95 that most runs keep', t => {
	const all = [
		candidate(1, 9, {p95InShare: 14}),
		candidate(2, 4, {p95InShare: 15}),
		candidate(3, 5, {p95InShare: 6}),
		candidate(4, 9),
	];
	t.deepEqual(
		tunedTradeOffs(all, 60).map(({onFront, inShare}) => [onFront, inShare]),
		[
			[true, {p95Seconds: 14, onFront: true}],
			[true, {p95Seconds: 15, onFront: false}],
			[false, {p95Seconds: 6, onFront: true}],
			[false, undefined],
		],
	);
});

test('a candidate is called what everybody calls it, or by its pods and CPU target', t => {
	const nameOf = (more: object) => tunedTradeOffs([candidate(1, 1, more)], 60)[0]!.name;
	t.is(nameOf({present: true}), 'present');
	t.is(nameOf({default: true}), 'Kubernetes’ defaults');
	t.is(nameOf({recommended: true}), 'recommended');
	t.is(nameOf({}), '2–6 pods, CPU 70 %');
	t.is(nameOf({settings: {minReplicas: 3, maxReplicas: 3, 'cpu.averageUtilization': 'none'}}), '3 pods');
	t.is(nameOf({settings: {'ollama.requests.cpu': 1}}), '1');
});

test('a p95 that is the timeout is marked in the data and the picture of a trade-off chart', t => {
	const heading = {name: 'front', title: 'Front', subtitle: ['of two'], description: 'Two settings'};
	const chartOf = (p95: number) =>
		tradeOffChart(heading, tunedTradeOffs([candidate(1, p95), candidate(2, 4)], 60), {bound: 15, currency: 'USD'});
	const cut = chartOf(59);
	t.deepEqual(
		cut.data.map(({p95Seconds, cutOff}) => [p95Seconds, cutOff]),
		[
			[59, 'yes'],
			[4, undefined],
		],
	);
	t.regex(JSON.stringify(cut.specification), /triangles: the timeout cuts the latency off/);
	t.deepEqual(
		chartOf(58).data.map(({cutOff}) => cutOff),
		[undefined, undefined],
	);
	t.notRegex(JSON.stringify(chartOf(58).specification), /triangles/);
});

import test from 'ava';
import {isWithinTolerance} from '../../src/autoscaler/arithmetic.ts';
import {decide} from './questions.ts';

const pods = Array.from({length: 10}, (_, index) => ({
	name: `pod-${index}`,
	startTime: 0,
	ready: {status: true, lastTransitionTime: 5},
	containers: [{name: 'main', requests: {cpu: 1}}],
}));

type Given = {readonly target: number; readonly percent: number; readonly kubernetes?: string; readonly rest?: object};

const proposalAt = ({target, percent, kubernetes = '1.34', rest = {}}: Given, behavior?: object) =>
	decide({
		now: 1000,
		kubernetes,
		hpa: {
			maxReplicas: 100,
			metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: target}}}],
			...(behavior && {behavior}),
		},
		scale: {specReplicas: 10},
		pods,
		podMetrics: pods.map(({name}) => ({name, containers: [{name: 'main', usage: {cpu: `${percent * 10}m`}}]})),
		...rest,
	}).proposal;

const edge = test.macro({
	exec(t, target: number, percent: number) {
		t.is(proposalAt({target, percent, kubernetes: '1.32'}), 11);
		for (const kubernetes of ['1.33', '1.34', '1.35']) {
			t.is(proposalAt({target, percent, kubernetes}), 10, kubernetes);
		}
	},
	title: (_, target, percent) => `${percent} % of a target of ${target} % scales up in 1.32 and stays from 1.33 on`,
});

test(edge, 50, 55);
test(edge, 70, 77);
test(edge, 80, 88);
test(edge, 100, 110);

test('a percent beyond the edge scales in each release', t => {
	for (const kubernetes of ['1.32', '1.33', '1.34', '1.35']) {
		t.is(proposalAt({target: 50, percent: 56, kubernetes}), 12);
		t.is(proposalAt({target: 50, percent: 44, kubernetes}), 9);
	}
});

test('each direction has its tolerance', t => {
	const rest = {controller: {toleranceUp: 0.5, toleranceDown: 0.05}};
	t.is(proposalAt({target: 50, percent: 74, rest}), 10);
	t.is(proposalAt({target: 50, percent: 76, rest}), 16);
	t.is(proposalAt({target: 50, percent: 47, rest}), 10);
	t.is(proposalAt({target: 50, percent: 45, rest}), 9);
});

test('the field of a direction acts from 1.35 on', t => {
	const behavior = {scaleUp: {tolerance: '500m'}, scaleDown: {tolerance: 0}};
	for (const kubernetes of ['1.32', '1.33', '1.34']) {
		t.is(proposalAt({target: 50, percent: 60, kubernetes}, behavior), 12, kubernetes);
		t.is(proposalAt({target: 50, percent: 45, kubernetes}, behavior), 10, kubernetes);
	}

	t.is(proposalAt({target: 50, percent: 60, kubernetes: '1.35'}, behavior), 10);
	t.is(proposalAt({target: 50, percent: 45, kubernetes: '1.35'}, behavior), 9);
	t.is(proposalAt({target: 50, percent: 45, kubernetes: '1.35'}, {scaleUp: {tolerance: 0}}), 10);
});

test('a ratio that is no number lies in no band', t => {
	t.false(isWithinTolerance({up: 0.1, down: 0.1, isDistance: false}, Number.NaN));
	t.false(isWithinTolerance({up: 0.1, down: 0.1, isDistance: true}, Number.NaN));
});

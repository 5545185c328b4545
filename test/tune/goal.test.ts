import test from 'ava';
import {parseBudget} from '../../src/tune/budgeted-runs.ts';
import {constraintsOf, parseConstraint} from '../../src/tune/goal.ts';

const means = test.macro({
	exec(t, text: string, figure: string, isUpper: boolean, bound: number) {
		t.like(parseConstraint(text), {figure, isUpper, bound});
	},
	title: (_, text) => `${text} is a bound`,
});

test(means, 'p95<10s', 'p95Seconds', true, 10);
test(means, 'p99 <= 500ms', 'p99Seconds', true, 0.5);
test(means, 'availability>=0.99', 'availability', false, 0.99);
test(means, 'availability>99%', 'availability', false, 0.99);
test(means, 'sloMisses<1%', 'sloMisses', true, 0.01);
test(means, 'churn<6', 'churnPerHour', true, 6);
test(means, 'cost<0.12', 'costPerHour', true, 0.12);
test(means, 'ttftP95<2s', 'ttftSeconds', true, 2);
test(means, 'tpotP95<30ms', 'tpotP95Seconds', true, 0.03);
test(means, 'itlP95 < 50ms', 'itlP95Seconds', true, 0.05);
test(means, 'goodput>=4', 'goodputPerSecond', false, 4);

for (const text of [
	'p95',
	'p95>10s',
	'availability<0.9',
	'p95<10',
	'p95<fast',
	'latency<1s',
	'churn<-1',
	'goodput<4',
	'tpotP95<30',
	'itlP95>=1s',
	'',
]) {
	test(`${JSON.stringify(text)} is none`, t => {
		t.throws(() => parseConstraint(text), {instanceOf: RangeError, message: /^Expected /});
	});
}

test('the objectives of an experiment are bounds', t => {
	t.deepEqual(
		constraintsOf({p95: 0.0015, ttft: 2, availability: 0.99}).map(({text}) => text),
		['p95<0.0015s', 'ttft<2s', 'availability>=0.99'],
	);
	t.deepEqual(constraintsOf({}), []);
});

test('a budget is a time or a number of runs', t => {
	t.deepEqual(parseBudget('5m'), {kind: 'time', seconds: 300});
	t.deepEqual(parseBudget('2000'), {kind: 'runs', most: 2000});
	for (const text of ['0', '0s', '-5', 'much', '1e3', '']) {
		t.throws(() => parseBudget(text), {instanceOf: RangeError, message: /--budget/});
	}
});

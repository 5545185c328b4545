import test from 'ava';
import {loadLine} from '../../../src/report/text/load-line.ts';

const every = (from: number, to: number, perSecond: number) =>
	Array.from({length: Math.round((to - from) * perSecond)}, (_, index) => from + index / perSecond);

test('twice the load is twice as high, and none is blank', t => {
	const arrivals = [...every(0, 60, 2), ...every(60, 120, 4)];
	t.deepEqual(loadLine(arrivals, {duration: 180, width: 6}), {line: '▄▄██', mostPerSecond: 4});
});

test('few arrivals are drawn together, so that chance does not look like load', t => {
	const {line, mostPerSecond} = loadLine([1, 2, 13, 29, 44, 57], {duration: 60, width: 12})!;
	t.is(line, '█'.repeat(12));
	t.is(mostPerSecond, 0.1);
});

test('no arrivals have no line', t => {
	t.is(loadLine([], {duration: 60, width: 12}), undefined);
	t.is(loadLine([-1, 61, Number.NaN], {duration: 60, width: 12}), undefined);
});

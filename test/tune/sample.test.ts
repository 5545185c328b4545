import test from 'ava';
import {AnchorValues, anchoredSample, sampleOf} from '../../src/tune/standing.ts';

const luck = [3, -2, 1, 0, -1, 2, -3, 0];

test('an anchor takes the luck of the first replications away', t => {
	const anchor = luck.map(x => 10 + x);
	const own = [0.1, -0.1, 0.1].map((x, index) => 12 + luck[index]! + x);
	const {count, mean, deviation} = anchoredSample(own, new AnchorValues(anchor));
	t.is(count, 3);
	t.true(Math.abs(mean - (12 + 0.1 / 3)) < 1e-9, 'not 12.7, which the lucky three say');
	t.true(deviation < sampleOf(own).deviation);
});

test('an anchor of other luck, or of no more replications, says nothing', t => {
	const own = [5, 5.1, 4.9];
	t.deepEqual(anchoredSample(own, new AnchorValues(luck.map(x => 10 * x))), sampleOf(own));
	t.deepEqual(anchoredSample(own, new AnchorValues([1, 2, 3])), sampleOf(own));
	t.deepEqual(anchoredSample([5, 6], new AnchorValues(luck)), sampleOf([5, 6]));
});

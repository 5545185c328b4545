import test from 'ava';
import {breakEvenShare, loadShape} from '../../src/forecast/compare-baseline.ts';
import {makePod} from './make-pod.ts';

const hour = {fromSeconds: 0, toSeconds: 3600};

test('two pods, and six for a quarter of the time', t => {
	const more = Array.from({length: 4}, () => makePod({fromSeconds: 900, toSeconds: 1800}));
	t.deepEqual(loadShape([makePod(), makePod(), ...more], 2, hour), {loadedShare: 0.25, podsWhileLoaded: 6});
});

test('pods that came one by one count on average', t => {
	const pods = [makePod(), makePod(), makePod({fromSeconds: 1800}), makePod({fromSeconds: 2700})];
	t.deepEqual(loadShape(pods, 2, hour), {loadedShare: 0.5, podsWhileLoaded: 3.5});
});

test('no load shows nothing', t => {
	t.deepEqual(loadShape([makePod(), makePod()], 2, hour), {loadedShare: 0, podsWhileLoaded: undefined});
});

// 2 + share × 4 pods are 3 at a quarter, 6 at all of it.
test('against three pods six must not be needed for more than a quarter of the time', t => {
	t.is(breakEvenShare({floor: 2, podsWhileLoaded: 6, fixedPods: 3}), 0.25);
});

test('against as many or more than under load it always pays', t => {
	t.is(breakEvenShare({floor: 2, podsWhileLoaded: 6, fixedPods: 6}), 1);
	t.is(breakEvenShare({floor: 2, podsWhileLoaded: 6, fixedPods: 8}), 1);
});

test('against the floor or fewer it never pays', t => {
	t.is(breakEvenShare({floor: 2, podsWhileLoaded: 6, fixedPods: 2}), 0);
	t.is(breakEvenShare({floor: 2, podsWhileLoaded: 6, fixedPods: 1}), 0);
});

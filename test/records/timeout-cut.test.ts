import test from 'ava';
import {cutOffFigures} from '../../src/records/timeout-cut.ts';

const seconds = {p50: 2, p95: 12, p99: 20, ttft: 5};

test('nothing is cut off where no request timed out, however long they took', t => {
	const long = {p50: 30, p95: 59.5, p99: 59.9, ttft: 59};
	t.deepEqual(cutOffFigures({seconds: long, requests: {completed: 100, timedOut: 0}}, 60), []);
});

test('percentiles whose tail is smaller than the share that timed out are cut off, however short the others were', t => {
	const cut = (timedOut: number) => cutOffFigures({seconds, requests: {completed: 1000 - timedOut, timedOut}}, 60);
	t.deepEqual(cut(5), []);
	t.deepEqual(cut(20), ['p99']);
	t.deepEqual(cut(60), ['p95', 'p99', 'ttft']);
	t.deepEqual(cut(510), ['p50', 'p95', 'p99', 'ttft']);
});

test('percentiles at 98 % of the timeout are the timeout where some timed out', t => {
	const near = {p50: 2, p95: 58.9, p99: 59.8, ttft: 5};
	t.deepEqual(cutOffFigures({seconds: near, requests: {completed: 999, timedOut: 1}}, 60), ['p95', 'p99']);
	t.deepEqual(cutOffFigures({seconds: {...near, p95: 58.7}, requests: {completed: 999, timedOut: 1}}, 60), ['p99']);
});

test('everything is cut off where nothing completed', t => {
	const none = {p50: null, p95: Number.NaN, p99: null, ttft: null};
	t.is(cutOffFigures({seconds: none, requests: {completed: 0, timedOut: 3}}, 60).length, 4);
});

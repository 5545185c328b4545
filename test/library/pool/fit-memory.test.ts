import test from 'ava';
import {mostUnderWay, threadsThatFit} from '../../../src/library/pool/fit-memory.ts';
import type {Progress} from '../../../src/library/use-case.ts';
import {makeExperiment, openWorkload} from '../../simulator/make-experiment.ts';

const flood = makeExperiment({duration: 100, workload: {...openWorkload(1e6), timeout: 60}});
const small = makeExperiment({duration: 100, workload: {...openWorkload(1), timeout: 60}});

function fitted(experiments: (typeof flood)[], workers: number, free: number) {
	const said: Progress[] = [];
	const threads = threadsThatFit(experiments, {workers, free, onProgress: progress => said.push(progress)});
	return {threads, said: said.map(({doing}) => doing)};
}

test('requests are under way for as long as their clients wait, and no longer than the run', t => {
	t.is(mostUnderWay(flood), 6e7);
	t.is(mostUnderWay({...flood, duration: 10}), 1e7);
});

test('a run of usual size takes every thread and says nothing', t => {
	t.deepEqual(fitted([small], 8, 1e9), {threads: 8, said: []});
});

test('large runs share out the memory that is free, and say so beforehand', t => {
	const {threads, said} = fitted([small, flood], 8, 2e10);
	t.is(threads, 2);
	t.deepEqual(said, [
		'Up to 60,000,000 requests under way take up to 9.0 GB a thread, 20 GB are free: 2 of 8 threads simulate',
	]);
});

test('one that fits nowhere is simulated on one thread, with a warning', t => {
	const {threads, said} = fitted([flood], 8, 4e9);
	t.is(threads, 1);
	t.regex(said[0]!, /9\.0 GB a thread, and 4\.0 GB are free: less load or a shorter timeout take less$/);
});

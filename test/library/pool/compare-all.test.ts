import test from 'ava';
import {compareAll} from '../../../src/library/pool/compare-all.ts';
import {compared, standIns, steps} from '../../comparison/stand-ins.ts';

const experiment = steps({duration: 300});
const measured = standIns(experiment, 2);
const inputs = [
	{experiment, replications: 20, measured},
	{experiment, replications: 20, measured: measured.slice(1)},
];

test('workers find what the main thread finds, in the order of the inputs, and tell each run', async t => {
	let runs = 0;
	const ended: number[] = [];
	const comparisons = await compareAll(inputs, {
		workers: 2,
		onRun: () => runs++,
		onComparison: index => ended.push(index),
	});
	t.deepEqual(
		comparisons,
		inputs.map(input => compared(input)),
	);
	t.deepEqual(ended.sort(), [0, 1]);
	t.true(runs > 40, `${runs}`);
	t.deepEqual(await compareAll(inputs, {workers: 1}), comparisons);
});

test('no comparisons need no workers, and a failure reaches the caller', async t => {
	t.deepEqual(await compareAll([], {workers: 2}), []);
	const broken = {...inputs[0]!, experiment: {...experiment, deployment: undefined}} as never;
	await t.throwsAsync(compareAll([broken], {workers: 1}), {instanceOf: Error});
});

import test from 'ava';
import {controlsOf, experimentWith, setOptionsOf} from '../../src/explorer/settings.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {exploredOf, shipped} from './experiments.ts';

test('sliders for nodes change the experiment as --set does', async t => {
	const path = shipped('nodes/gpu-burst');
	const explored = await exploredOf(path);
	const {experiment} = explored;
	const controls = controlsOf(explored).filter(({group}) => group === 'Nodes');
	t.true(controls.length > 0);
	for (const control of controls) {
		const value = control.stops.at(-1)!;
		const settings = new Map([[control.name, value]]);
		const changed = experimentWith(experiment, controls, settings);
		const set = setOptionsOf(changed, controls, settings);
		t.is(set.length, 1, control.name);
		const {origin: _, ...read} = await readExperiment(path, {set});
		t.deepEqual(changed.nodeAutoscaler, read.nodeAutoscaler, control.name);
	}
});

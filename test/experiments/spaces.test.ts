import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readSpace} from '../../src/store/inputs/read-space.ts';
import {givenCandidates} from '../../src/tune/given-candidates.ts';
import {candidateAt, nearestPoint} from '../../src/tune/space.ts';

const fits = test.macro({
	async exec(t, experiment: string, profile?: string) {
		const options = profile === undefined ? {} : {profile};
		const read = await readExperiment(`experiments/${experiment}.yaml`, options);
		const space = await readSpace('experiments/spaces/thresholds.yaml', read, {hasTolerance: false});
		const {present} = givenCandidates(space);
		t.is(candidateAt(space, nearestPoint(space, present))?.id, present.id);
		t.deepEqual(present.settings, {
			minReplicas: 2,
			maxReplicas: 6,
			'cpu.averageUtilization': 70,
			'memory.averageUtilization': 80,
		});
	},
	title: (_, experiment, profile = 'its own size') =>
		`the poster’s setting is one of thresholds: ${experiment}, ${profile}`,
});

test(fits, 'cost-efficiency');
test(fits, 'cost-efficiency', 'bench');
test(fits, 'dynamic-scaling');
test(fits, 'dynamic-scaling', 'bench');

import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {flawOf} from '../../src/tune/condition.ts';
import {scaled} from '../../src/tune/evaluate-candidate.ts';
import {knobsOf} from '../../src/tune/knobs.ts';
import {presentScaling} from '../../src/tune/resolve-space.ts';
import {scalingId} from '../../src/tune/scaling.ts';
import {candidateAt} from '../../src/tune/space.ts';
import {spaceOf} from './make-space.ts';

const ollama = await readExperiment('experiments/dynamic-scaling.yaml', {profile: 'bench'});
const web = await readExperiment('experiments/services/web-service.yaml');

test('num_parallel sets the slots of an LLM, and its own value is the present scaling', t => {
	const space = spaceOf({num_parallel: {choices: [1, 2, 4]}}, {experiment: ollama});
	const [one, two] = [candidateAt(space, [0])!, candidateAt(space, [1])!];
	t.deepEqual(two.settings, {num_parallel: 2});
	t.is(scaled(ollama, two.scaling).deployment.llm.parallel, 2);
	t.is(one.id, scalingId(presentScaling(ollama)));
	t.deepEqual(scaled(ollama, one.scaling), ollama);
});

test('slots whose contexts the memory limit does not hold are no candidates', t => {
	const knob = knobsOf(ollama).get('num_parallel')!;
	const present = presentScaling(ollama);
	t.is(flawOf(knob.write(present, 2), ollama), undefined);
	t.is(flawOf(knob.write(present, 1024), ollama), 'ollama needs more memory than its limit');
});

test('a server that is no LLM has its concurrency and the connections of its proxy', t => {
	const space = spaceOf({'waiting.connections': {choices: [4, 8]}, concurrency: {from: 4, to: 6}}, {experiment: web});
	t.deepEqual(
		space.settings.map(({name, values}) => [name, values]),
		[
			['concurrency', [4, 5, 6]],
			['waiting.connections', [4, 8]],
		],
	);
	const {deployment} = scaled(web, candidateAt(space, [2, 1])!.scaling);
	t.like(deployment, {
		service: {concurrency: 6},
		llm: {parallel: 6},
		waiting: {at: 'proxy', connections: 8, queue: 500, timeout: 5},
	});
	t.false(knobsOf(web).has('num_parallel'));
	t.false(knobsOf(ollama).has('waiting.connections'));
});

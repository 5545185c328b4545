import test from 'ava';
import {defaultControllerConfig} from '../../src/autoscaler/contracts.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {flawOf} from '../../src/tune/condition.ts';
import {evaluateCandidate, scaled} from '../../src/tune/evaluate-candidate.ts';
import {figuresIn, hasFigure, keptValues} from '../../src/tune/figures.ts';
import {knobsOf} from '../../src/tune/knobs.ts';
import {presentScaling} from '../../src/tune/resolve-space.ts';
import {scalingId} from '../../src/tune/scaling.ts';
import {candidateAt} from '../../src/tune/space.ts';
import {spaceOf} from './make-space.ts';

const ollama = await readExperiment('experiments/dynamic-scaling.yaml', {profile: 'bench'});
const vllm = await readExperiment('experiments/vllm-waiting-threshold.yaml');
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

test('the batch of an engine is set, and a batch that its tokens do not suffice for is no candidate', t => {
	const space = spaceOf(
		{maxNumSeqs: {choices: [32, 256]}, 'vllm:num_requests_waiting.target': {choices: [1, 4]}},
		{experiment: vllm},
	);
	const [small, own] = [candidateAt(space, [1, 0])!, candidateAt(space, [1, 1])!];
	t.like(scaled(vllm, small.scaling).deployment.service, {
		kind: 'engine',
		engine: {maxNumSeqs: 32, maxNumBatchedTokens: 2048},
	});
	t.is(own.id, scalingId(presentScaling(vllm)));
	t.deepEqual(scaled(vllm, own.scaling), vllm);

	const knob = knobsOf(vllm).get('maxNumBatchedTokens')!;
	t.regex(flawOf(knob.write(presentScaling(vllm), 128), vllm)!, /^maxNumBatchedTokens is not at least maxNumSeqs, 256/);
	t.false(knobsOf(ollama).has('maxNumSeqs'));
	t.false(knobsOf(vllm).has('num_parallel'));
});

test('a run of an engine has the figures that bounds on its tokens judge, and a smaller batch changes them', t => {
	const experiment = {...vllm, warmup: 0, duration: 90};
	const [wide, narrow] = [256, 4].map(value => {
		const scaling = knobsOf(vllm).get('maxNumSeqs')!.write(presentScaling(vllm), value);
		return evaluateCandidate(experiment, scaling, {replication: 0, controller: defaultControllerConfig});
	});
	for (const figures of [wide!, narrow!]) {
		t.deepEqual(figuresIn(keptValues(figures)), figures);
		t.true(figures.tpotP95Seconds! > 0.015 && figures.tpotP95Seconds! < 0.1);
		t.true(figures.itlP95Seconds! >= figures.tpotP95Seconds! / 2);
	}

	t.true(wide!.ttftSeconds < 1);
	t.true(wide!.goodputPerSecond! > 1);
	t.true(narrow!.ttftSeconds > 2 * wide!.ttftSeconds);
	t.true(narrow!.goodputPerSecond! < wide!.goodputPerSecond!);
	t.true(hasFigure(vllm, 'itlP95Seconds'));
	t.false(hasFigure(ollama, 'itlP95Seconds'));
});

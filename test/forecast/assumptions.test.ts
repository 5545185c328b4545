import test from 'ava';
import type {Deployment} from '../../src/experiment/experiment.ts';
import {assumptions} from '../../src/forecast/assumptions.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';

type Parts = {
	readonly llm: Partial<Deployment['llm']>;
	readonly limit?: number;
	readonly request?: number;
	readonly nodes?: Deployment['nodes'];
};

function assumed({llm, limit, request = 1, nodes}: Parts, replicas = 1): string[] {
	const {deployment} = makeExperiment();
	const limits = limit === undefined ? {} : {cpu: limit};
	return assumptions(
		makeExperiment({
			deployment: {
				replicas,
				containers: [{name: 'ollama', requests: {cpu: request}, limits}],
				llm: {...deployment.llm, ...llm},
				...(nodes !== undefined && {nodes}),
			},
		}),
	);
}

test('nothing is assumed of threads that are given and that the limit carries', t => {
	t.deepEqual(assumed({llm: {threads: 2}, limit: 2}), []);
	t.deepEqual(assumed({llm: {threads: 1}, limit: 0.125}), [], 'one thread waits for no other');
});

test('the number of threads is told with where it is from, and what other releases do', t => {
	const [whole, ...none] = assumed({llm: {threads: 4, threadsFrom: 'limit'}, limit: 4});
	t.deepEqual(none, []);
	t.regex(whole!, /^The model runs on 4 threads, the CPU limit of container ollama: .*Other releases take the cores/);
	const [free] = assumed({llm: {threads: 4, threadsFrom: 'nodes'}});
	t.regex(free!, /^The model runs on 4 threads, one for each core of its node, since .* is not set\..*half of them/);
	const [timed] = assumed({llm: {threads: 1, threadsFrom: 'time'}});
	t.regex(timed!, /^A pod is taken to use 1 core while it serves, as container ollama has no CPU limit:/);
	const [fractional] = assumed({llm: {threads: 2, threadsFrom: 'limit'}, limit: 1.5});
	t.regex(
		fractional!,
		/^The model runs on 2 threads, .* rounded up \(1\.5 cores\), .*Ollama 0\.13 to 0\.24 has 1 thread:/,
	);
});

test('threads that the quota cannot carry are marked as not modelled, whoever gave them', t => {
	const mark = /^4 threads within a CPU limit of 1\.5 cores .* not modelled: .* 4 to 45 times .*num_thread/;
	t.regex(assumed({llm: {threads: 4, threadsFrom: 'nodes'}, limit: 1.5})[1]!, mark);
	t.regex(assumed({llm: {threads: 4}, limit: 1.5})[0]!, mark);
});

test('threads of pods side by side that want more than their node has are marked as well', t => {
	const nodes = {count: 2, cpu: 4, memory: 2 ** 34};
	t.deepEqual(assumed({llm: {threads: 4}, nodes}, 2), [], 'a node for each pod');
	t.regex(assumed({llm: {threads: 4}, nodes}, 4)[0]!, /^Up to 2 pods on a node want 8 cores .* its 4 cores evenly\./);
	t.deepEqual(assumed({llm: {threads: 4}, nodes, request: 3}, 4), [], 'a node has room for one');
});

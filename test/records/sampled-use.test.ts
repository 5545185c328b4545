import test from 'ava';
import {SampledUses} from '../../src/records/read-usages.ts';
import type {SampleTable} from '../../src/records/record.ts';
import {longestSpan} from '../../src/records/table-limits.ts';

type Sample = readonly [sampled: number, cpuCores: number, memoryBytes: number, window: number];

function tableOf(samples: readonly Sample[]): SampleTable {
	const column = (index: 0 | 1 | 2 | 3) => Float64Array.from(samples, sample => sample[index]);
	return {
		seconds: column(0),
		pod: samples.map(() => 'llm-1'),
		container: samples.map(() => 'ollama'),
		cpuCores: column(1),
		memoryBytes: column(2),
		sampledSeconds: column(0),
		windowSeconds: column(3),
	};
}

const pod = {started: 100, from: 0, to: 200};

test('a sample holds from the one before it, the first from the start, the last to the end', t => {
	const uses = new SampledUses(
		tableOf([
			[130, 0.5, 10, 15],
			[145, 0.2, 20, 15],
		]),
	);
	t.deepEqual(uses.between('llm-1', pod), {cpuSeconds: 30 * 0.5 + 70 * 0.2, memoryByteSeconds: 30 * 10 + 70 * 20});
});

test('what a sample of no span says of the CPU is left to the next one', t => {
	const uses = new SampledUses(
		tableOf([
			[130, 0, 10, longestSpan],
			[145, 0.2, 20, 15],
		]),
	);
	t.deepEqual(uses.between('llm-1', pod), {cpuSeconds: 100 * 0.2, memoryByteSeconds: 30 * 10 + 70 * 20});
});

test('a pod that was never served counts nothing', t => {
	t.deepEqual(new SampledUses(tableOf([])).between('llm-1', pod), {cpuSeconds: 0, memoryByteSeconds: 0});
});

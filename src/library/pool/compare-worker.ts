import {parentPort} from 'node:worker_threads';
import {type Comparison, type ComparisonInput, compareRuns} from '../../comparison/compare.ts';

/** Entry point of a task: the pool calls it by this name. Each simulated run is reported to the pool as it ends. */
export function compareTask(input: ComparisonInput): Comparison {
	const running = compareRuns(input);
	for (;;) {
		const step = running.next();
		if (step.done === true) {
			return step.value;
		}

		parentPort?.postMessage('run');
	}
}

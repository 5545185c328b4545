import {setImmediate as breathe} from 'node:timers/promises';
import {type Comparison, type ComparisonInput, compare} from '../comparison/compare.ts';

/** Compares on this thread, and lets signals and other work in between two runs. */
export async function runComparison(input: ComparisonInput): Promise<Comparison> {
	const running = compare(input);
	for (;;) {
		const step = running.next();
		if (step.done === true) {
			return step.value;
		}

		await breathe();
	}
}

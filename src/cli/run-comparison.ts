import process from 'node:process';
import {setImmediate as breathe} from 'node:timers/promises';
import {type Comparison, type ComparisonInput, compare, runCount} from '../comparison/compare.ts';
import {showProgress} from './run-progress.ts';

/** Compares, shows how far it is unless it `isQuiet`, and lets signals and other work in between two runs. */
export async function runComparison(input: ComparisonInput, {isQuiet = false} = {}): Promise<Comparison> {
	const progress = isQuiet ? undefined : await showProgress(process.stderr, {replications: runCount(input)});
	try {
		const running = compare(input);
		for (;;) {
			const step = running.next();
			if (step.done === true) {
				return step.value;
			}

			progress?.advance();
			await breathe();
		}
	} finally {
		progress?.stop();
	}
}

import process from 'node:process';
import {sayWhenInterrupted} from '../cli/terminal/interruption.ts';
import {showProgress} from '../cli/terminal/progress.ts';
import {type Comparison, type ComparisonInput, runCount} from '../comparison/compare.ts';
import {compareAll} from './pool/compare-all.ts';

/** Compares on a thread of its own, so that signals are heard, and shows how far it is unless it `isQuiet`. */
export async function compareApart(input: ComparisonInput, {isQuiet = false} = {}): Promise<Comparison> {
	const progress = isQuiet ? undefined : await showProgress(process.stderr, {replications: runCount(input)});
	const stopListening = sayWhenInterrupted(() => {
		progress?.stop();
		return 'Interrupted';
	});
	try {
		const [comparison] = await compareAll([input], {workers: 1, onRun: () => progress?.advance()});
		return comparison!;
	} finally {
		progress?.stop();
		stopListening();
	}
}

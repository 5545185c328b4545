import type {WriteStream} from 'node:tty';
import {showProgress as showUseCase} from './show-progress.ts';

export type RunProgress = {
	/** One replication, both arms, has ended. */
	readonly advance: () => void;
	/** An experiment has ended; `print` is called while the bar is out of the way. */
	readonly finish: (name: string, print: () => void) => void;
	/** Takes the bar away and gives the cursor back. */
	readonly stop: () => void;
};

/** Counts replications on a display of progress. */
export async function showRunProgress(
	stream: WriteStream,
	{replications}: {replications: number},
): Promise<RunProgress> {
	const {onProgress, print, stop} = showUseCase(stream);
	const unit = {doing: 'Simulating', total: replications, unit: 'replications'};
	let done = 0;
	onProgress({...unit, done});
	return {
		advance() {
			done++;
			onProgress({...unit, done});
		},
		finish(name, write) {
			onProgress({...unit, done, detail: `Simulated ${name}`});
			print(write);
		},
		stop,
	};
}

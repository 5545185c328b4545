import type {RunSteps} from '../../cluster/replay/step.ts';
import {type ProgressStream, showProgress} from './show-progress.ts';

/** Shows steps on `stream` as they run: drawn in place on a terminal, else line by line. */
export function stepRunner(stream: ProgressStream): RunSteps {
	return async steps => {
		const {onProgress, stop} = showProgress(stream);
		try {
			for (const {title, run} of steps) {
				onProgress({doing: title});
				const detail = await run(text => onProgress({doing: title, detail: text})).catch((error: unknown) => {
					onProgress({doing: title, isOver: true, hasFailed: true});
					throw error;
				});
				onProgress({doing: title, isOver: true, ...(detail !== undefined && {detail})});
			}
		} finally {
			stop();
		}
	};
}

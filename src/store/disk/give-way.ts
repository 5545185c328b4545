import {setImmediate as nextTurn} from 'node:timers/promises';

/** Longest that work goes on without letting a signal be heard [ms]. */
const longestMs = 100;

/** A function that long loops call now and then: it lets the event loop turn when it has not for a while. */
export function givesWay(): () => Promise<void> | undefined {
	let since = performance.now();
	return () => {
		if (performance.now() - since < longestMs) {
			return undefined;
		}

		return nextTurn().then(() => {
			since = performance.now();
		});
	};
}

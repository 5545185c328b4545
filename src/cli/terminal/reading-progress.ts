import {onReading} from '../../library/program.ts';
import {printError} from './print.ts';

/** Until then nothing is said, and from one line to the next [ms]. */
const first = 2000;
const between = 5000;

/** Shows a line on standard error every few seconds on the progress of reading a long file. */
export function showReading(): void {
	let [current, next] = ['', 0];
	onReading((path, fraction) => {
		const now = performance.now();
		if (path !== current) {
			[current, next] = [path, now + first];
		}

		if (now >= next && fraction < 1) {
			next = now + between;
			printError(`Reading ${path}: ${Math.floor(fraction * 100)} %\n`);
		}
	});
}

import {setTimeout as sleep} from 'node:timers/promises';
import {unixNow} from '../observe/clock.ts';

/** Timers count milliseconds in 32 bits. */
export const longestMs = 2 ** 31 - 1;

/** Resolves at a time [s since 1970], or when the signal aborts. */
export async function sleepUntil(time: number, signal: AbortSignal): Promise<void> {
	for (let left = time - unixNow(); left > 0 && !signal.aborted; left = time - unixNow()) {
		await sleep(Math.min(longestMs, Math.ceil(left * 1000)), undefined, {signal}).catch(() => undefined);
	}
}

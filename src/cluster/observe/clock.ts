import {performance} from 'node:perf_hooks';

/** Seconds since 1970 by a clock that is never set back while the process lives. */
export function unixNow(): number {
	return (performance.timeOrigin + performance.now()) / 1000;
}

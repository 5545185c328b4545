import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';

export type WaitOptions = {
	/** What is waited for, as in `Expected … within 180 s`. */
	readonly what: string;
	/** Undefined once it is there, else what there is instead. */
	readonly lacking: () => string | undefined;
	/** [s] */
	readonly timeout: number;
	readonly signal: AbortSignal;
	/** Is told what is lacking whenever that changes. */
	readonly say?: (text: string) => void;
};

const pollMs = 200;

/** @throws {UserError} E_TIMEOUT with what is lacking when the time is over */
export async function waitFor({what, lacking, timeout, signal, say}: WaitOptions): Promise<void> {
	let last = '';
	for (let waited = 0; ; waited += pollMs) {
		signal.throwIfAborted();
		const lack = lacking();
		if (lack === undefined) {
			return;
		}

		if (waited > timeout * 1000) {
			throw new UserError('E_TIMEOUT', `Expected ${what} within ${timeout} s, got ${lack}`);
		}

		if (lack !== last) {
			last = lack;
			say?.(lack);
		}

		await sleep(pollMs, undefined, {signal});
	}
}

import process from 'node:process';
import type {Verdict} from '../../library/compare.ts';
import {printError} from './print.ts';

/* Where nobody listens to a signal, the system ends the process at once, in the middle of any loop, with the status that
shells show as 130 or 143. Who listens hears it when the loop is left. So a command listens only while worker threads do
the work and it has something to put in order. */

const statuses = {SIGINT: 130, SIGTERM: 143} as const;

let farewell = () => 'Interrupted';
let isListening = false;

/**
 * Makes Ctrl-C end the process with one line on standard error and the status that shells give it.
 *
 * @param say - what is said; it may also put the terminal in order
 * @returns ends the listening: to be called before anything is computed for long without waiting
 */
export function sayWhenInterrupted(say: () => string): () => void {
	farewell = say;
	if (!isListening) {
		isListening = true;
		for (const signal of Object.keys(statuses)) {
			process.on(signal, answer);
		}
	}

	return stopListening;
}

/** The first process of a container has no default action to fall back to: there Ctrl-C is listened to from the start. */
export function listenAsFirstProcess(): void {
	if (isFirstProcess()) {
		sayWhenInterrupted(farewell);
	}
}

function isFirstProcess(): boolean {
	return process.pid === 1;
}

function answer(signal: keyof typeof statuses): void {
	printError(`\n${farewell()}\n`);
	process.exit(statuses[signal]);
}

function stopListening(): void {
	if (isListening && !isFirstProcess()) {
		isListening = false;
		for (const signal of Object.keys(statuses)) {
			process.off(signal, answer);
		}
	}
}

type Interruption = {
	/** Aborts at the first signal. */
	readonly signal: AbortSignal;
	/** Exit status that the signal asks for. */
	readonly status: () => number;
};

/**
 * Makes the first Ctrl-C ask for an orderly end, which may take a while, and the second one end at once.
 *
 * @param doing - what is done at the first one
 */
export function interruption(doing = 'writing what was measured and cleaning up'): Interruption {
	const controller = new AbortController();
	let status = 0;
	for (const [name, code] of Object.entries(statuses)) {
		process.removeAllListeners(name);
		process.on(name, () => {
			if (controller.signal.aborted) {
				process.exit(code);
			}

			status = code;
			printError(`\nInterrupted: ${doing}; once more ends at once\n`);
			controller.abort();
		});
	}

	return {signal: controller.signal, status: () => status};
}

/**
 * Does work that the first Ctrl-C ends in an orderly way, and then sets the exit status that the signal asks for.
 *
 * @param work - rejects when its signal aborts
 * @param farewell - line on standard error after an interruption
 * @returns the result of the work; undefined after an interruption
 */
export async function untilInterrupted<Result>(
	work: (signal: AbortSignal) => Promise<Result>,
	farewell: string,
): Promise<Result | undefined> {
	const {signal, status} = interruption();
	try {
		return await work(signal);
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}

		printError(`${farewell}\n`);
		process.exitCode = status();
		return undefined;
	}
}

/** Exit status by verdict. */
export const verdictStatus: Readonly<Record<Verdict, number>> = {VALID: 0, 'NOT VALID': 3, 'CANNOT SAY': 4};

import {totalmem} from 'node:os';
import process from 'node:process';
import {getHeapStatistics} from 'node:v8';

const mebibyte = 2 ** 20;

/** Memory that this process may use [bytes]: V8's heap, and the whole process. */
export type AvailableMemory = {readonly heap: number; readonly process: number};

/** Reads the limits of V8's heap and of the container, or of the machine where no container sets one. */
export function availableMemory(): AvailableMemory {
	const container = process.constrainedMemory() ?? 0; // beyond any machine where nothing constrains it
	const machine = totalmem();
	return {
		heap: getHeapStatistics().heap_size_limit,
		process: container > 0 ? Math.min(container, machine) : machine,
	};
}

/**
 * The most that may be held for clients [bytes]: half of the heap, which also holds the program, connections and what is
 * not collected yet; a quarter of the container, since a process without any client takes half of 128Mi.
 */
export function mostHeld({heap, process: whole}: AvailableMemory): number {
	return Math.max(mebibyte, Math.floor(Math.min(heap / 2, whole / 4)));
}

/** Held unless the environment says otherwise: what 128Mi and a heap of 64 MiB allow, on a larger machine too. */
export function defaultHeld(memory: AvailableMemory): number {
	return Math.min(32 * mebibyte, mostHeld(memory));
}

import process from 'node:process';

const statuses = {SIGINT: 130, SIGTERM: 143} as const;

export type Interruption = {
	/** Aborts at the first signal. */
	readonly signal: AbortSignal;
	/** Exit status that the signal asks for. */
	readonly status: () => number;
};

/**
 * From now on the first Ctrl-C asks for an orderly end, which may take a while, and the second one ends at once.
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
			process.stderr.write(`\nInterrupted: ${doing}; once more ends at once\n`);
			controller.abort();
		});
	}

	return {signal: controller.signal, status: () => status};
}

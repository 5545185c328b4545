import process from 'node:process';

const statuses = {SIGINT: 130, SIGTERM: 143} as const;

let farewell = () => 'Interrupted';

/** From now on Ctrl-C ends the process with one line on standard error and the status that shells give it. */
export function exitOnInterrupt(): void {
	for (const [signal, status] of Object.entries(statuses)) {
		process.once(signal, () => {
			process.stderr.write(`\n${farewell()}\n`);
			process.exit(status);
		});
	}
}

/** Sets what is said when the process is interrupted; `say` may also put the terminal in order. */
export function sayWhenInterrupted(say: () => string): void {
	farewell = say;
}

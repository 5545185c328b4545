import process from 'node:process';

/** Whether a process of this machine is there. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM'; // it runs, but is another user's
	}
}

// Loaded into a command with --import: writes the most memory that its process had, threads included [bytes].
import {writeFileSync} from 'node:fs';
import process from 'node:process';
import {isMainThread} from 'node:worker_threads';

if (isMainThread) {
	process.on('exit', () => {
		writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS * 1024));
	});
}

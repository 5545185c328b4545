// Loaded into a command with --import: writes the most memory that its process had [bytes] and its processor time [s], threads included.
import {writeFileSync} from 'node:fs';
import process from 'node:process';
import {isMainThread} from 'node:worker_threads';

if (isMainThread) {
	process.on('exit', () => {
		const {maxRSS, userCPUTime, systemCPUTime} = process.resourceUsage();
		const used = {peakBytes: maxRSS * 1024, processorSeconds: (userCPUTime + systemCPUTime) / 1e6};
		writeFileSync(process.env.USED_RESOURCES_FILE, JSON.stringify(used));
	});
}

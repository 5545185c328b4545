import {open} from 'node:fs/promises';
import {isGzip} from './read-pieces.ts';
import {type TraceClaim, TraceLines} from './trace-lines.ts';

/** A shorter file is read to its end [bytes]. */
const shortest = 16 * 1024 * 1024;
const probes = 256;
/** Size of each probe. */
const probeBytes = 64 * 1024;

/**
 * Whether the requests of a long trace come in the order of time, as far as 256 places spread over its file say, its end
 * among them. A trace that was put together of two, or written from the last request on, is not.
 */
export async function isInOrder(path: string, claim: TraceClaim): Promise<boolean> {
	const file = await open(path);
	try {
		const {size} = await file.stat();
		if (size < shortest) {
			return false;
		}

		const {buffer} = await file.read(new Uint8Array(2), 0, 2, 0);
		if (isGzip(buffer)) {
			return false;
		}

		const [first = ''] = await linesAt(file, 0);
		const header = first.trim();
		let last = Number.NEGATIVE_INFINITY;
		let isOrdered = true;
		for (let probe = 0; probe < probes && isOrdered; probe++) {
			const at = Math.floor(((size - probeBytes) * probe) / (probes - 1));
			const lines = new TraceLines({unit: 's', ...claim}, row => {
				isOrdered &&= row.at >= last;
				last = row.at;
			});
			lines.add(header);
			for (const line of (await linesAt(file, at)).slice(1, -1)) {
				lines.add(line);
			}

			lines.end();
		}

		return isOrdered;
	} finally {
		await file.close();
	}
}

async function linesAt(file: Awaited<ReturnType<typeof open>>, position: number): Promise<string[]> {
	const {buffer, bytesRead} = await file.read(Buffer.alloc(probeBytes), 0, probeBytes, position);
	return new TextDecoder().decode(buffer.subarray(0, bytesRead)).split('\n');
}

import {existsSync} from 'node:fs';
import {LiveCheck} from '../../tune/live-check.ts';
import {filesNamed} from '../records/find-records.ts';
import {readJson} from '../records/read-record.ts';

/**
 * Content of a `live.json`.
 *
 * @returns undefined when there is no such file, or it holds something else
 */
export function readLiveCheck(path: string): LiveCheck | undefined {
	if (!existsSync(path)) {
		return undefined;
	}

	const parsed = LiveCheck.safeParse(readJson(path));
	return parsed.success ? parsed.data : undefined;
}

/** Hashes of the candidates' experiments that were measured for a live check below a folder. */
export function liveCheckedHashes(root: string): ReadonlySet<string> {
	const checks = filesNamed('live.json', root).flatMap(path => readLiveCheck(path) ?? []);
	return new Set(checks.flatMap(({candidates}) => candidates.map(({experimentHash}) => experimentHash)));
}

import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readObservedTable} from './read-record.ts';

/** A time in UTC as Kubernetes writes it. */
const apiTime = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;

/**
 * When a record was measured: as its conditions say, else the first time that the API's own status of its autoscaler
 * names.
 *
 * @returns to the second in UTC, `2026-11-24T08:41:40Z`; nothing where neither is told
 */
export async function readMeasuredAt(folder: string): Promise<string | undefined> {
	const told = await startedAt(join(folder, 'conditions.json'));
	if (told !== undefined) {
		return told;
	}

	const hpa = await readObservedTable(folder, 'hpa');
	return hpa?.status.flatMap(status => status.match(apiTime) ?? []).sort()[0];
}

async function startedAt(path: string): Promise<string | undefined> {
	const text = existsSync(path) ? await readFile(path, 'utf8') : '{}';
	return /"startedAt":\s*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"/.exec(text)?.[1];
}

import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import type {Experiment} from '../experiment/experiment.ts';
import {canonicalJson} from '../experiment/experiment-hash.ts';
import type {RecordHead, Recording} from './record.ts';

/**
 * Digest of a record: its head and every cell of its tables, however they are stored.
 *
 * @returns 64 hex digits of SHA-256
 */
export function recordHash({head, tables}: Recording): string {
	const hash = sha256.create();
	hash.update(utf8ToBytes(canonicalJson(head)));
	for (const [name, table] of Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1))) {
		const columns: [string, Float64Array | Int32Array | string[]][] = Object.entries(table);
		for (const [column, values] of columns.sort(([a], [b]) => (a < b ? -1 : 1))) {
			hash.update(utf8ToBytes(`\n${name}.${column}\n`));
			hash.update(bytesOf(values));
		}
	}

	return bytesToHex(hash.digest());
}

function bytesOf(values: Float64Array | Int32Array | string[]): Uint8Array {
	if (Array.isArray(values)) {
		return utf8ToBytes(JSON.stringify(values));
	}

	// One bit pattern for every NaN, whatever file it came from.
	const plain = Float64Array.from(values, value => (Number.isNaN(value) ? Number.NaN : value));
	return new Uint8Array(plain.buffer);
}

/** Identity of a run among those of an experiment. */
type RunOfExperiment = Pick<RecordHead, 'engine' | 'arm' | 'replication' | 'scheduleHash'> &
	Partial<Pick<RecordHead, 'versions' | 'models' | 'validity' | 'provenance' | 'machine' | 'probes'>>;

/** `record.json` of a run; without versions and models, and valid, where nothing else is said. */
export function headOfRun(
	experiment: Experiment,
	{
		engine,
		arm,
		replication,
		scheduleHash,
		versions = {},
		models = {},
		validity = {valid: true, reasons: []},
		provenance,
		machine,
		probes,
	}: RunOfExperiment,
): RecordHead {
	const {name, hash, profile, seed, duration, warmup} = experiment;
	return {
		apiVersion: 'replicast/v1',
		kind: 'Record',
		engine,
		experiment: {name, hash, ...(profile !== undefined && {profile})},
		arm,
		seed,
		replication,
		durationSeconds: duration,
		warmupSeconds: warmup,
		scheduleHash,
		versions: {...versions},
		models: {...models},
		validity,
		...(provenance !== undefined && {provenance}),
		...(machine !== undefined && {machine}),
		...(probes !== undefined && {probes}),
	};
}

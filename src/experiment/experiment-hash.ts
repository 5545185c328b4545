import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import type {Experiment} from './experiment.ts';

/**
 * Digest of what an experiment means: every resolved value, the tolerances and the seed with it, but not the number of
 * replications, its description or where its files stand.
 *
 * @returns 64 hex digits of SHA-256 over the canonical JSON
 */
export function experimentHash(experiment: Omit<Experiment, 'hash'> & {readonly hash?: string}): string {
	const {hash: _hash, replications: _replications, description: _description, ...meaning} = experiment;
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(meaning))));
}

/** JSON with sorted keys and no spaces; an infinite number is the text `Infinity`. */
export function canonicalJson(value: unknown): string {
	if (typeof value === 'number' && !Number.isFinite(value)) {
		return JSON.stringify(String(value));
	}

	if (Array.isArray(value)) {
		return `[${value.map(item => canonicalJson(item)).join(',')}]`;
	}

	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value)
			.filter(([, item]) => item !== undefined)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
		return `{${entries.join(',')}}`;
	}

	return JSON.stringify(value);
}

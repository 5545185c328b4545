import {createHash} from 'node:crypto';
import {deserialize, serialize} from 'node:v8';
import {gunzipSync, gzipSync} from 'node:zlib';
import type {ControllerConfig} from '../../../autoscaler/reconcile.ts';
import type {Experiment} from '../../../experiment/experiment.ts';
import type {Scaling} from '../../../tune/scaling.ts';

const mark = 'sha256:';

/** SHA-256 of a text, as hex. */
export function digestOf(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** A text with its checksum as the last line. */
export function seal(text: string): string {
	return `${text}\n${mark}${digestOf(text)}\n`;
}

/**
 * The text that was sealed.
 *
 * @throws {RangeError} when it is cut off or was changed
 */
export function unseal(name: string, sealed: string): string {
	const end = sealed.lastIndexOf(`\n${mark}`);
	const text = sealed.slice(0, Math.max(0, end));
	if (end === -1 || sealed.slice(end) !== `\n${mark}${digestOf(text)}\n`) {
		throw new RangeError(
			`Expected ${name} to be whole, got ${sealed.length} characters that its checksum does not fit`,
		);
	}

	return text;
}

/** Setup that every shard of a search needs. */
export type ShardSetup = {
	/** SHA-256 of the program that evaluates: another release might give other figures. */
	readonly program: string;
	readonly experiment: Experiment;
	readonly controller: ControllerConfig;
};

/** Replication of the candidate with an id. */
export type WorkUnit = {readonly candidate: string; readonly replication: number};

/** Work units, cut into shards. */
export type ShardBatch = {
	readonly scalings: Readonly<Record<string, Scaling>>;
	readonly shards: readonly (readonly WorkUnit[])[];
};

/** Names of what is stored. */
export const setupName = 'setup';
export const batchName = (batch: string) => `${batch}/work`;
export const recordName = (batch: string, shard: number) => `${batch}/record-${shard}`;

/** Stored text of a setup or a batch, and the digest by which a record names it. */
type Stored = {readonly text: string; readonly digest: string};

export function storedForm(value: ShardSetup | ShardBatch): Stored {
	const packed = pack(value);
	return {text: seal(packed), digest: digestOf(packed)};
}

/** @throws {RangeError} when it is not whole */
export function readStored<Value extends ShardSetup | ShardBatch>(
	name: string,
	text: string,
): {readonly value: Value; readonly digest: string} {
	const packed = unseal(name, text);
	return {value: unpack<Value>(packed), digest: digestOf(packed)};
}

/** Units in shards of as equal size as can be, in their order: neighbours are of one replication, whose requests are drawn once. */
export function shardsOf<Unit>(units: readonly Unit[], count: number): Unit[][] {
	const shards = Math.min(count, units.length);
	return Array.from({length: shards}, (_, shard) =>
		units.slice(Math.floor((shard * units.length) / shards), Math.floor(((shard + 1) * units.length) / shards)),
	);
}

/** Store of work for shards and of their records for the collector: texts by name. */
export type ObjectStore = {
	/** Reads a text; undefined when there is none of that name. */
	readonly get: (name: string) => Promise<string | undefined>;
	/** A reader sees the old text or the new one, never a part. */
	readonly put: (name: string, text: string) => Promise<void>;
};

/** A name that stays inside its store. */
export function checkedName(name: string): string {
	if (!/^[\w-]+(?:\/[\w-]+)*$/.test(name)) {
		throw new RangeError(`Expected the name of an object to be words of letters and digits, got ${name}`);
	}

	return name;
}

/** A value as text. What JSON has no form for (infinite numbers, arrays of numbers of a given width) comes back as it was. */
function pack(value: unknown): string {
	return gzipSync(serialize(value)).toString('base64');
}

function unpack<Value>(text: string): Value {
	return deserialize(gunzipSync(Buffer.from(text, 'base64'))) as Value;
}

import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Scaling} from '../tune/scaling.ts';
import {pack, unpack} from './packed.ts';
import {digestOf, seal, unseal} from './sealed.ts';

/** What every shard of a search needs. */
export type ShardSetup = {
	/** SHA-256 of the program that is to play: another release might give other figures. */
	readonly program: string;
	readonly experiment: Experiment;
	readonly controller: ControllerConfig;
};

/** One replication of the candidate with an id. */
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

/** What is stored of a setup or a batch, and the digest by which a record says what it is of. */
export type Stored = {readonly text: string; readonly digest: string};

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

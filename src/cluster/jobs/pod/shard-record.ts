import {type CandidateFigures, figuresIn, keptFigures, keptValues} from '../../../tune/figures.ts';
import type {WorkUnit} from './shard-work.ts';
import {seal, unseal} from './shard-work.ts';

/** Identity of a record's shard, by the digests of setup and batch. */
type ShardIdentity = {readonly setup: string; readonly batch: string; readonly shard: number};

/** The record of a shard: a line that says of which, a line for each run, and the checksum of those. */
export function shardRecord(
	{setup, batch, shard}: ShardIdentity,
	units: readonly WorkUnit[],
	figures: readonly CandidateFigures[],
): string {
	const head = {kind: 'ShardRecord', setup, batch, shard, columns: ['candidate', 'replication', ...keptFigures]};
	const runs = units.map(({candidate, replication}, index) => [candidate, replication, ...keptValues(figures[index]!)]);
	return seal([head, ...runs].map(line => JSON.stringify(line)).join('\n'));
}

/**
 * The figures of a shard's units, in their order.
 *
 * @throws {RangeError} when the record is not whole, or of another shard
 */
export function readShardRecord(
	name: string,
	text: string,
	{identity, units}: {readonly identity: ShardIdentity; readonly units: readonly WorkUnit[]},
): CandidateFigures[] {
	const [head, ...lines] = unseal(name, text).split('\n');
	const {setup, batch, shard} = JSON.parse(head!) as ShardIdentity;
	const isIts = setup === identity.setup && batch === identity.batch && shard === identity.shard;
	if (!isIts || lines.length !== units.length) {
		throw new RangeError(`Expected ${name} to be the record of shard ${identity.shard}, got one of other work`);
	}

	return lines.map(line => {
		const [, , ...values] = JSON.parse(line) as [string, number, ...(number | null)[]];
		return figuresIn(values);
	});
}

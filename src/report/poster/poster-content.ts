import type {AuditedClaim} from '../../audit/audit.ts';
import type {Drawn} from '../pages/page.ts';
import type {Kpi} from './kpis.ts';

/** Record that figures of the poster come from. */
export type PosterSource = {
	readonly folder: string;
	readonly hash: string;
	readonly engine: 'simulated' | 'measured';
	readonly seed: number;
	readonly versions: Readonly<Record<string, string>>;
};

/** Content of a poster. */
export type PosterContent = {
	readonly publication: string;
	readonly kpis: readonly Kpi[];
	readonly drawn: readonly Drawn[];
	readonly audited: readonly AuditedClaim[];
	readonly sources: readonly PosterSource[];
	/** Day on which it was made, such as `2026-11-24`. */
	readonly date: string;
	/** Text where nothing was measured. */
	readonly missing: string | undefined;
};

/** Digits of a hash that identify records on paper. */
const hashDigits = 12;

/**
 * Lines at the foot of the poster: records with their hashes, versions, seeds, and the day on which it was made.
 *
 * @param date - such as `2026-11-24`
 */
export function provenanceLines(sources: readonly PosterSource[], date: string): string[] {
	const records = sources.map(({folder, hash, engine}) => `${folder} ${hash.slice(0, hashDigits)} (${engine})`);
	const versions = new Map<string, Set<string>>();
	for (const [name, version] of sources.flatMap(source => Object.entries(source.versions))) {
		versions.set(name, (versions.get(name) ?? new Set()).add(version));
	}

	const seeds = new Set(sources.map(({seed}) => seed));
	return [
		`Records: ${records.join('; ')}.`,
		`Versions: ${[...versions].map(([name, all]) => `${name} ${[...all].join(' and ')}`).join(', ')}. Seed ${[...seeds].join(', ')}. Made on ${date}.`,
	];
}

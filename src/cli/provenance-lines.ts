import type {PosterSource} from './poster-sources.ts';

/** Digits of a hash that tell records apart on paper. */
const hashDigits = 12;

/** The foot of the poster: records with their hashes, versions, seeds, and when it was made. */
export function provenanceLines(sources: readonly PosterSource[]): string[] {
	const records = sources.map(({folder, hash, engine}) => `${folder} ${hash.slice(0, hashDigits)} (${engine})`);
	const versions = new Map<string, Set<string>>();
	for (const [name, version] of sources.flatMap(source => Object.entries(source.versions))) {
		versions.set(name, (versions.get(name) ?? new Set()).add(version));
	}

	const seeds = new Set(sources.map(({seed}) => seed));
	return [
		`Records: ${records.join('; ')}.`,
		`Versions: ${[...versions].map(([name, all]) => `${name} ${[...all].join(' and ')}`).join(', ')}. Seed ${[...seeds].join(', ')}. Made on ${new Date().toISOString().slice(0, 10)}.`,
	];
}

/** Names of a list that are like one that is not in it, the nearest first, three at most. */
export function nearNames(name: string, known: readonly string[]): string[] {
	const wanted = partsOf(name);
	const scored = known.map(other => {
		const parts = partsOf(other);
		const common = [...wanted].filter(part => parts.has(part)).length;
		return {other, score: common / (wanted.size + parts.size - common)};
	});
	return scored
		.filter(({score}) => score >= 0.3)
		.sort((a, b) => b.score - a.score)
		.slice(0, 3)
		.map(({other}) => other);
}

/** Words that all servers have in the names of their metrics say nothing. */
function partsOf(name: string): ReadonlySet<string> {
	const words = name
		.toLowerCase()
		.slice(0, 253)
		.split(/[^a-z\d]+/)
		.map(word => word.replace(/s$/, ''));
	return new Set(words.filter(word => word !== '' && word !== 'total'));
}

/** The name that a misspelt one was probably meant to be; `undefined` when none is near. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
	const near = names
		.map(candidate => ({candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase())}))
		.filter(({candidate, distance}) => distance <= Math.max(name.length, candidate.length, 3) / 3)
		.sort((a, b) => a.distance - b.distance);
	return near[0]?.candidate;
}

/** Letters to insert, delete or replace to get from one text to the other. */
function editDistance(from: string, to: string): number {
	if (Math.abs(from.length - to.length) > 8) {
		return Number.POSITIVE_INFINITY;
	}

	let row = Array.from({length: to.length + 1}, (_, index) => index);
	for (const [index, letter] of [...from].entries()) {
		const next = [index + 1];
		for (let column = 1; column <= to.length; column++) {
			const replaced = row[column - 1]! + (letter === to[column - 1] ? 0 : 1);
			next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
		}

		row = next;
	}

	return row[to.length]!;
}

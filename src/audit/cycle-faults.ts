import type {ClaimFault} from './claim-fault.ts';
import type {Claim} from './claims-file.ts';
import {namesIn, parseFormula} from './formula.ts';

/** Claims that follow from themselves, one fault for each way round. */
export function cycleFaults(claims: readonly Claim[]): ClaimFault[] {
	const follows = new Map(claims.map(({id, formula}) => [id, formula === undefined ? [] : sourcesOf(formula)]));
	const told = new Set<string>();
	return claims.flatMap(({id}, index) => {
		const round = wayBack(id, follows);
		if (round === undefined || told.has(id)) {
			return [];
		}

		for (const name of round) {
			told.add(name);
		}

		const got = [...round, id].join(' ← ');
		return [{path: ['claims', index, 'formula'], rule: 'a formula that does not lead back to its own claim', got}];
	});
}

function sourcesOf(formula: string): string[] {
	try {
		return namesIn(parseFormula(formula));
	} catch {
		return []; // told where it stands
	}
}

/** Shortest way from a claim over its sources back to it. */
function wayBack(start: string, follows: ReadonlyMap<string, readonly string[]>): string[] | undefined {
	const seen = new Set<string>();
	let ways = [[start]];
	while (ways.length > 0) {
		const longer: string[][] = [];
		for (const way of ways) {
			for (const source of follows.get(way.at(-1)!) ?? []) {
				if (source === start) {
					return way;
				}

				if (!seen.has(source)) {
					seen.add(source);
					longer.push([...way, source]);
				}
			}
		}

		ways = longer;
	}

	return undefined;
}

import type {Claim} from './claims-file.ts';
import type {ClaimFault} from './finding.ts';
import {namesIn, parseFormula} from './formula.ts';

/** Claims that follow from themselves, one fault for each way round. */
export function cycleFaults(claims: readonly Claim[]): ClaimFault[] {
	const follows = betweenCycles(
		new Map(claims.map(({id, formula}) => [id, formula === undefined ? [] : sourcesOf(formula)])),
	);
	const reported = new Set<string>();
	return claims.flatMap(({id}, index) => {
		const round = reported.has(id) ? undefined : wayBack(id, follows);
		if (round === undefined) {
			return [];
		}

		for (const name of round) {
			reported.add(name);
		}

		const got = [...round, id].join(' ← ');
		return [{path: ['claims', index, 'formula'], rule: 'a formula that does not lead back to its own claim', got}];
	});
}

function sourcesOf(formula: string): string[] {
	try {
		return namesIn(parseFormula(formula));
	} catch {
		return []; // reported at its place
	}
}

type Edges = ReadonlyMap<string, readonly string[]>;

/** The claims between which there are cycles: each leads to one and comes from one. */
function betweenCycles(follows: Edges): Edges {
	const [leading, coming] = [leadingToCycles(follows), leadingToCycles(reversed(follows))];
	return new Map([...follows].filter(([id]) => leading.has(id) && coming.has(id)));
}

/** Ids in cycles or leading to one, found by removing ids that lead to none of the others, again and again. */
function leadingToCycles(edges: Edges): ReadonlySet<string> {
	const back = reversed(edges);
	const open = new Map([...edges].map(([id, next]) => [id, next.filter(other => edges.has(other)).length]));
	const ends = [...open].filter(([, count]) => count === 0).map(([id]) => id);
	for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
		open.delete(end);
		for (const id of back.get(end) ?? []) {
			open.set(id, open.get(id)! - 1);
			if (open.get(id) === 0) {
				ends.push(id);
			}
		}
	}

	return new Set(open.keys());
}

function reversed(edges: Edges): Edges {
	const back = new Map<string, string[]>([...edges.keys()].map(id => [id, []]));
	for (const [id, next] of edges) {
		for (const other of next) {
			back.get(other)?.push(id);
		}
	}

	return back;
}

/** Shortest way from a claim over its sources back to it. */
function wayBack(start: string, follows: ReadonlyMap<string, readonly string[]>): string[] | undefined {
	const cameFrom = new Map<string, string>();
	const queue = [start];
	for (const id of queue) {
		for (const source of follows.get(id) ?? []) {
			if (source === start) {
				return wayTo(id, start, cameFrom);
			}

			if (!cameFrom.has(source)) {
				cameFrom.set(source, id);
				queue.push(source);
			}
		}
	}

	return undefined;
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
	const way = [end];
	while (way[0] !== start) {
		way.unshift(cameFrom.get(way[0]!)!);
	}

	return way;
}

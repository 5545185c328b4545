import type {Grid} from '../../history/series-store.ts';

/** Most points of a series that Prometheus answers with. @see prometheus v3 web/api/v1/api.go, query_range: 11,000 */
export const mostPoints = 11_000;

/** Steps of the longest piece: a day of steps of 15 s. */
const longestPiece = 5760;

/** Steps of the shortest piece that is asked for because of the number of series. */
const shortestPiece = 360;

/** Series times points that one question may make the server look at. */
const mostValues = 5_000_000;

/**
 * Parts of a grid that are asked for one by one. They begin at whole multiples of their length since 1970, so that a later
 * reading of a span that has moved on has the same parts; the first one may begin before the grid.
 *
 * @param series - series that the server has to look at
 */
export function piecesOf({start, stepSeconds, steps}: Grid, series: number): Grid[] {
	const length = pieceLength(series);
	const first = Math.round(start / stepSeconds);
	const end = first + steps;
	const pieces: Grid[] = [];
	for (let at = Math.floor(first / length) * length; at < end; at += length) {
		pieces.push({start: at * stepSeconds, stepSeconds, steps: Math.min(length, end - at)});
	}

	return pieces;
}

function pieceLength(series: number): number {
	let length = longestPiece;
	while (length > shortestPiece && length * series > mostValues) {
		length /= 2;
	}

	return length;
}

/** Two halves of a part; undefined where it is a single step. */
export function halvesOf({start, stepSeconds, steps}: Grid): [Grid, Grid] | undefined {
	if (steps < 2) {
		return undefined;
	}

	const half = Math.ceil(steps / 2);
	return [
		{start, stepSeconds, steps: half},
		{start: start + half * stepSeconds, stepSeconds, steps: steps - half},
	];
}

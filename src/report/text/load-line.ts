/** Heights of a column, from nothing to the most. */
const blocks = ' ▁▂▃▄▅▆▇█';
/** Columns that are drawn as one where few requests arrive, so that chance does not look like load. */
const columnsTogether = [1, 2, 3, 4, 6, 8, 12, 18, 24];
const enoughArrivals = 12;

/** Offered load as a line of characters. */
export type LoadLine = {
	readonly line: string;
	/** The highest rate of any column [1/s]. */
	readonly mostPerSecond: number;
};

/**
 * Draws requests over time as one line of block characters.
 *
 * @param arrivals - when each request arrived [s]
 * @returns undefined when none arrived
 */
export function loadLine(
	arrivals: ArrayLike<number>,
	{duration, width}: {readonly duration: number; readonly width: number},
): LoadLine | undefined {
	const counts = new Array<number>(width).fill(0);
	for (let index = 0; index < arrivals.length; index++) {
		const column = Math.floor((arrivals[index]! / duration) * width);
		if (column >= 0 && column < width) {
			counts[column]!++;
		}
	}

	const total = counts.reduce((sum, count) => sum + count, 0);
	if (total === 0) {
		return undefined;
	}

	const enough = (columns: number) => width % columns === 0 && (total * columns) / width >= enoughArrivals;
	const together = columnsTogether.find(enough) ?? columnsTogether.findLast(columns => width % columns === 0)!;
	const means = counts.map((_, column) => {
		const first = column - (column % together);
		return counts.slice(first, first + together).reduce((sum, count) => sum + count, 0) / together;
	});
	const most = Math.max(...means);
	const line = means.map(mean => blocks[Math.ceil((mean / most) * (blocks.length - 1))]).join('');
	return {line: line.trimEnd(), mostPerSecond: (most * width) / duration};
}

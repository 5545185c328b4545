import {sum} from 'simple-statistics';
import {studentQuantile} from '../../statistics/estimate.ts';

/** Means of columns over consecutive steps, a row a block. */
type Blocks = readonly (readonly number[])[];

/** Share of a block's steps that have to be known. */
const leastKnown = 0.5;

/**
 * Means over consecutive blocks of steps in which every column is known; blocks that are half unknown are left out.
 *
 * @param isLeftOut - whether a step is not to be used
 */
export function blockMeans(
	columns: readonly Float64Array[],
	stepsPerBlock: number,
	isLeftOut: (step: number) => boolean = () => false,
): Blocks {
	const steps = columns[0]?.length ?? 0;
	const rows: number[][] = [];
	for (let begin = 0; begin + stepsPerBlock <= steps; begin += stepsPerBlock) {
		const known = Array.from({length: stepsPerBlock}, (_, index) => begin + index).filter(
			step => !isLeftOut(step) && columns.every(values => !Number.isNaN(values[step]!)),
		);
		if (known.length >= leastKnown * stepsPerBlock) {
			rows.push(columns.map(values => sum(known.map(step => values[step]!)) / known.length));
		}
	}

	return rows;
}

const mostBatches = 20;
const fewestBatches = 8;

/**
 * Estimates of several quantities with their 95 % intervals, which hold where neighbouring rows are alike: a jackknife that
 * leaves out one of up to 20 batches of consecutive rows at a time.
 *
 * @param estimate - of the rows given
 * @returns a value with its interval for each quantity; undefined where the rows are too few, or do not determine them
 * @see Künsch, The jackknife and the bootstrap for general stationary observations, Annals of Statistics 17, 1989
 */
export function jackknifed(
	rows: Blocks,
	estimate: (rows: Blocks) => readonly number[] | undefined,
): {value: number; low: number; high: number}[] | undefined {
	const batches = Math.min(mostBatches, Math.floor(rows.length / 2));
	const whole = estimate(rows);
	if (batches < fewestBatches || whole === undefined) {
		return undefined;
	}

	const partial: (readonly number[])[] = [];
	for (let batch = 0; batch < batches; batch++) {
		const [from, to] = [batch, batch + 1].map(index => Math.round((index * rows.length) / batches)) as [number, number];
		const without = estimate([...rows.slice(0, from), ...rows.slice(to)]);
		if (without === undefined) {
			return undefined;
		}

		partial.push(without);
	}

	const quantile = studentQuantile(0.975, batches - 1);
	return whole.map((value, index) => {
		const values = partial.map(each => each[index]!);
		const center = sum(values) / batches;
		const squares = sum(values.map(each => (each - center) * (each - center)));
		const half = quantile * Math.sqrt(((batches - 1) / batches) * squares);
		return {value, low: value - half, high: value + half};
	});
}

import {mean, sampleStandardDeviation, sampleVariance} from 'simple-statistics';
import {bootstrapMean, type Interval} from '../statistics/bootstrap.ts';
import {studentQuantile} from '../statistics/student-quantile.ts';
import {variesMore} from '../statistics/varies-more.ts';

/** Errors by replication and, within it, by repeat. */
export type Errors = readonly (readonly number[])[];

export type ErrorEstimate = {
	readonly value: number;
	/** 90 % interval; absent where nothing tells the spread. */
	readonly interval?: Interval;
	/** Mean absolute error of one run against one run. */
	readonly absolute: number;
};

type Options = {
	/** Errors of replications when the simulated side itself is a single run. */
	readonly spread?: Errors;
	/** What the error cannot be below. */
	readonly least?: number;
	/** What it cannot be above. */
	readonly most?: number;
};

const confidence = 0.9;

/**
 * Mean error over replications and repeats. Its interval joins the bootstrap over replications with the spread over
 * repeats.
 *
 * @param errors - simulated less measured; NaN where a pair has no such figure
 * @returns nothing when no pair has the figure
 */
export function estimateError(errors: Errors, options: Options = {}): ErrorEstimate | undefined {
	const {spread = errors, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY} = options;
	const byReplication = presentMeans(errors);
	if (byReplication.length === 0) {
		return undefined;
	}

	const value = mean(byReplication);
	const absolute = mean(errors.flat().flatMap(error => (Number.isNaN(error) ? [] : [Math.abs(error)])));
	const runs = presentMeans(spread);
	const ofRun = halfWidthOfRuns([], runs);
	const simulated =
		byReplication.length > 1 ? bootstrapMean(byReplication, confidence) : {low: value - ofRun, high: value + ofRun};
	const measured = halfWidthOfRuns(presentMeans(transposed(errors)), runs);
	const interval = {
		low: Math.max(least, value - Math.hypot(value - simulated.low, measured)),
		high: Math.min(most, value + Math.hypot(simulated.high - value, measured)),
	};
	return {value, absolute, ...(!Number.isNaN(interval.low + interval.high) && {interval})};
}

/**
 * Half the width of the interval of a mean over repeats. Repeats are taken to vary as the replications do, by the larger
 * of their own and the pooled deviation; when they vary more, by the F test, only their own spread counts.
 *
 * @param repeats - one or none: a single run, which tells no spread
 * @returns NaN when there is nothing to tell the spread from
 */
function halfWidthOfRuns(repeats: readonly number[], replications: readonly number[]): number {
	const [many, few] = [replications.length, repeats.length];
	if (few < 2) {
		return many < 2 ? Number.NaN : studentQuantile(0.95, many - 1) * sampleStandardDeviation([...replications]);
	}

	const own = sampleStandardDeviation([...repeats]);
	if (many < 2 || variesMore(repeats, replications)) {
		return (studentQuantile(0.95, few - 1) * own) / Math.sqrt(few);
	}

	const freedom = few + many - 2;
	const pooled = Math.sqrt(((few - 1) * own ** 2 + (many - 1) * sampleVariance([...replications])) / freedom);
	return (studentQuantile(0.95, freedom) * Math.max(own, pooled)) / Math.sqrt(few);
}

function presentMeans(rows: Errors): number[] {
	return rows.flatMap(row => {
		const present = row.filter(error => !Number.isNaN(error));
		return present.length === 0 ? [] : [mean(present)];
	});
}

function transposed(rows: Errors): number[][] {
	return (rows[0] ?? []).map((_, column) => rows.map(row => row[column]!));
}

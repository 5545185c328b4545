import type {MetricLabels} from '../../history/series-store.ts';

/** Series of an answer of Prometheus: Unix times [s], ascending, and values; NaN where a value is no finite number. */
export type AnswerSeries = {
	readonly labels: MetricLabels;
	readonly times: Float64Array;
	readonly values: Float64Array;
};

/** Answer of Prometheus' HTTP API that is no answer of its form. */
export class AnswerFault extends Error {
	override readonly name = 'AnswerFault';

	/** @param expected - words after "Expected", such as `data.result to be a list` */
	constructor(expected: string, got: unknown) {
		super(`Expected ${expected}, got ${shown(got)}`);
	}
}

/** Series that one answer may have. */
const mostSeries = 100_000;

type Entry = {readonly [Key in string]?: unknown};

/** Words for a value of any kind. */
function shown(value: unknown): string {
	if (value === undefined) {
		return 'nothing';
	}

	const text =
		typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'a map') : JSON.stringify(value);
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A value as a map. @throws {AnswerFault} where it is none */
export function mapOf(value: unknown, name: string): Entry {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new AnswerFault(`${name} to be a map`, value);
	}

	return value;
}

/** A value as a list. @throws {AnswerFault} where it is none */
export function listOf(value: unknown, name: string): readonly unknown[] {
	if (!Array.isArray(value)) {
		throw new AnswerFault(`${name} to be a list`, value);
	}

	return value;
}

/** A value as labels. @throws {AnswerFault} where it is no map of texts */
export function labelsIn(value: unknown, name: string): MetricLabels {
	const entries = Object.entries(mapOf(value, name));
	for (const [label, text] of entries) {
		if (typeof text !== 'string') {
			throw new AnswerFault(`${name} to hold texts`, text);
		}

		if (label.length > 1024 || text.length > 65_536) {
			throw new AnswerFault(`${name} to hold short texts`, text.slice(0, 20));
		}
	}

	// A label may be called __proto__.
	return Object.assign(Object.create(null) as MetricLabels, Object.fromEntries(entries));
}

/**
 * Series of `data` of an answer: a matrix or a vector.
 *
 * @throws {AnswerFault} where it is neither; native histograms among the samples are counted and passed over
 */
export function seriesOfData(data: unknown): {
	readonly series: readonly AnswerSeries[];
	readonly nativeHistograms: number;
} {
	const {resultType, result} = mapOf(data, 'data');
	if (resultType !== 'matrix' && resultType !== 'vector') {
		throw new AnswerFault('data.resultType to be matrix or vector', resultType);
	}

	const list = listOf(result, 'data.result');
	if (list.length > mostSeries) {
		throw new AnswerFault(`data.result to have at most ${mostSeries} series`, list.length);
	}

	let nativeHistograms = 0;
	const series: AnswerSeries[] = [];
	for (const item of list) {
		const {metric, values, value, histograms, histogram} = mapOf(item, 'an item of data.result');
		const labels = labelsIn(metric, 'metric');
		nativeHistograms += histograms === undefined && histogram === undefined ? 0 : 1;
		const samples = resultType === 'matrix' ? values : value === undefined ? undefined : [value];
		if (samples !== undefined) {
			series.push({labels, ...samplesOf(listOf(samples, 'values'))});
		} else if (histograms === undefined && histogram === undefined) {
			throw new AnswerFault('an item of data.result to have values', undefined);
		}
	}

	return {series, nativeHistograms};
}

function samplesOf(samples: readonly unknown[]): Pick<AnswerSeries, 'times' | 'values'> {
	const times = new Float64Array(samples.length);
	const values = new Float64Array(samples.length);
	for (const [index, sample] of samples.entries()) {
		const [time, value, ...more] = Array.isArray(sample) ? (sample as unknown[]) : [];
		if (typeof time !== 'number' || typeof value !== 'string' || more.length > 0) {
			throw new AnswerFault('a sample to be a time and a text', sample);
		}

		if (!(Math.abs(time) < 1e11) || (index > 0 && !(time > times[index - 1]!))) {
			throw new AnswerFault('the times of samples to rise', time);
		}

		times[index] = time;
		values[index] = sampleValue(value);
	}

	return {times, values};
}

/** Number of a sample; no series of a history is infinite. */
function sampleValue(text: string): number {
	if (/^(?:NaN|[+-]?Inf)$/i.test(text)) {
		return Number.NaN;
	}

	const value = text.trim() === '' ? Number.NaN : Number(text);
	if (!Number.isFinite(value)) {
		throw new AnswerFault('the value of a sample to be a number', text);
	}

	return value;
}

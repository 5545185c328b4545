import {UserError} from '../../errors.ts';
import {joinedOn, onGrid} from '../../history/on-grid.ts';
import {
	laterQuery,
	type MetricSelector,
	queryText,
	type SeriesQuery,
	selectorText,
	type WrittenQuery,
} from '../../history/series-query.ts';
import type {Grid, GridSeries, MetricLabels, SeriesStore} from '../../history/series-store.ts';
import {AnswerFault, type AnswerSeries, labelsIn, listOf, seriesOfData} from '../../store/history/parse-answer.ts';
import {type PieceKey, pieceName, readPiece, removeOtherPieces, writePiece} from '../../store/history/pieces.ts';
import {type PrometheusApi, TooMuchAsked} from './prometheus-api.ts';
import {sampleIntervalOf} from './sample-interval.ts';
import {halvesOf, piecesOf} from './split-pieces.ts';

export type PrometheusReading = {
	readonly grid: Grid;
	/** Folder for the pieces. */
	readonly pieces: string;
	/** Called with the pieces that are there and those in all. */
	readonly onPiece?: (done: number, total: number) => void;
};

/** Questions that are under way at one time. */
const together = 4;

/** Values that all series of one query may have on the grid. */
const mostValues = 20_000_000;

/** Earlier times that are asked for what is not there at the end. */
const looksBack = 24;

/** Names that one question asks for. */
const namesAtOnce = 25;

/** Series where their number is not known, as of a query of the user. */
const assumedSeries = 1000;

/** Prometheus server as a store of time series. */
export class PrometheusSource implements SeriesStore {
	readonly place: string;
	readonly #api: PrometheusApi;
	readonly #reading: PrometheusReading;
	readonly #span: {readonly start: string; readonly end: string};
	readonly #notes = new Set<string>();
	readonly #names = new Map<string, boolean>();
	readonly #sets = new Map<string, Promise<readonly MetricLabels[]>>();
	readonly #labels = new Map<string, Promise<ReadonlySet<string>>>();
	readonly #intervals = new Map<string, Promise<number | undefined>>();

	constructor(api: PrometheusApi, reading: PrometheusReading) {
		this.#api = api;
		this.#reading = reading;
		this.place = `Prometheus at ${api.url}`;
		const {start, stepSeconds, steps} = reading.grid;
		this.#span = {start: String(start), end: String(start + (steps - 1) * stepSeconds)};
	}

	async names(wanted: readonly string[]): Promise<ReadonlySet<string>> {
		const unknown = wanted.filter(name => !this.#names.has(name));
		for (let from = 0; from < unknown.length; from += namesAtOnce) {
			const some = unknown.slice(from, from + namesAtOnce);
			const match = `{__name__=~${JSON.stringify(some.join('|'))}}`;
			const found = new Set(await this.#list('label/__name__/values', match));
			for (const name of some) {
				this.#names.set(name, found.has(name));
			}
		}

		return new Set(wanted.filter(name => this.#names.get(name) === true));
	}

	async labelNames(selector: MetricSelector): Promise<ReadonlySet<string>> {
		const text = selectorText(selector);
		return kept(this.#labels, text, async () => new Set(await this.#list('labels', text)));
	}

	async labelSets(selector: MetricSelector): Promise<readonly MetricLabels[]> {
		const text = selectorText(selector);
		return kept(this.#sets, text, async () => {
			const data = await this.#data('series', {'match[]': text, ...this.#span});
			return this.#formed(() => listOf(data, 'data').map(one => labelsIn(one, 'a series')));
		});
	}

	async sampleInterval(selector: MetricSelector): Promise<number | undefined> {
		const text = selectorText(selector);
		return kept(this.#intervals, text, async () => {
			const count = (await this.labelSets(selector)).length;
			return sampleIntervalOf(text, {
				grid: this.#reading.grid,
				isLarge: count > 5000,
				ask: async (path, asked) => this.#seriesOf(await this.#data(path, asked)),
			});
		});
	}

	async newest(query: SeriesQuery): Promise<{labels: MetricLabels; value: number}[]> {
		const {start, stepSeconds, steps} = this.#reading.grid;
		const span = (steps - 1) * stepSeconds;
		for (let back = 0; back <= looksBack; back++) {
			const time = String(start + span - (span * back) / looksBack);
			const text = queryText({...query, form: 'last', window: 3600});
			const found = this.#seriesOf(await this.#data('query', {query: text, time}));
			if (found.length > 0) {
				return found.map(({labels, values}) => ({labels, value: values[0]!}));
			}
		}

		return [];
	}

	async read(queries: readonly (SeriesQuery | WrittenQuery)[]): Promise<GridSeries[][]> {
		const {grid, pieces: folder, onPiece} = this.#reading;
		const tasks: {readonly query: number; readonly asked: Asked; readonly key: PieceKey}[] = [];
		for (const [index, query] of queries.entries()) {
			const count = 'text' in query ? assumedSeries : (await this.labelSets(query)).length;
			const text = queryText(query);
			tasks.push(
				...piecesOf(grid, count).map(piece => ({
					...{query: index, asked: laterQuery(query)},
					key: {...piece, source: this.#api.url, query: text},
				})),
			);
		}

		let done = 0;
		onPiece?.(done, tasks.length);
		await inTurns(tasks, async ({key, asked}) => {
			if (readPiece(folder, key) === undefined) {
				writePiece(folder, key, await this.#piece(asked, key));
			}

			done++;
			onPiece?.(done, tasks.length);
		});
		const results = queries.map((query, index) =>
			this.#joined(
				queryText(query),
				tasks.filter(task => task.query === index).map(({key}) => key),
			),
		);
		removeOtherPieces(folder, new Set(tasks.map(({key}) => pieceName(key))));
		return results;
	}

	notes(): readonly string[] {
		return [...this.#notes];
	}

	/** Joins the pieces of a query from the disk, one at a time. */
	#joined(query: string, keys: readonly PieceKey[]): GridSeries[] {
		const {grid, pieces: folder} = this.#reading;
		const parts = (function* () {
			for (const key of keys) {
				yield {grid: key, series: readPiece(folder, key) ?? []};
			}
		})();
		const joined = joinedOn(grid, parts, mostValues);
		if (joined === undefined) {
			throw new UserError(
				'E_USAGE',
				`Expected ${query} to give at most ${Math.floor(mostValues / grid.steps)} series at this step, got more`,
			);
		}

		return joined;
	}

	/** Asks for a part of a query, in halves where the server finds it too large. */
	async #piece(query: Asked, part: Grid): Promise<GridSeries[]> {
		const {start, stepSeconds, steps} = part;
		try {
			const asked = {
				query: query.text,
				start: String(start + query.later),
				end: String(start + query.later + (steps - 1) * stepSeconds),
				step: String(stepSeconds),
			};
			const {data, warnings} = await this.#api.ask('query_range', asked);
			this.#noteWarnings(warnings);
			return this.#seriesOf(data).map(series =>
				this.#formed(() => {
					const placed = onGrid({...series, times: series.times.map(time => time - query.later)}, part);
					if (placed === undefined) {
						throw new AnswerFault('the times of samples to be the steps that were asked for', 'others');
					}

					return placed;
				}),
			);
		} catch (error) {
			const halves = error instanceof TooMuchAsked ? halvesOf(part) : undefined;
			if (halves === undefined) {
				throw this.#asFault(error);
			}

			const parts = [];
			for (const grid of halves) {
				parts.push({grid, series: await this.#piece(query, grid)});
			}

			return joinedOn(part, parts) ?? [];
		}
	}

	async #list(path: string, match: string): Promise<string[]> {
		const data = await this.#data(path, {'match[]': match, ...this.#span});
		return this.#formed(() =>
			listOf(data, 'data').map(name => {
				if (typeof name !== 'string') {
					throw new AnswerFault('data to hold texts', name);
				}

				return name;
			}),
		);
	}

	async #data(path: string, asked: Readonly<Record<string, string>>): Promise<unknown> {
		try {
			const {data, warnings} = await this.#api.ask(path, asked);
			this.#noteWarnings(warnings);
			return data;
		} catch (error) {
			throw this.#asFault(error);
		}
	}

	#seriesOf(data: unknown): readonly AnswerSeries[] {
		return this.#formed(() => {
			const {series, nativeHistograms} = seriesOfData(data);
			if (nativeHistograms > 0) {
				this.#notes.add('Native histograms are not read.');
			}

			return series;
		});
	}

	#formed<Result>(work: () => Result): Result {
		try {
			return work();
		} catch (error) {
			throw this.#api.refuse(error);
		}
	}

	#noteWarnings(warnings: readonly string[]): void {
		for (const warning of warnings.slice(0, 5)) {
			this.#notes.add(`Prometheus warns: ${warning}`);
		}
	}

	#asFault(error: unknown): unknown {
		return error instanceof TooMuchAsked
			? new UserError('E_CLUSTER', `Expected Prometheus at ${this.#api.url} to answer, got ${error.message}`)
			: error;
	}
}

type Asked = ReturnType<typeof laterQuery>;

async function kept<Value>(
	cache: Map<string, Promise<Value>>,
	key: string,
	make: () => Promise<Value>,
): Promise<Value> {
	const known = cache.get(key) ?? make();
	cache.set(key, known);
	return known;
}

/** Does the tasks a few at a time; the first fault ends the others after what they are at. */
async function inTurns<Task>(tasks: readonly Task[], work: (task: Task) => Promise<void>): Promise<void> {
	const rest = tasks.values();
	let hasFailed = false;
	const worker = async () => {
		for (const task of rest) {
			if (hasFailed) {
				return;
			}

			await work(task).catch((error: unknown) => {
				hasFailed = true;
				throw error;
			});
		}
	};
	const ends = await Promise.allSettled(Array.from({length: together}, worker));
	const failed = ends.find(end => end.status === 'rejected');
	if (failed !== undefined) {
		throw failed.reason;
	}
}

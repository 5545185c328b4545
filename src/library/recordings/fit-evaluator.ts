import {mean} from 'simple-statistics';
import type {FitStage, SettingsPoint} from '../../calibration/recordings/evaluations.ts';
import type {Parameter} from '../../calibration/recordings/parameter.ts';
import {asSampled} from '../../comparison/recordings/as-sampled.ts';
import {pieceLosses} from '../../comparison/recordings/piece-losses.ts';
import {scoreRun} from '../../comparison/recordings/score-run.ts';
import {meanValue} from '../../comparison/recordings/sweep-lines.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {ForecastPool} from '../pool/forecast-recordings.ts';
import type {ForecastLines, LineTask} from '../pool/line-worker.ts';
import type {FitSubject} from './fit-subjects.ts';

/** Further replications of the profiles, and their first number: others than the search saw. */
const profile = {factor: 3, first: 1000} as const;

/** Replications of the error that is reported. */
const reported = {replications: 20, first: 2000} as const;

/** Time between two readings of the pods' CPU [s]. */
const cpuPeriod = 5;

type EvaluatorOptions = {
	readonly subjects: readonly FitSubject[];
	readonly parameters: readonly Parameter[];
	readonly replications: number;
};

/** Forecasts the recordings of a fit under other settings, and measures how far they are off. */
export class FitEvaluator {
	readonly #pool: ForecastPool;
	readonly #options: EvaluatorOptions;

	constructor(pool: ForecastPool, options: EvaluatorOptions) {
		this.#pool = pool;
		this.#options = options;
	}

	/** Losses of points in each piece of the recordings; undefined where an experiment cannot have a point's values. */
	async losses(points: readonly SettingsPoint[], stage: FitStage): Promise<(number[][] | undefined)[]> {
		const {subjects, replications} = this.#options;
		const more =
			stage === 'search' ? {replications} : {replications: replications * profile.factor, first: profile.first};
		const found = points.map(() => subjects.map((): number[] => []));
		const possible = points.map(point => this.#isPossible(point));
		await this.#forecast(
			points.filter((_, index) => possible[index]),
			more,
			(point, subject, lines) => {
				found[points.indexOf(point)]![subjects.indexOf(subject)] = lossesOf(subject, lines);
			},
		);
		return found.map((losses, index) => (possible[index] ? losses : undefined));
	}

	/** Mean absolute error of the median of a point's replications over the recordings [replicas]. */
	async replicaError(point: SettingsPoint): Promise<number> {
		const errors: number[] = [];
		await this.#forecast([point], reported, (_, subject, {replicas}) => {
			const {recorded, untilSeconds} = subject;
			errors.push(scoreRun(seenBy(subject, replicas), recorded, {from: 0, to: untilSeconds}).replicaError);
		});
		return mean(errors);
	}

	#isPossible(point: SettingsPoint): boolean {
		const {subjects, parameters} = this.#options;
		return subjects.every(({task}) => withPoint(task.experiment, parameters, point) !== undefined);
	}

	async #forecast(
		points: readonly SettingsPoint[],
		more: Pick<LineTask, 'replications' | 'first'>,
		onLines: (point: SettingsPoint, subject: FitSubject, lines: ForecastLines) => void,
	): Promise<void> {
		const {subjects, parameters} = this.#options;
		const jobs = points.flatMap(point => subjects.map(subject => ({point, subject})));
		await this.#pool.forecast(jobs, {
			async taskOf({point, subject: {task, cpuPercent}}) {
				const experiment = withPoint(task.experiment, parameters, point)!;
				const hasCpu = cpuPercent.length > 0 && experiment.metrics !== 'ideal'; // whose readings are changed by being read
				return {...task, ...more, experiment, ...(hasCpu && {cpuEvery: cpuPeriod})};
			},
			onLines: ({point, subject}, lines) => onLines(point, subject, lines),
		});
	}
}

/** The experiment with a point's values; undefined where it cannot have them. */
export function withPoint(
	experiment: Experiment,
	parameters: readonly Parameter[],
	point: SettingsPoint,
): Experiment | undefined {
	return parameters.reduce<Experiment | undefined>(
		(before, {key, apply}) => (before === undefined ? undefined : apply(before, point[key]!)),
		experiment,
	);
}

/** Distance of the replicas as a part of their recorded mean, and that of the CPU as a part of its own where it was recorded. */
function lossesOf(subject: FitSubject, {replicas, cpuPercent}: ForecastLines): number[] {
	const {recorded, untilSeconds, cpuPercent: recordedCpu} = subject;
	const window = {from: 0, to: untilSeconds};
	const own = pieceLosses(seenBy(subject, replicas), recorded, window);
	const scale = Math.max(1, meanValue(recorded, window));
	if (cpuPercent.length === 0) {
		return own.map(loss => loss / scale);
	}

	const ofCpu = pieceLosses(cpuPercent, recordedCpu, window);
	const cpuScale = Math.max(1, meanValue(recordedCpu, window));
	return own.map((loss, piece) => loss / scale + (Number.isNaN(ofCpu[piece]!) ? 0 : ofCpu[piece]! / cpuScale));
}

function seenBy({isSampled, rowSeconds}: FitSubject, lines: ForecastLines['replicas']): ForecastLines['replicas'] {
	return isSampled ? lines.map(line => asSampled(line, rowSeconds)) : lines;
}

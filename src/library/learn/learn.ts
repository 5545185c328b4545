import {join} from 'node:path';
import {
	goesByCpuAlone,
	guessedSources,
	mayBeAtZero,
	scaledContainer,
	unknownMetrics,
} from '../../calibration/history/asked-metrics.ts';
import {distressKinds} from '../../calibration/history/distress.ts';
import {experimentDocument, learnedFiles} from '../../calibration/history/experiment-document.ts';
import {fitHistory, type HistoryFit} from '../../calibration/history/fit-history.ts';
import {loadNotes, shortestLoad} from '../../calibration/history/load.ts';
import {presentAutoscaler} from '../../calibration/history/present-autoscaler.ts';
import {learnedService} from '../../calibration/history/service-document.ts';
import {type SimulatedLoad, simulatedLoad} from '../../calibration/history/simulated-load.ts';
import {loadTable, replicaRows, replicaTable} from '../../calibration/history/tables.ts';
import {MeasuredSchedule} from '../../comparison/measured-schedule.ts';
import {UserError} from '../../errors.ts';
import {shellWord} from '../../printable.ts';
import type {History} from '../../records/history.ts';
import {replicaRecording} from '../../records/replica-recording.ts';
import type {Learned} from '../../report/learn-report.ts';
import {type LearnedContents, refuseLearned, writeLearned} from '../../store/history/write-learned.ts';
import {metricSourcesOf} from './metric-sources.ts';
import {type ReadHistoryOptions, readHistory} from './read-history.ts';

export type LearnOptions = ReadHistoryOptions & {
	/** Sources of metrics of the autoscaler that are not known by their name, `NAME=SOURCE` each, such as `depth=waiting`. */
	readonly metricSources?: readonly string[];
};

/**
 * Learns an experiment from what a monitoring system kept of a workload, and writes it into a folder: the experiment, the
 * autoscaler as it was, the service as far as it can be identified, the load and what was recorded of the replicas.
 *
 * @throws {UserError} in one line for a history that cannot be read or does not say enough, and E_FILE before anything is
 *   read where the experiment's file is there already
 */
export async function learn(options: LearnOptions): Promise<Learned> {
	refuseLearned(options.out, learnedFiles.experiment);
	const sources = metricSourcesOf(options.metricSources ?? []);
	return learnFrom(await readHistory(options), options.out, sources);
}

/**
 * Learns an experiment from a history.
 *
 * @param folder - where to; made where it is missing
 * @param sources - of the autoscaler's metrics, by their names
 * @throws {UserError} E_CONFIG where the history does not say enough
 */
export async function learnFrom(
	history: History,
	folder: string,
	sources: Readonly<Record<string, string>> = {},
): Promise<Learned> {
	refuseLearned(folder, learnedFiles.experiment);
	refuseUnknownMetrics(history, sources);
	const {fit, load} = fitted(history);
	const {experiment} = await writeLearned(folder, contentsOf(fit, load, sources));
	const path = join(folder, learnedFiles.experiment);
	return learnedOf(fit, load, {folder, path, assumed: experiment.deployment.assumed ?? []});
}

/** @throws {UserError} E_CONFIG with the series that are missing */
function fitted(history: History): {readonly fit: HistoryFit; readonly load: SimulatedLoad} {
	const fit = fitHistory(history, scaledContainer(history.autoscaler?.document));
	if (fit === undefined) {
		throw new UserError(
			'E_CONFIG',
			`Expected a load that is known for ${shortestLoad / 60} minutes without a gap of more than 5, got none in ${history.source}: neither requests nor tokens nor CPU were recorded so long`,
		);
	}

	if (replicaRows(fit.history).every(({desired, current}) => Number.isNaN(desired) && Number.isNaN(current))) {
		throw new UserError(
			'E_CONFIG',
			`Expected the replicas of ${history.workload.name} beside its load, got none in ${history.source}: neither what was asked for nor the pods that there were`,
		);
	}

	const load = simulatedLoad(fit, goesByCpuAlone(history.autoscaler?.document));
	if (load === undefined) {
		throw new UserError(
			'E_CONFIG',
			`Expected the CPU of the pods, or the requests under way, beside the requests, got neither in ${history.source}: how long a request keeps a pod busy is not known`,
		);
	}

	refuseWithoutRequests(fit);
	return {fit, load};
}

/** Files of a fit, the experiment in the forms that its autoscaler's metrics may need. */
function contentsOf(fit: HistoryFit, load: SimulatedLoad, sources: Readonly<Record<string, string>>): LearnedContents {
	const {history} = fit;
	const {stepSeconds, steps, start, autoscaler, source, workload, notes} = history;
	const present = autoscaler && presentAutoscaler(autoscaler.document);
	const surroundings = {
		name: nameOf(workload.name),
		startsAt: apiTimeText(start),
		hasAutoscaler: present !== undefined,
		mayBeAtZero: mayBeAtZero(autoscaler?.document),
	};
	const assumed = assumptionsOf(fit, present?.left ?? []);
	const guessed = guessedSources(autoscaler?.document);
	const given = {
		...experimentDocument(fit, load, {...surroundings, assumed}),
		...(Object.keys(sources).length > 0 && {metricSources: sources}),
	};
	const assumedToo = experimentDocument(fit, load, {...surroundings, assumed: [...assumed, ...guessed.assumed]});
	const date = `${apiTimeText(start + steps * stepSeconds).slice(0, 16)}Z`;
	const rows = replicaRows(history);
	return {
		tables: {
			[learnedFiles.load]: loadTable(load.rate, stepSeconds),
			[learnedFiles.replicas]: replicaTable(rows),
		},
		documents: {
			...(present !== undefined && {[learnedFiles.autoscaler]: present.manifest}),
			...(load.kind === 'work' && {
				[learnedFiles.service]: learnedService(fit, load, {name: surroundings.name, date}),
			}),
		},
		experiment: {
			file: learnedFiles.experiment,
			forms: [
				given,
				...(guessed.assumed.length === 0 ? [] : [{...assumedToo, metricSources: {...guessed.sources, ...sources}}]),
			],
			head: [
				`Learnt by replicast learn from ${source}.`,
				'What did the autoscaler do under this load, may the simulator be believed here, and what would others have done?',
			],
		},
		record: {
			folder: learnedFiles.record,
			of: experiment => {
				const known = rows
					.map(row => ({...row, desired: Number.isNaN(row.desired) ? row.current : row.desired}))
					.filter(({desired}) => !Number.isNaN(desired));
				const gaps = 'gaps are in replicas.csv; here the last replicas are taken to stay';
				const {scheduleHash} = new MeasuredSchedule(experiment);
				return replicaRecording(experiment, scheduleHash, {rows: known, notes: [...notes, gaps]});
			},
		},
	};
}

/** @throws {UserError} E_CONFIG where metrics alone say what the autoscaler goes by, and not what that is */
function refuseUnknownMetrics({autoscaler}: History, sources: Readonly<Record<string, string>>): void {
	const [unknown] =
		autoscaler?.isFromMetrics === true
			? unknownMetrics(autoscaler.document).filter(name => !Object.hasOwn(sources, name))
			: [];
	if (unknown !== undefined) {
		const whose = autoscaler!.name.startsWith('keda-hpa-') ? 'ScaledObject' : 'autoscaler';
		throw new UserError(
			'E_CONFIG',
			`Expected the manifest of the ${whose} (--manifest FILE, or --live), as no metric says what ${JSON.stringify(unknown)} is, or its source (--metric-source ${shellWord(`${unknown}=waiting`)}), got neither`,
		);
	}
}

function refuseWithoutRequests({history}: HistoryFit): void {
	const {containers, autoscaler, source} = history;
	const isOfRequests = JSON.stringify(autoscaler?.document ?? null).includes('"Utilization"');
	if (
		isOfRequests &&
		!containers.some(
			({requests, limits}) => requests.cpu !== undefined || limits.cpu !== undefined || requests.memory !== undefined,
		)
	) {
		throw new UserError(
			'E_CONFIG',
			`Expected the CPU requests of the containers, which the autoscaler goes by, got none in ${source}: name the Deployment's manifest with --manifest`,
		);
	}
}

function assumptionsOf({load, history, container}: HistoryFit, left: readonly string[]): string[] {
	const {autoscaler, containers, stepSeconds} = history;
	return [
		...loadNotes(load, stepSeconds),
		...(autoscaler === undefined ? ['There is no autoscaler: none was found.'] : []),
		...(autoscaler?.isFromMetrics === true
			? [
					'The autoscaler is made of metrics, which do not have its behavior and its policies: name its manifest with --manifest.',
				]
			: []),
		...(containers.length === 0 ? ['A pod requests one core: nobody says what its containers request.'] : []),
		...(containers.length > 1 && container === undefined
			? ['The CPU of all containers of a pod is simulated as that of the one that requests the most.']
			: []),
		...(mayBeAtZero(autoscaler?.document)
			? [
					'What comes while there is no pod is held until one takes it (deployment.atZero): all that was recorded was served.',
				]
			: []),
		...(left.length > 0 ? [`Left out of the autoscaler as credentials: ${left.join(', ')}.`] : []),
		'Metrics reach the autoscaler as in the model metrics-pipeline: their delays were not recorded.',
	];
}

function nameOf(name: string): string {
	const plain = name
		.toLowerCase()
		.replaceAll(/[^-a-z0-9]/g, '-')
		.replace(/^-+/, '')
		.slice(0, 60)
		.replace(/-+$/, '');
	return /^[a-z]/.test(plain) ? plain : plain === '' ? 'learnt' : `of-${plain}`.slice(0, 60);
}

/** Date and time in UTC as Kubernetes writes it, such as `2026-11-24T10:15:00Z`. @param seconds - since 1970 */
function apiTimeText(seconds: number): string {
	return `${new Date(Math.round(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}

type Written = {readonly folder: string; readonly path: string; readonly assumed: readonly string[]};

function learnedOf(fit: HistoryFit, load: SimulatedLoad, {folder, path, assumed}: Written): Learned {
	const {history} = fit;
	const {stepSeconds, steps, start, source, workload, notes} = history;
	const meanOf = (values: Float64Array | undefined) => {
		const known = [...(values ?? [])].filter(value => !Number.isNaN(value));
		return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
	};
	const pods = meanOf(history.series.currentReplicas ?? history.series.readyReplicas ?? history.series.desiredReplicas);
	const hours = (steps * stepSeconds) / 3600;
	return {
		...{folder, path, source, workload, assumed, hours},
		from: apiTimeText(start),
		until: apiTimeText(start + steps * stepSeconds),
		witness: fit.load.witness,
		kind: load.kind,
		recorded: {replicas: pods, podHours: pods === null ? null : pods * hours, perSecond: meanOf(fit.load.values)},
		findings: [
			{name: 'CPU that a request adds', unit: 's', ...fit.work.work},
			{name: 'CPU of an idle pod', unit: 'cores', ...fit.work.idleCpu},
			{name: 'Start-up of a pod', unit: 's', ...fit.startup.mean},
			{name: 'Memory of a pod at rest', unit: 'bytes', ...fit.memory},
			{name: 'Requests that a pod serves at a time', unit: 'requests', ...fit.concurrency},
			{name: 'Time of a request under way', unit: 's', ...fit.timeInService},
			...(history.series.outputTokenRate === undefined
				? []
				: [
						{name: 'Tokens of a prompt', unit: 'tokens', ...fit.promptTokens},
						{name: 'Tokens of an answer', unit: 'tokens', ...fit.outputTokens},
					]),
		],
		distress: distressKinds.flatMap(kind =>
			fit.distress.filter(one => one.kind === kind).map(one => ({...one, from: apiTimeText(start + one.longest.from)})),
		),
		answered: fit.latency === undefined || Number.isNaN(fit.latency.answered) ? null : fit.latency.answered,
		notes,
	};
}

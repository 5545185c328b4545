import {UserError} from '../../errors.ts';
import {summarize} from '../../forecast/summarize.ts';
import type {Chart} from '../../report/charts/chart.ts';
import type {PosterSubject} from '../../report/charts/poster-charts.ts';
import {runCharts} from '../../report/charts/run-charts.ts';
import {simulateAll} from '../forecast.ts';
import {type ExperimentChanges, outputFolders, readExperiments} from '../read-experiments.ts';
import type {UseCaseOptions} from '../use-case.ts';
import type {FreshRecord} from './evidence.ts';

/** Most charts that a sheet has room for, and most of one experiment: what is left is for the reasons. */
const mostCharts = {sheet: 11, experiment: 5};

/** Charts of experiments for a poster, and the records that were simulated for it. */
type ExperimentPanels = {
	readonly charts: readonly Chart[];
	readonly subjects: readonly PosterSubject[];
	readonly fresh: readonly FreshRecord[];
};

/**
 * Simulates experiments for a poster of their own: as many charts of each as the sheet has room for.
 *
 * @throws {UserError} with all faults of all files, a line each; E_USAGE when there are more experiments than charts
 */
export async function panelsOfExperiments(
	file: readonly string[],
	{profile, ...useCase}: UseCaseOptions & Pick<ExperimentChanges, 'profile'>,
): Promise<ExperimentPanels> {
	if (file.length > mostCharts.sheet) {
		throw new UserError('E_USAGE', `Expected at most ${mostCharts.sheet} experiments for a poster, got ${file.length}`);
	}

	const experiments = await readExperiments({file, all: false, profile: profile === 'none' ? undefined : profile});
	const folders = outputFolders(experiments);
	const results = await simulateAll(experiments, {...useCase, baselines: 'where short', predictionRuns: 'where short'});
	const room = Math.min(mostCharts.experiment, Math.floor(mostCharts.sheet / experiments.length));
	const charts: Chart[] = [];
	const subjects: PosterSubject[] = [];
	const fresh: FreshRecord[] = [];
	for (const [index, experiment] of experiments.entries()) {
		const runs = results[index]!;
		const simulated = summarize(experiment, runs);
		const subject = {experiment, simulated, measured: undefined};
		const recording = runs[0]?.recordings?.dynamic;
		const timelines = new Map(runs.map(({replication, dynamic}) => [String(replication), dynamic.timeline]));
		const predicted = (runs[0]?.predicted ?? []).map(({dynamic}) => dynamic.timeline);
		const nodes = runs.flatMap(({dynamic}) => dynamic.nodes ?? []);
		const charted = {experiment, summary: simulated, evidence: 'simulated', timelines, predicted, nodes} as const;
		const own = runCharts({...charted, dynamic: recording});
		charts.push(...mostTelling(own, room).map(chart => ({...chart, name: `${folders[index]}-${chart.name}`})));
		subjects.push(subject);
		fresh.push(...(recording === undefined ? [] : [{subject, recording}]));
	}

	return {charts, subjects, fresh};
}

/** Names of charts in the order in which they get room: pods, what the objective is about, cost, then the rest. */
const byWeight = {
	requests: ['scaling-timeline', 'latency', 'cost', 'resource-utilization', 'nodes', 'tenants', 'energy'],
	tokens: ['scaling-timeline', 'ttft', 'cost', 'resource-utilization', 'nodes', 'latency', 'tpot', 'tenants', 'energy'],
};

/** The charts that get room, in the order in which they are read. */
function mostTelling(charts: readonly Chart[], room: number): readonly Chart[] {
	const weights = charts.some(({name}) => name === 'ttft') ? byWeight.tokens : byWeight.requests;
	const chosen = charts.toSorted((a, b) => weights.indexOf(a.name) - weights.indexOf(b.name)).slice(0, room);
	return charts.filter(chart => chosen.includes(chart));
}

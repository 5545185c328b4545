import type {ChanceFigures} from '../../comparison/recordings/score-run.ts';
import {scoresByAutoscaler} from '../../comparison/recordings/set-scores.ts';
import {csvOf} from '../charts/data-text.ts';
import {compactJson} from '../text/compact-json.ts';
import {markdownLink} from '../text/markdown.ts';
import {reportMarkdown} from '../text/report.ts';
import {chartName, type DrawnRun, drawnRuns} from './recording-charts.ts';
import {type ReportedRecordings, type ReportedSet, recordingsReport} from './recordings-report.ts';

/** Result of `validate --recordings` whose charts are drawn. */
export type WrittenRecordings = Omit<ReportedRecordings, 'sets'> & {
	readonly sets: readonly (ReportedSet & {
		readonly runs: readonly (DrawnRun & {readonly faults: readonly string[]})[];
	})[];
};

/** Texts of the report on recordings, by name: a page of Markdown, all figures as JSON, and a row a recording as CSV. */
export function recordingsFiles(result: WrittenRecordings): Record<string, string> {
	return {
		'README.md': readme(result),
		'recordings.json': json(result),
		'recordings.csv': csv(result),
	};
}

function readme(result: WrittenRecordings): string {
	const charts = result.sets.flatMap(({scores: {set}, runs}) =>
		drawnRuns(runs).map(({place, run}) => {
			const name = chartName(set, place);
			const link = markdownLink(`${set}, the ${place} of ${runs.length}: ${run.run}`, `${name}.png`) as {
				markdown: string;
			};
			return `!${link.markdown}`;
		}),
	);
	return [
		reportMarkdown(recordingsReport(result)).trimEnd(),
		'## Charts',
		'The best, the median and the worst forecast of each set. Each chart is there as SVG, too.',
		...charts,
		'[recordings.json](recordings.json) has all figures, [recordings.csv](recordings.csv) a row for each recording. The form of a folder of recordings and the figures are in [docs/recordings.md](../../docs/recordings.md).',
		'',
	].join('\n\n');
}

function json({replications, sets, skipped}: WrittenRecordings): string {
	return `${compactJson({
		apiVersion: 'replicast/v1',
		kind: 'RecordingsValidation',
		replications,
		sets: sets.map(({scores, arms, frozen, runs, leftOut, assumed, ladder}) => ({
			...scores,
			byAutoscaler: scoresByAutoscaler(scores.set, runs).map(part => ({
				autoscaler: part.autoscaler,
				...part.scores,
			})),
			arms,
			frozen,
			ladder,
			leftOut,
			assumed,
			recordings: runs.map(({run, score: {band: _, ...score}, baselines, isFitted, faults}) => ({
				...{run, isFitted, ...score, baselines, faults},
			})),
		})),
		skipped,
	})}\n`;
}

function csv({sets}: WrittenRecordings): string {
	const data = sets.flatMap(({runs}) =>
		runs.map(({set, run, isFitted, score: {band: _, chance, ...score}, baselines}) => ({
			...{set, run, fitted: isFitted ? 'yes' : 'no'},
			...Object.fromEntries(
				Object.entries({...score, ...byChance(chance), ...baselines}).map(([name, value]) => [name, sixDigits(value)]),
			),
		})),
	);
	const units = {replicaError: 'pods', replicaErrorByChance: 'pods', crps: 'pods', lag: 's'};
	return csvOf({data, units});
}

function byChance({replicaError, podHoursError, coverage}: ChanceFigures): Record<string, number> {
	return {replicaErrorByChance: replicaError, podHoursErrorByChance: podHoursError, coverageByChance: coverage};
}

function sixDigits(value: number): number | null {
	return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}

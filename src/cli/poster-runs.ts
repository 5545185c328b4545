import type {PosterRuns, PosterSubject} from '../charts/poster-charts.ts';
import {envelopeOf} from '../comparison/envelope.ts';
import {Player} from '../comparison/play.ts';
import {readRun} from '../comparison/reading.ts';
import {utilizationSeries} from '../comparison/utilization-series.ts';
import type {MeasuredRecord} from './poster-subjects.ts';

const replications = 20;

/** Runs of a subject one by one: the measured ones, and the simulator's with the very same requests. */
export function posterRuns(
	{experiment}: Pick<PosterSubject, 'experiment'>,
	records: readonly MeasuredRecord[],
): PosterRuns {
	const player = new Player(experiment);
	const simulated = Array.from({length: replications}, (_, replication) =>
		readRun(player.play(replication), experiment),
	);
	const measured = records.map(({recording}) => readRun(recording, experiment));
	const lines = measured.map(({replicas}) => replicas.line);
	return {
		replications,
		envelope: envelopeOf(
			simulated.map(({replicas}) => replicas.line),
			lines,
			{from: 0, to: experiment.duration},
		),
		lines: new Map(lines.map((line, index) => [records[index]!.folder, line])),
		seen: utilizationSeries(simulated, measured.length === 0 ? simulated : measured),
	};
}

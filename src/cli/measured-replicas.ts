import {join} from 'node:path';
import type {Experiment} from '../experiment/experiment.ts';
import {findRecords} from '../files/find-records.ts';
import {readRecord} from '../files/read-record.ts';
import {replicaSteps} from '../forecast/replica-steps.ts';
import {readAccount} from '../records/read-account.ts';
import {replicaChart} from './replica-chart.ts';

const chartWidth = 72;

/** Replicas over time of an experiment's measured records of the dynamic arm, as they are printed. */
export async function measuredReplicas(out: string, folder: string, experiment: Experiment): Promise<string> {
	const records = (await findRecords(join(out, folder))).filter(
		({head}) => head.arm === 'dynamic' && head.experiment.hash === experiment.hash,
	);
	const lines: string[] = [];
	for (const record of records) {
		const {timeline} = readAccount(await readRecord(record.folder), experiment);
		lines.push(
			`${record.folder}, replicas over time: ${replicaSteps(timeline)}`,
			...(timeline.length === 0 ? [] : replicaChart(timeline, {duration: experiment.duration, width: chartWidth})),
			'',
		);
	}

	return lines.join('\n');
}

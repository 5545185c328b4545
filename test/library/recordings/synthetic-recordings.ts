import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import {forecastLines} from '../../../src/library/pool/line-worker.ts';
import {recordingTask} from '../../../src/library/recordings/recording-task.ts';
import {ReferencedFiles} from '../../../src/store/experiments/referenced-files.ts';
import {listRuns} from '../../../src/store/recordings/list-runs.ts';
import {RecordingReader} from '../../../src/store/recordings/read-run.ts';
import {readSettings} from '../../../src/store/recordings/read-settings.ts';
import {folderOf} from '../../store/recordings/make-recordings.ts';

/** Settings of the set `waves`, with further keys of the experiment, one a line and indented by two spaces. */
export function wavesSettings(further = ''): string {
	return `apiVersion: replicast/v1
kind: RecordingSettings
name: waves
experiment:
  autoscaler:
    minReplicas: 1
    maxReplicas: 8
    metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
  deployment:
    containers: {app: {requests: {cpu: 200m}, limits: {cpu: 200m}}}
    llm: {threads: 1}
    service: {distribution: constant, value: 1s}
    startup: 6s
    balancing: random
  workload: {timeout: 5m}
${further}`;
}

type Waves = {
	/** Keys of the experiment under which the recordings are made. */
	readonly truth: string;
	readonly runs: number;
	/** Length of each [s]. */
	readonly seconds: number;
	/** Lowest and highest rate [requests/s]. */
	readonly rates: readonly [number, number];
};

/** Time between two samples of the recorder [s]. */
const samplePeriod = 5;

/**
 * Folder of recordings that the simulator made under known settings, each with arrivals, clocks and seeds of its own:
 * `waves/run0` and so on, and `start.yaml`, the settings without what is to be found.
 */
export async function waveRecordings(t: ExecutionContext, {truth, runs, seconds, rates}: Waves): Promise<string> {
	const numbers = Array.from({length: runs}, (_, run) => run);
	const folder = await folderOf(t, {
		'runs.csv': ['set,run,workload', ...numbers.map(run => `waves,run${run},load${run}.csv`)].join('\n'),
		...Object.fromEntries(numbers.map(run => [`workloads/load${run}.csv`, loadOf(run, seconds, rates)])),
		...Object.fromEntries(
			numbers.map(run => [`runs/run${run}/replicas.csv`, `seconds,desiredReplicas\n0,1\n${seconds},1\n`]),
		),
		'start.yaml': wavesSettings(),
		'truth.yaml': wavesSettings(truth),
	});
	const found = await readSettings(join(folder, 'truth.yaml'));
	const files = new ReferencedFiles();
	const reader = new RecordingReader();
	for (const [number, listed] of (await listRuns(folder)).entries()) {
		const task = await recordingTask(found, await reader.read(listed), {files, replications: 1});
		const [line] = forecastLines({...task, first: 500 + number}).replicas;
		const rows = Array.from({length: seconds / samplePeriod + 1}, (_, row) => row * samplePeriod);
		const at = (time: number) => line!.findLast(([changed]) => changed <= time)![1];
		await writeFile(
			listed.replicasFile,
			['seconds,desiredReplicas', ...rows.map(time => `${time},${at(time)}`)].join('\n'),
		);
	}

	return folder;
}

/** Poisson arrivals whose rate changes every two to five minutes. */
function loadOf(run: number, seconds: number, [lowest, highest]: readonly [number, number]): string {
	const stream = new RandomStream({seed: 7, replication: run, purpose: 'recorded load'});
	const rows = ['atSeconds,serviceSeconds'];
	let [rate, next] = [lowest, 0];
	for (let at = 0; at < seconds; at += stream.exponential() / rate) {
		if (at >= next) {
			rate = lowest + (highest - lowest) * stream.uniform();
			next = at + 120 + 180 * stream.uniform();
		}

		rows.push(`${at.toFixed(3)},${(0.8 * stream.exponential()).toFixed(3)}`);
	}

	return rows.join('\n');
}

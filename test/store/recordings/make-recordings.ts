import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {gzipSync} from 'node:zlib';
import type {ExecutionContext} from 'ava';

/** Files of a small folder of recordings in the form with `replicas/`. */
export const smallRecordings: Readonly<Record<string, string>> = {
	'runs.csv': `set,run,replicas,workload,nominalSeconds,sendingSeconds,recordedSeconds
steady,one,one.csv.gz,load.csv,100,110,200
steady,two,two.csv,load.csv,100,110,200
other,one,other.csv,load.csv,100,100,200
`,
	'workloads/load.csv': `atSeconds,serviceSeconds\n${Array.from({length: 100}, (_, at) => `${at},0.9`).join('\n')}\n`,
	'replicas/one.csv.gz':
		'seconds,desiredReplicas,currentReplicas,pods,cpuPercent\n0.5,1,1,1,0\n60,2,1,2,99\n150,1,2,2,\n',
	'replicas/two.csv': 'seconds,desiredReplicas,currentReplicas,pods\n0.5,1,1,1\n70,2,1,2\n150,1,2,2\n',
	'replicas/other.csv': 'seconds,desiredReplicas\n0,1\n',
};

/** Settings of its set `steady`. */
export const steadySettings = `apiVersion: replicast/v1
kind: RecordingSettings
name: steady
experiment:
  autoscaler:
    minReplicas: 1
    maxReplicas: 3
    metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 75}}}]
  deployment:
    containers: {app: {requests: {cpu: 100m}, limits: {cpu: 100m}}}
    llm: {threads: 1}
    service: {distribution: constant, value: 1s}
    startup: 2s
`;

/** A folder with files, those that end in `.gz` compressed; undefined leaves one out. It goes with the test. */
export async function folderOf(
	t: ExecutionContext,
	files: Readonly<Record<string, string | undefined>>,
): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-test-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	for (const [name, text] of Object.entries(files)) {
		if (text !== undefined) {
			await mkdir(dirname(join(folder, name)), {recursive: true});
			await writeFile(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
		}
	}

	return folder;
}

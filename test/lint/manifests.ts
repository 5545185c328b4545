import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';

/** A Deployment that requests what is given; without a request where it is left out. */
export function deployment(name: string, requests?: string): string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name}
          image: example.com/${name}:1
          resources: {${requests === undefined ? '' : `requests: ${requests}`}}
`;
}

/** An HPA on the CPU utilization of a Deployment. */
export function hpa(
	name: string,
	{min = '2', max = '10'}: {readonly min?: string; readonly max?: string} = {},
): string {
	return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}
  minReplicas: ${min}
  maxReplicas: ${max}
  metrics:
    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}
`;
}

/** A ScaledObject of a Deployment; `spec` are further lines of it. */
export function scaledObject(name: string, triggers: readonly string[], spec: readonly string[] = []): string {
	return [
		'apiVersion: keda.sh/v1alpha1',
		'kind: ScaledObject',
		`metadata: {name: ${name}}`,
		'spec:',
		`  scaleTargetRef: {name: ${name}}`,
		...spec.map(line => `  ${line}`),
		'  triggers:',
		...triggers.map(trigger => `    - ${trigger}`),
		'',
	].join('\n');
}

const folders: string[] = [];

/** Writes files into a new folder. @returns the folder */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-lint-'));
	folders.push(folder);
	for (const [name, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, name)), {recursive: true});
		await writeFile(join(folder, name), text);
	}

	return folder;
}

export async function removeFolders(): Promise<void> {
	await Promise.all(folders.map(async folder => rm(folder, {recursive: true, force: true})));
}

import {existsSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve, sep} from 'node:path';
import {pathToFileURL} from 'node:url';
import {packageRoot} from '../../disk/package.ts';
import {refusePresent, writeNewFiles} from '../../disk/write-new.ts';
import type {FileSchemaName} from '../write-schemas.ts';
import type {ServiceKind} from './what-serves.ts';

/** Files of a first experiment, by their paths in its folder, with the schema that an editor checks each by. */
type Parts = Readonly<Record<string, {readonly schema?: FileSchemaName; readonly content: () => string}>>;

const parts: Readonly<Record<ServiceKind, Parts>> = {
	llm: {
		'experiment.yaml': {schema: 'experiment', content: () => modelExperiment},
		'hpa.yaml': {content: () => shipped('k8s/hpa.yaml')},
		'models/tinyllama.yaml': {
			schema: 'service-model',
			content: () => withoutModeline(shipped('models/tinyllama.yaml')),
		},
	},
	web: {
		'experiment.yaml': {schema: 'experiment', content: () => webExperiment},
		'hpa.yaml': {content: () => webAutoscaler},
		'models/web-four-workers.yaml': {
			schema: 'server-model',
			content: () => withoutModeline(shipped('models/web-four-workers.yaml')),
		},
	},
};

const modelExperiment = `# A first experiment: what does an autoscaler of 2 to 6 pods do as load comes and goes, and what does it cost?
#
#   replicast run experiment.yaml
#
# A key that is left out has a default; docs/experiment-file.md of Replicast tells each.
apiVersion: replicast/v1
name: first
description: Load grows for ten minutes and goes again.
seed: 1
replications: 20
duration: 25m

# Who asks for what, and when: a rate in requests a second, straight lines between its points.
workload:
  arrivals:
    process: poisson
    interpolation: linear
    rate:
      - {at: 0s, perSecond: 0.05}
      - {at: 10m, perSecond: 0.8}
      - {at: 15m, perSecond: 0.05}
  requests:
    promptTokens: {distribution: lognormal, mean: 40, cv: 0.5, max: 512}
    outputTokens: {distribution: lognormal, mean: 16, cv: 0.5, max: 128}

# The pods. Requests are what the autoscaler's percentages are of, and what is paid for.
deployment:
  containers:
    backend: {requests: {cpu: 50m, memory: 128Mi}, limits: {cpu: 200m, memory: 256Mi}}
    ollama: {requests: {cpu: 450m, memory: 896Mi}, limits: {cpu: 1, memory: 1536Mi}}
  service: models/tinyllama.yaml   # how much work a request is

autoscaler: hpa.yaml               # put your own manifest here

fixed: {replicas: 6}               # what it is compared with: as many pods all the time
slo: {p95: 15s, availability: 0.99}
`;

const webExperiment = `# A first experiment of a service that is no LLM: what does an autoscaler of 2 to 8 pods do as load comes and goes?
#
#   replicast run experiment.yaml
#
# Assumed, all of it: the load, 20 ms of CPU time a request, half a core a pod, four workers. Put yours in, then delete
# the key assumed. A key that is left out has a default; docs/services.md of Replicast tells what a service may have.
apiVersion: replicast/v1
name: first-service
description: Load grows for ten minutes and goes again.
seed: 1
replications: 20
duration: 25m

# When requests come: a rate in requests a second, straight lines between its points.
workload:
  arrivals:
    process: poisson
    interpolation: linear
    rate:
      - {at: 0s, perSecond: 15}
      - {at: 10m, perSecond: 90}
      - {at: 15m, perSecond: 15}
  requests:
    # CPU time of a request: the CPU seconds that all pods used, divided by the requests that they served meanwhile.
    # serviceSeconds in its place is time by the clock, for requests that rather wait, as for a database.
    cpuSeconds: {distribution: exponential, mean: 20ms}

# The pods. Requests are what the autoscaler's percentages are of, and what is paid for.
deployment:
  assumed:
    - The load, the pods and the CPU time of a request are those that init wrote, not yours, and decide all below.
  containers:
    web: {requests: {cpu: 500m, memory: 128Mi}, limits: {cpu: 500m, memory: 256Mi}}
  service: models/web-four-workers.yaml   # how a pod works requests off
  startup: {distribution: lognormal, mean: 10s, cv: 0.3}

autoscaler: hpa.yaml               # put your own manifest here

fixed: {replicas: 6}               # what it is compared with: as many pods all the time
slo: {p95: 500ms, availability: 0.99}
`;

const webAutoscaler = `# Between 2 and 8 pods, by CPU as a percentage of the requests. No behavior: Kubernetes' own limits hold, up at once by
# doubling or by four pods, down after 300 s.
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: 2
  maxReplicas: 8
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
`;

/**
 * Writes a first experiment with its autoscaler and its model into a folder, which is made where it is missing.
 *
 * @returns the paths that were written, the experiment first
 * @throws {UserError} E_FILE when one of the files is there already, before anything is written, or the disk refuses
 */
export function writeFirstExperiment(folder: string, service: ServiceKind): readonly string[] {
	const own = parts[service];
	const paths = Object.keys(own).map(path => join(folder, path));
	refusePresent(paths[0]!);
	const files = Object.entries(own).map(([path, {schema, content}]) => {
		return [path, `${schema === undefined ? '' : modeline(schema, dirname(join(folder, path)))}${content()}`];
	});
	const [experiment, ...others] = files;
	writeNewFiles(folder, Object.fromEntries([...others, experiment!]));
	return paths;
}

/** A model of the package as a file in another folder. */
export function shippedModel(path: string, schema: FileSchemaName, folder: string): string {
	return `${modeline(schema, folder)}${withoutModeline(shipped(path))}`;
}

function modeline(schema: FileSchemaName, folder: string): string {
	return `# yaml-language-server: $schema=${schemaReference(schema, folder)}\n`;
}

/**
 * Path by which an editor finds a schema from a folder: a relative path where the package is installed in a folder
 * above, or is one itself, so that the file means the same on another machine; else this machine's own path.
 */
function schemaReference(schema: FileSchemaName, folder: string): string {
	const file = join('schemas', `${schema}.schema.json`);
	const here = resolve(folder);
	for (let above = here; above !== dirname(above); above = dirname(above)) {
		const installed = join(above, 'node_modules', 'replicast', file);
		if (existsSync(installed)) {
			return relativePath(here, installed);
		}
	}

	const own = join(packageRoot(), file);
	return here.startsWith(packageRoot()) ? relativePath(here, own) : pathToFileURL(own).href;
}

function relativePath(from: string, to: string): string {
	const path = relative(from, to).split(sep).join('/');
	return path.startsWith('.') ? path : `./${path}`;
}

function shipped(path: string): string {
	return readFileSync(join(packageRoot(), path), 'utf8');
}

function withoutModeline(text: string): string {
	return text.replace(/^# yaml-language-server:.*\n/, '');
}

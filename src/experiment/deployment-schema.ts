import * as z from 'zod';
import {ServiceModelFile} from './cluster-models.ts';
import {ContainersSchema, InitContainersSchema, NodesSchema} from './container-schema.ts';
import {TimeDistribution} from './distribution-schema.ts';
import {parseDuration} from './duration.ts';
import {choice, Duration, FilePath, judged, Name, parsePercent, Text, whole} from './leaves.ts';
import {AtZeroSchema} from './serving/at-zero-schema.ts';
import {EngineModelFile, EngineSettingsSchema} from './serving/engine-model.ts';
import {ServerModelFile} from './serving/server-model.ts';
import {StartupModelFile} from './serving/startup-model.ts';
import {WaitingSchema} from './serving/waiting-schema.ts';

const keepAliveRule = 'a duration such as 5m, or forever';
const KeepAlive = z.union([z.string(), z.number()], {error: keepAliveRule}).transform((text, context) => {
	if (text === 'forever') {
		return Number.POSITIVE_INFINITY;
	}

	try {
		return parseDuration(text);
	} catch {
		context.addIssue({code: 'custom', message: keepAliveRule});
		return z.NEVER;
	}
});

const Llm = z.strictObject({
	model: Text.describe('Model as Ollama names it; the service model’s name when left out').exactOptional(),
	container: Name.describe(
		'Container that runs it; found by its name, its image or its requests when left out',
	).exactOptional(),
	parallel: whole({min: 1, max: 1024}).default(1).describe('Requests served at a time (OLLAMA_NUM_PARALLEL)'),
	threads: whole({min: 1, max: 1024})
		.describe(
			'Compute threads of the runner; the container’s CPU limit if it is whole cores, else one for each core of a node',
		)
		.exactOptional(),
	keepAlive: KeepAlive.prefault('forever').describe(
		'Idle time after which the model is unloaded [duration, or forever]',
	),
	contextLength: whole({min: 1, max: 10_000_000}).default(2048).describe('Context of a slot [tokens]'),
	history: whole({min: 0, max: 1000}).default(0).describe('Turns of a conversation that its pod keeps and sends again'),
	maxQueue: whole({min: 0, max: 1e6})
		.default(512)
		.describe('Requests that wait while the model loads; one more gets 503 (OLLAMA_MAX_QUEUE)'),
});

export const LlmSchema = Llm.prefault({});

const shareRule = 'a whole number of pods, or a percentage such as 25%';
const PodShare = z.union([z.string(), z.number()], {error: shareRule}).transform((share, context) => {
	try {
		if (typeof share === 'string') {
			return {fraction: parsePercent(share)};
		}

		if (Number.isInteger(share) && share >= 0) {
			return {absolute: share};
		}
	} catch {
		// The rule below says what is wanted.
	}

	context.addIssue({code: 'custom', message: shareRule});
	return z.NEVER;
});

const Rollout = judged(
	z.strictObject({
		maxSurge: PodShare.prefault('25%').describe('Pods above the wanted number, rounded up [pods or %]'),
		maxUnavailable: PodShare.prefault('25%').describe('Pods below the wanted number, rounded down [pods or %]'),
	}),
	['maxSurge', 'maxUnavailable'],
	({maxSurge, maxUnavailable}) =>
		[maxSurge, maxUnavailable].every(isNone)
			? {path: ['maxUnavailable'], rule: 'above 0 when maxSurge is 0'}
			: undefined,
);

function isNone(share: unknown): boolean {
	return typeof share === 'object' && share !== null && Object.values(share).every(amount => amount === 0);
}

const Overload = z.strictObject({
	mostWaiting: whole({min: 0, max: 1e6}).describe('A probe fails while more requests wait in the pod'),
	failureThreshold: whole({min: 1, max: 1000})
		.default(3)
		.describe('Probes in a row that fail before the pod is unready'),
	successThreshold: whole({min: 1, max: 1000})
		.default(1)
		.describe('Probes in a row that succeed before it is ready again'),
});

export const DeploymentSchema = z.strictObject({
	replicas: whole({min: 1, max: 10_000}).describe('Pods when the autoscaler is none').exactOptional(),
	containers: ContainersSchema.describe('Containers of a pod by name'),
	manifest: FilePath.describe(
		'Path of a Deployment, StatefulSet or Argo Rollout, which gives what stands there; the other keys are laid over it',
	).exactOptional(),
	initContainers: InitContainersSchema.describe('Init containers by name, in their order').exactOptional(),
	assumed: z
		.array(Text)
		.describe('What the experiment does not say and decides the result, a sentence each')
		.exactOptional(),
	ignored: z.array(Text).describe('Parts of a manifest that the simulator ignores').exactOptional(),
	llm: LlmSchema.describe('How the model is served'),
	readiness: z
		.strictObject({
			periodSeconds: whole({min: 1, max: 3600}).default(10).describe('Time between two probes [s]'),
			overload: Overload.describe('Probes that fail while too much waits; none do when left out').exactOptional(),
		})
		.prefault({}),
	terminationGrace: Duration.prefault('30s').describe('Time a pod has to drain before it is killed [duration]'),
	rollout: Rollout.prefault({}),
	nodes: NodesSchema.exactOptional().describe('Nodes; without bound when left out'),
	service: z
		.union([FilePath, TimeDistribution, ServiceModelFile, ServerModelFile, EngineModelFile], {
			error: 'the path of a service model, or a distribution of durations',
		})
		.describe(
			'Path of a service model file, of a server model where requests bring their own work, or of an engine model such as vLLM’s, or the distribution of the time in service',
		),
	engine: EngineSettingsSchema.describe('Settings of the engine, in the place of its model’s').exactOptional(),
	startup: z
		.union([FilePath, TimeDistribution, StartupModelFile], {
			error: 'the path of a start-up model, or a duration or a distribution of them',
		})
		.prefault('../models/startup-kind.yaml')
		.describe('Path of a start-up model file, or a duration such as 0s, or a distribution of durations'),
	balancing: choice('random', 'round-robin', 'least-requests')
		.default('random')
		.describe('Which pod gets a new connection; kube-proxy’s is random'),
	atZero: AtZeroSchema.describe(
		'What happens to requests while no pod takes any: refused, or held by an activator in front; refused when left out',
	).exactOptional(),
	waiting: WaitingSchema.describe('Where requests wait; in the pod without bound when left out').exactOptional(),
});

import * as z from 'zod';
import {apiTime, goDuration} from './api-time.ts';
import {flagSchemas, ReleaseSchema, ToleranceFlag} from './flag-schemas.ts';
import {hypotheticalHpaSpecOf} from './hpa-manifest.ts';
import {HypotheticalManifest, HypotheticalSpec} from './hpa-schema.ts';
import {ScaledObject} from './keda/scaled-object-schema.ts';
import {valueFaults} from './keda/trigger-values.ts';
import {parseQuantityMilli} from './quantity.ts';

/*
 * One question to the autoscaler: an HPA, the scale of its target, pods, metrics and the controller's memory.
 * Times are seconds on the case's own clock, or of RFC 3339; null is the same as left out. Each error message is a rule, the text that
 * follows "Expected … to be".
 */

const timeRule = 'a number of seconds or a time such as 2026-01-05T10:00:00Z';
const time = z.union([z.number(), z.string().transform(timeOf)], {error: timeRule});
const windowRule = 'a number of seconds, at least 0, or a duration such as 15.03s';
const window = z.union([z.number().min(0), z.string().transform(windowOf)], {error: windowRule});
const podsRule = 'a whole number of pods, at least 0 and at most 2147483647';
const pods = z
	.int({error: podsRule})
	.min(0, {error: podsRule})
	.max(2 ** 31 - 1, {error: podsRule});
const name = z.string({error: 'a name'}).min(1, {error: 'a name'});

const milli = z
	.union([z.string(), z.number()], {error: 'a quantity such as 500m or 1Gi'})
	.transform((text, context) => {
		try {
			const value = parseQuantityMilli(text);
			if (Number.isFinite(value)) {
				return value;
			}
		} catch {
			// The rule below says what is wanted.
		}

		context.addIssue({code: 'custom', message: 'a quantity such as 500m or 1Gi'});
		return z.NEVER;
	});
const quantities = z.record(z.string(), milli);

const Hpa = z
	.union([HypotheticalManifest, HypotheticalSpec], {error: 'an autoscaling/v2 HorizontalPodAutoscaler or its spec'})
	.transform(hypotheticalHpaSpecOf);

const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;
const words = {True: true, False: false, Unknown: 'Unknown'} as const;
const readyRule = 'true, false or Unknown';

const Ready = z.strictObject({
	status: z.union([z.boolean(), z.enum(['True', 'False', 'Unknown']).transform(word => words[word])], {
		error: readyRule,
	}),
	lastTransitionTime: time.nullish(),
});

const Container = z.strictObject({name, requests: quantities.nullish(), limits: quantities.nullish()});

const Pod = z.strictObject({
	name,
	phase: z.enum(phases, {error: `one of ${phases.join(', ')}`}).nullish(),
	startTime: time.nullish(),
	ready: Ready.nullish(),
	deletionTimestamp: time.nullish(),
	containers: z.array(Container).nullish(),
	initContainers: z
		.array(Container.extend({restartPolicy: z.literal('Always', {error: 'Always'}).nullish()}))
		.nullish(),
	requests: quantities.nullish(),
});

const PodMetrics = z.strictObject({
	name,
	timestamp: time.nullish(),
	window: window.nullish(),
	containers: z.array(z.strictObject({name, usage: quantities.nullish()})).nullish(),
	metrics: quantities.nullish(),
});

const Controller = z.strictObject({
	syncPeriod: flagSchemas.syncPeriod.nullish(),
	downscaleStabilization: flagSchemas.downscaleStabilization.nullish(),
	tolerance: flagSchemas.tolerance.nullish(),
	toleranceUp: ToleranceFlag.nullish(),
	toleranceDown: ToleranceFlag.nullish(),
	initialReadinessDelay: flagSchemas.initialReadinessDelay.nullish(),
	cpuInitializationPeriod: flagSchemas.cpuInitializationPeriod.nullish(),
});

const Event = z.strictObject({time, change: pods});
const History = z.strictObject({
	recommendations: z.array(z.strictObject({time, replicas: pods})).nullish(),
	scaleUps: z.array(Event).nullish(),
	scaleDowns: z.array(Event).nullish(),
});

function timeOf(text: string, context: z.RefinementCtx): number {
	const value = apiTime(text);
	return Number.isNaN(value) ? refused(context, timeRule) : value;
}

function windowOf(text: string, context: z.RefinementCtx): number {
	const value = goDuration(text);
	return Number.isNaN(value) ? refused(context, windowRule) : value;
}

function refused(context: z.RefinementCtx, message: string): never {
	context.addIssue({code: 'custom', message});
	return z.NEVER;
}

/** Keys for the keeper of a case; they are ignored. */
const remarks = [
	'name',
	'title',
	'description',
	'comment',
	'note',
	'why',
	'group',
	'tags',
	'source',
	'expect',
	'expected',
] as const;

type Remarks = Record<(typeof remarks)[number], z.ZodOptional<z.ZodUnknown>>;

/** 1973: what is later is a date [s]. */
const earliestDate = 1e8;

/** Most pods that a case need not describe. */
const mostUndescribed = 100_000;

/** Keys of a case beside its autoscaler. */
const surroundings = {
	...(Object.fromEntries(remarks.map(key => [key, z.unknown().optional()])) as Remarks),
	id: z.union([z.string(), z.number()], {error: 'text or a number'}).nullish(),
	now: time.nullish(),
	kubernetes: ReleaseSchema.nullish(),
	controller: Controller.nullish(),
	scale: z
		.strictObject({
			specReplicas: pods.nullish(),
			statusReplicas: pods.nullish(),
			scaledToZero: z.boolean({error: 'true or false'}).nullish(),
		})
		.nullish(),
	pods: z.array(Pod).nullish(),
	podMetrics: z.array(PodMetrics).nullish(),
	history: History.nullish(),
};

function bounded<S extends typeof surroundings>(shape: S) {
	return z
		.strictObject(shape)
		.refine(hasFewUndescribed, {
			error: `at most ${mostUndescribed} where pods are left out`,
			path: ['scale', 'specReplicas'],
		})
		.refine(hasOneClock, {error: "on the clock of the case's other times", path: ['now']});
}

function hasFewUndescribed({scale, pods}: {scale?: unknown; pods?: unknown}): boolean {
	return pods != null || ((scale as {specReplicas?: number} | null | undefined)?.specReplicas ?? 0) <= mostUndescribed;
}

/** A case as `replicast decide` takes it. */
export const DecideCase = bounded({
	...surroundings,
	hpa: Hpa,
	objectMetrics: quantities.nullish(),
	externalMetrics: quantities.nullish(),
});

const failures = z.record(z.string(), z.int({error: 'a whole number, at least 0'}).min(0), {error: 'a map of numbers'});

/** A case of a ScaledObject: the values that its triggers' scalers get instead of External metrics. */
export const KedaCase = bounded({
	...surroundings,
	scaledObject: ScaledObject,
	triggerValues: z
		.record(z.string(), z.union([milli, z.literal('error')], {error: 'a number, or error'}), {error: 'a map of values'})
		.nullish(),
	operator: z
		.strictObject({created: time.nullish(), lastActive: time.nullish(), failures: failures.nullish()})
		.nullish(),
}).superRefine((given, context) => {
	for (const {path, rule} of valueFaults(given)) {
		context.addIssue({code: 'custom', path: [...path], message: rule});
	}
});

/** A case of a ScaledObject that was read; the values of triggers are in thousandths. */
export type KedaCase = z.infer<typeof KedaCase>;

/** Seconds since 1970 are no times of a clock that somebody began at 0. */
function hasOneClock({now, pods, podMetrics}: {now?: unknown; pods?: unknown; podMetrics?: unknown}): boolean {
	const described = (pods ?? []) as readonly z.infer<typeof Pod>[];
	const sampled = (podMetrics ?? []) as readonly z.infer<typeof PodMetrics>[];
	const times = [
		now as number | undefined,
		...described.flatMap(pod => [pod.startTime, pod.ready?.lastTransitionTime, pod.deletionTimestamp]),
		...sampled.map(pod => pod.timestamp),
	].filter(found => found != null && found !== 0) as readonly number[];
	return times.every(found => found > earliestDate) || times.every(found => found <= earliestDate);
}

/** A case that was read: quantities are in milli-units. */
export type DecideCase = z.infer<typeof DecideCase>;

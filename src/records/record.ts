import * as z from 'zod';
import {double, int32, type TableForm, type TableOf, text} from './column.ts';
import {machineForm, probeForm} from './machine.ts';
import type {NodeUsage} from './node-usage.ts';
import {provenanceForm} from './provenance.ts';
import {longestSpan} from './table-limits.ts';

/**
 * The form of a record: `record.json`, and the columns of its tables. Types, Parquet files, import and checks are derived
 * from it.
 */
const head = z.strictObject({
	apiVersion: z.literal('replicast/v1'),
	kind: z.literal('Record'),
	engine: z.enum(['simulated', 'measured', 'emulated']),
	experiment: z.strictObject({name: z.string(), hash: z.string(), profile: z.string().exactOptional()}),
	arm: z.enum(['dynamic', 'fixed']),
	seed: z.int(),
	/** Number of the replication (simulated) or repeat (measured), from 0. */
	replication: z.int().min(0),
	durationSeconds: z.number().positive(),
	warmupSeconds: z.number().min(0),
	scheduleHash: z.string(),
	versions: z.record(z.string(), z.string()),
	/** Digest by name: the LLM's in a measured record, the model files' in a simulated one. */
	models: z.record(z.string(), z.string()),
	/** Left out of a record that was imported, or written by an earlier release. */
	provenance: provenanceForm.exactOptional(),
	/** Machine of a measurement; left out where it is not known. */
	machine: machineForm.exactOptional(),
	/** Probes of the machine's speed, before and after the load; left out of a measurement without. */
	probes: z.array(probeForm).exactOptional(),
	validity: z.strictObject({
		valid: z.boolean(),
		reasons: z.array(z.string()),
		/** Differences between what was measured and the experiment that make it no less valid. */
		notes: z.array(z.string()).exactOptional(),
	}),
});

/** Head of a record: what was run, by what, and whether the result may be used. */
export type RecordHead = z.infer<typeof head>;

export type Arm = RecordHead['arm'];

/** Form of `record.json`: the head, and the tables that were too long to be kept. */
export const recordFile = head.extend({omittedTables: z.array(z.string()).exactOptional()});

/** Furthest a time is from the start of its schedule [s]: 30 years. */
const furthest = 1e9;

/** Seconds from the start of the schedule; NaN where a thing did not happen. */
const seconds = {...double, largest: furthest} as const;
const moment = {...seconds, required: true} as const;
const count = {...int32, natural: true} as const;
const name = {...text, required: true} as const;

const proposal = z.looseObject({
	name: z.string(),
	proposal: z.number().optional(),
	utilization: z.number().optional(),
	averageValueMilli: z.number().optional(),
	valueMilli: z.number().optional(),
});

/** Columns of a record's tables by name, in the order of the file. */
export const recordColumns = {
	requests: {
		scheduledSeconds: moment,
		sentSeconds: seconds,
		startedSeconds: seconds,
		firstTokenSeconds: seconds,
		endedSeconds: seconds,
		tenant: text,
		/** Number of the conversation within its tenant. */
		conversation: count,
		/** Empty when no pod took the request. */
		pod: text,
		promptTokens: count,
		outputTokens: count,
		/** `inFlight`: the run ended before the request did. */
		outcome: {...text, values: ['completed', 'failed', 'timedOut', 'inFlight']},
	},
	/** Events of pods in the order of time. */
	pods: {
		pod: name,
		event: {
			...text,
			values: [
				'created',
				'scheduled',
				'started',
				'modelLoaded',
				'ready',
				'notReady',
				'endpointAdded',
				'endpointRemoved',
				'containerRestarted',
				'terminating',
				'gone',
			],
		},
		seconds: moment,
	},
	/** One row for each reconcile of the HPA. */
	decisions: {
		seconds: moment,
		currentReplicas: count,
		desiredReplicas: count,
		/** `MetricResult[]` of the autoscaler. */
		proposals: {...text, json: z.array(proposal)},
		/** The rules that held, or the error. */
		reasons: {...text, json: z.array(z.string())},
	},
	/**
	 * One row for each new point that the metrics API serves of a container, at the time it is first served.
	 * `cpuCores` and `memoryBytes` are NaN in the row that says the API serves the pod no more.
	 */
	samples: {
		seconds: moment,
		pod: name,
		container: name,
		cpuCores: {...double, natural: true},
		memoryBytes: {...double, natural: true},
		sampledSeconds: seconds,
		/** As the API has it, which is not always a span: `hasSpan`. */
		windowSeconds: {...double, largest: longestSpan},
	},
} as const satisfies Record<string, TableForm>;

/** Times of a request, the first of which is not after the second where both are there. */
export const requestTimes = [
	['scheduledSeconds', 'endedSeconds'],
	['sentSeconds', 'endedSeconds'],
	['startedSeconds', 'firstTokenSeconds'],
	['startedSeconds', 'endedSeconds'],
	['firstTokenSeconds', 'endedSeconds'],
] as const satisfies readonly (readonly (keyof RequestTable)[])[];

export type TableName = keyof typeof recordColumns;

export const tableNames = Object.keys(recordColumns) as readonly TableName[];

/** Tables of a record in memory. */
export type RecordTables = {[Table in TableName]: TableOf<(typeof recordColumns)[Table]>};
export type RequestTable = RecordTables['requests'];
export type PodTable = RecordTables['pods'];
export type DecisionTable = RecordTables['decisions'];
export type SampleTable = RecordTables['samples'];

/** State in which a run left a request. */
export type Outcome = RequestTable['outcome'][number];

export type PodEvent = PodTable['event'][number];

/** A record in memory; `omitted` are the tables that were too long to be kept and have no rows here. */
export type Recording = {
	head: RecordHead;
	tables: RecordTables;
	omitted?: readonly TableName[];
	/** Nodes that a node autoscaler made, real or simulated; left out where nobody saw them. */
	nodes?: readonly NodeUsage[] | undefined;
};

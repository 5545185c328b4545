import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import * as z from 'zod';
import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Summary} from '../../forecast/summary.ts';
import type {FoundRecord} from '../records/find-records.ts';
import {readJson} from '../records/read-record.ts';

const Estimate = z.looseObject({mean: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable()});
const Latency = z.looseObject({mean: Estimate, p50: Estimate, p95: Estimate, p99: Estimate});
const count = z.number().min(0);

const ArmForm = z.looseObject({
	replicas: Estimate.extend({max: z.number()}),
	podHours: Estimate,
	costPerHour: Estimate,
	energyWattHours: Estimate,
	throughputPerSecond: Estimate,
	availability: Estimate,
	latencySeconds: Latency,
	waitSeconds: z.looseObject({mean: Estimate, p95: Estimate}),
	cpuUtilization: Estimate,
	memoryUtilization: Estimate,
	ttftSeconds: z.looseObject({mean: Estimate, p95: Estimate}),
	tpotSeconds: z.looseObject({mean: Estimate}),
	sloAttainment: Estimate,
	goodputPerSecond: Estimate,
	tenants: z.array(z.looseObject({name: z.string(), latencySeconds: Latency, throughputPerSecond: Estimate})),
	fairness: Estimate,
	timeline: z.array(z.tuple([z.number(), z.number()])),
	requests: z.looseObject({arrived: count, completed: count, failed: count, timedOut: count, inFlight: count}),
});

/** `summary.json` as it is read back: what others take from it is there. */
export const summaryForm = z.looseObject({
	experiment: z.string(),
	seed: z.number(),
	replications: count,
	dynamic: ArmForm,
	fixed: ArmForm.nullable(),
	savings: z
		.looseObject({perHour: Estimate, fraction: Estimate, perDay: Estimate, perMonth: Estimate, perYear: Estimate})
		.nullable(),
	economics: z.looseObject({currency: z.string().default('USD')}),
});

/** A summary that `replicast run` left, and the record beside it. */
export type FoundSummary = {readonly summary: Summary; readonly record: FoundRecord};

/**
 * The summary of an experiment among records, the one of the most replications.
 *
 * @param version - of this package: another release's figures are not taken
 * @throws {UserError} E_FILE when a summary of that experiment is none
 */
export function findSummary(
	records: readonly FoundRecord[],
	{name, hash, seed}: Experiment,
	version: string,
): FoundSummary | undefined {
	return records
		.filter(({head}) => head.engine === 'simulated' && head.arm === 'dynamic' && head.experiment.hash === hash)
		.filter(({head}) => head.versions['replicast'] === version)
		.flatMap(record => {
			const path = join(dirname(record.folder), 'summary.json');
			const summary = existsSync(path) ? readSummary(path) : undefined;
			return summary?.experiment === name && summary.seed === seed ? [{summary, record}] : [];
		})
		.sort((a, b) => b.summary.replications - a.summary.replications)[0];
}

function readSummary(path: string): Summary {
	const parsed = summaryForm.safeParse(readJson(path));
	if (!parsed.success) {
		const place = parsed.error.issues[0]?.path.join('.') || 'all of it';
		throw new UserError('E_FILE', `Expected ${path} to be a summary of replicast run, got something else in ${place}`);
	}

	return parsed.data as unknown as Summary;
}

import * as z from 'zod';
import {IsoDate} from '../coefficient.ts';
import {choice, Duration, mapRule, number, Text} from '../leaves.ts';

const Overlay = z
	.looseObject({}, {error: 'a map with keys of an experiment'})
	.superRefine((overlay, context) => {
		for (const key of ['name', 'duration', 'profiles'].filter(each => each in overlay)) {
			context.addIssue({code: 'custom', path: [key], message: 'left out: each recording gives it'});
		}
	})
	.describe('Keys of an experiment but name, duration and arrivals, which come from each recording');

const Arrivals = z.strictObject(
	{
		times: z
			.union([choice('nominal', 'sent', 'delayed'), number({above: 0, max: 1000})], {
				error: 'nominal, sent, delayed or a factor above 0',
			})
			.describe(
				'Times of the workload: as they stand, stretched as runs.csv says the sender did, each delayed by as much as the one before and a constant, so that the last is sent at sendingSeconds, or stretched by a factor',
			)
			.exactOptional(),
		delay: Duration.describe(
			'Time by which the load is later on the recording’s clock than the workload says; none when left out [duration]',
		).exactOptional(),
		process: choice('poisson', 'deterministic')
			.describe('Arrivals under a rate over time; poisson when left out')
			.exactOptional(),
		lead: Duration.describe('Load at the first rate, or of the first users, before time 0 [duration]').exactOptional(),
		work: choice('time', 'cpu')
			.describe('serviceSeconds are time in service, whatever the CPU limit, or CPU time; time when left out')
			.exactOptional(),
	},
	{error: mapRule('a map such as {times: sent}')},
);

const Where = z.record(z.string(), Text, {error: 'a map of columns of runs.csv and their values'});

const Start = choice('minimum', 'recorded').describe('Replicas at time 0: minReplicas, or those that were recorded');

/** Settings that a forecast of a set of recordings needs beside each recording's arrivals. */
export const RecordingSettingsFile = z
	.strictObject({
		apiVersion: z.literal('replicast/v1', {error: 'replicast/v1'}).describe('Version of the form'),
		kind: z.literal('RecordingSettings', {error: 'RecordingSettings'}).describe('What the file is'),
		name: Text.describe('Set of recordings, as runs.csv names it'),
		notes: Text.describe('Where the facts come from').exactOptional(),
		experiment: Overlay,
		arrivals: Arrivals.prefault({}).describe('How a workload’s file becomes arrivals'),
		start: Start.default('minimum'),
		judged: choice('desired', 'current', 'ready')
			.default('desired')
			.describe('Recorded line that the forecast is compared with'),
		repeats: z
			.array(Text, {error: 'a list of sets'})
			.default([])
			.describe('Other sets that recorded the same workloads under the same settings'),
		runs: z
			.array(
				z.strictObject({
					where: Where,
					experiment: Overlay.exactOptional(),
					arrivals: Arrivals.exactOptional(),
					assumed: Text.describe(
						'What such a recording leaves out and these keys assume, a sentence; the report says it',
					).exactOptional(),
					leftOut: Text.describe('Why such a recording is not forecast').exactOptional(),
				}),
				{error: 'a list of maps such as {where: {hpa: hpa.yaml}, experiment: …}'},
			)
			.default([])
			.describe('What differs between the runs of the set, by their columns of runs.csv'),
		fitted: z
			.strictObject({
				date: IsoDate.describe('When the facts were frozen, before any other recording was judged'),
				on: z
					.array(Text, {error: 'a list of recordings as set/run'})
					.describe('Recordings that the facts were fitted to, as set/run'),
				digests: z
					.record(z.string(), Text, {error: 'a map of recordings and digests'})
					.describe('SHA-256 of the replicas of those recordings, by which they are known under any name')
					.exactOptional(),
				unknown: z
					.array(Text, {error: 'a list of sentences'})
					.describe('What those recordings do not show, a sentence each')
					.exactOptional(),
				found: z
					.array(
						z.strictObject({
							fact: Text.describe('What was found, a sentence'),
							where: Where.describe(
								'Recordings that it holds for, by their columns of runs.csv; all when left out',
							).exactOptional(),
							experiment: Overlay.exactOptional(),
							arrivals: Arrivals.exactOptional(),
							start: Start.exactOptional(),
						}),
						{error: 'a list of facts such as {fact: …, experiment: …}'},
					)
					.describe('Facts in the order in which they are laid over the settings'),
			})
			.describe('What was found by fitting; nothing when left out')
			.exactOptional(),
	})
	.describe('Settings under which a set of recordings was made');

export type RecordingSettings = z.output<typeof RecordingSettingsFile>;

/** Rules by which a workload’s file becomes arrivals. */
export type ArrivalSettings = RecordingSettings['arrivals'];

import * as z from 'zod';

/** Machine that a record was measured on, as far as its kernel says. */
export const machineForm = z.strictObject({
	/** Model of the processor. */
	processor: z.string().exactOptional(),
	cores: z.int().positive(),
	memoryBytes: z.number().positive(),
	kernel: z.string().exactOptional(),
	/** Digest of the machine's own identity: two machines of one kind differ in it. */
	id: z.string().exactOptional(),
});

export type MeasuredMachine = z.infer<typeof machineForm>;

const share = z.number().min(0);

/** Request of a probe that was answered, with the tokens that the model counted. */
const probedRequest = z.strictObject({
	promptTokens: z.int().min(0),
	outputTokens: z.int().min(0),
	/** Time in service: prompt, answer, and finding the loaded model [s]. */
	serviceSeconds: z.number().min(0),
	promptSeconds: z.number().min(0),
	answerSeconds: z.number().min(0),
});

export type ProbedRequest = z.infer<typeof probedRequest>;

/** Speed of an idle pod before or after the load, by a fixed set of requests. What could not be read is left out. */
export const probeForm = z.strictObject({
	when: z.enum(['before', 'after']),
	/** Begin, from the start of the schedule [s]: negative before it. */
	seconds: z.number(),
	durationSeconds: z.number().min(0),
	/** Cores that the pod's model may use. */
	cores: z.number().positive(),
	requests: z.array(probedRequest),
	/** Clock of the processor [MHz]. */
	clockMHz: z.number().positive().exactOptional(),
	/** Shares of all cores of the machine meanwhile. */
	busy: share.exactOptional(),
	steal: share.exactOptional(),
	/** Share of the time in which some task waited for the resource, by the kernel's pressure stall information. */
	pressure: z
		.strictObject({cpu: share.exactOptional(), memory: share.exactOptional(), io: share.exactOptional()})
		.exactOptional(),
	/** Share of the time in which the model's container waited for its CPU quota. */
	throttledTime: share.exactOptional(),
	/** CPU that it used of its quota, when it wanted all of it. */
	quotaWhenThrottled: share.exactOptional(),
});

export type Probe = z.infer<typeof probeForm>;

/** Name of a machine in words and in groups: records of equal names were measured on one machine. */
export function machineName({processor, cores, memoryBytes, id}: MeasuredMachine): string {
	const gibibytes = (memoryBytes / 2 ** 30).toFixed(0);
	return [
		processor ?? 'unknown processor',
		`${cores} cores`,
		`${gibibytes} GiB`,
		...(id === undefined ? [] : [id]),
	].join(', ');
}

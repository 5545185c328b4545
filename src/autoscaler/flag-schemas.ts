import * as z from 'zod';
import {parseFlagDuration, releases} from './controller-flags.ts';

const releaseRule = `a release from ${releases[1]} to ${releases.at(-1)}, or ${releases[0]}, in quotes where it ends in 0`;

/**
 * A release as text, also with a patch version, or as a number. YAML makes 1.3 of `1.30` without quotes: a number with one
 * digit behind the point is no release.
 */
export const ReleaseSchema = z
	.union([z.string(), z.number()], {error: releaseRule})
	.transform(release => String(release).replace(/^v/, '').split('.').slice(0, 2).join('.'))
	.pipe(z.enum(releases, {error: releaseRule}));

const week = 7 * 86_400;

function duration(min: number) {
	const rule = `a duration such as 5m, or a number of seconds, from ${min}s to 7d`;
	return z.union([z.string(), z.number()], {error: rule}).transform((given, context) => {
		const seconds = typeof given === 'number' ? given : parseFlagDuration(given);
		if (seconds >= min && seconds <= week) {
			return seconds;
		}

		context.addIssue({code: 'custom', message: rule});
		return z.NEVER;
	});
}

const fractionRule = 'a fraction, at least 0';

/** Schema of a tolerance. */
export const ToleranceFlag = z.number({error: fractionRule}).min(0, {error: fractionRule});

/** The flags as a person writes them, in an experiment and in a case of `decide`. */
export const flagSchemas = {
	syncPeriod: duration(1).describe('--horizontal-pod-autoscaler-sync-period [duration]'),
	downscaleStabilization: duration(0).describe('--horizontal-pod-autoscaler-downscale-stabilization [duration]'),
	tolerance: ToleranceFlag.describe('--horizontal-pod-autoscaler-tolerance [fraction]'),
	initialReadinessDelay: duration(0).describe('--horizontal-pod-autoscaler-initial-readiness-delay [duration]'),
	cpuInitializationPeriod: duration(0).describe('--horizontal-pod-autoscaler-cpu-initialization-period [duration]'),
};

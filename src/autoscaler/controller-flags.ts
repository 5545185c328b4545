/** Releases of Kubernetes whose autoscaler is known, oldest first. */
export const releases = [
	'1.13',
	...(['1.23', '1.24', '1.25', '1.26', '1.27', '1.28', '1.29', '1.30', '1.31', '1.32', '1.33', '1.34'] as const),
	...(['1.35', '1.36'] as const),
] as const;

export type Release = (typeof releases)[number];

/** Taken where nobody says which. */
export const assumedRelease: Release = '1.34';

/** The minor version of a release: 34 for 1.34. */
export function minorOf(release: Release): number {
	return Number(release.slice(2));
}

/** Known release nearest to a server's version, such as `v1.34.4+k3s1`; the newer of two that are as near. */
export function nearestRelease(gitVersion: string): Release {
	const minor = Number(/^v?1\.(\d+)/.exec(gitVersion)?.[1] ?? Number.NaN);
	const distance = (release: Release) => Math.abs(minorOf(release) - minor);
	return Number.isNaN(minor)
		? assumedRelease
		: releases.reduce((nearest, release) => (distance(release) <= distance(nearest) ? release : nearest));
}

/** Flags of kube-controller-manager that begin with `--horizontal-pod-autoscaler-`: seconds and fractions. */
export type ControllerFlags = {
	readonly syncPeriod?: number;
	readonly downscaleStabilization?: number;
	readonly tolerance?: number;
	readonly initialReadinessDelay?: number;
	readonly cpuInitializationPeriod?: number;
};

/**
 * Default flags of the controller.
 *
 * @see kubernetes pkg/controller/podautoscaler/config/v1alpha1/defaults.go, the same from 1.23 to 1.36, and in 1.13
 */
export const defaultFlags: Required<ControllerFlags> = {
	syncPeriod: 15,
	downscaleStabilization: 300,
	tolerance: 0.1,
	initialReadinessDelay: 30,
	cpuInitializationPeriod: 300,
};

/** Names of the flags, behind `--horizontal-pod-autoscaler-`. */
export const flagNames = {
	syncPeriod: 'sync-period',
	downscaleStabilization: 'downscale-stabilization',
	tolerance: 'tolerance',
	initialReadinessDelay: 'initial-readiness-delay',
	cpuInitializationPeriod: 'cpu-initialization-period',
} as const satisfies Record<keyof ControllerFlags, string>;

const unitSeconds: Readonly<Record<string, number>> = {ms: 0.001, s: 1, m: 60, h: 3600};

/**
 * Seconds of a duration as Go writes it: `5m`, `1m30s`, `500ms`.
 *
 * @returns NaN where the text is none
 */
export function parseFlagDuration(text: string): number {
	if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) {
		return Number.NaN;
	}

	const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
	const seconds = [...parts].reduce((sum, [, number, unit]) => sum + Number(number) * unitSeconds[unit!]!, 0);
	return Math.round(seconds * 1e6) / 1e6;
}

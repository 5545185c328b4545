import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import {assumedRelease, type ControllerFlags, defaultFlags, type Release} from '../autoscaler/controller-flags.ts';
import type {Experiment} from './experiment.ts';

/**
 * Digest of an experiment's runs and bounds: workload, containers, model, autoscaler and its controller, faults, seed,
 * objectives and tolerances. It names the measured records that belong to an experiment, so it does not cover what
 * forecasts or prices them (service, start-up and metric models, nodes, prices, energy, the uncertainty of the load), the
 * number of replications, the description, or the paths of files: a new calibration of a model leaves the measurements valid.
 *
 * @returns 64 hex digits of SHA-256 over the canonical JSON
 */
export function experimentHash(experiment: Omit<Experiment, 'hash'> & {readonly hash?: string}): string {
	const {name, profile, seed, duration, warmup, autoscaler, fixed, slo, accept, faults} = experiment;
	const {uncertainty: _uncertainty, ...workload} = experiment.workload;
	const {
		service: _service,
		startup: _startup,
		nodes: _nodes,
		assumed: _assumed,
		ignored: _ignored,
		...rest
	} = experiment.deployment;
	const {containerFrom: _containerFrom, threadsFrom: _threadsFrom, ...llm} = rest.llm;
	const deployment = {...rest, llm};
	const control = otherThanDefault(experiment);
	const {customMetrics, keda, startsAt, nodeAutoscaler} = experiment;
	const hashed = {
		...{name, profile, seed, duration, warmup, workload, deployment, autoscaler, fixed, slo, accept, faults},
		...control,
		...(keda !== undefined && {keda}),
		...(startsAt !== undefined && {startsAt}),
		...(nodeAutoscaler !== undefined && {nodeAutoscaler: settingsOf(nodeAutoscaler)}),
		...(customMetrics !== undefined && {customMetrics: bindingsOf(customMetrics)}),
	};
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(hashed))));
}

/** A node autoscaler without what models say: types by their names, no prices, no delays. */
function settingsOf(nodes: NonNullable<Experiment['nodeAutoscaler']>): object {
	const {types, catalogue: _catalogue, delays: _delays, split: _split, ignored: _ignored, ...settings} = nodes;
	return {...settings, types: types.map(({name}) => name)};
}

/** Queries by their text, and the series that they read. */
function bindingsOf({metrics, series}: NonNullable<Experiment['customMetrics']>) {
	return {queries: Object.fromEntries(Object.entries(metrics).map(([key, {text}]) => [key, text])), series};
}

/**
 * Digest of all that a simulated run follows from: what {@link experimentHash} covers, and the models, nodes, prices,
 * energy and number of replications that it does not. Where the files stand makes no difference.
 *
 * @returns 64 hex digits of SHA-256
 */
export function resolvedDigest(experiment: Experiment): string {
	const {workload, origin: _origin, ...rest} = experiment;
	const {uncertainty} = workload;
	const deployment = withoutDerivedSpread(rest.deployment);
	const hash = experimentHash(experiment);
	const hashed = {...rest, deployment, ...(uncertainty && {uncertainty}), hash};
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(hashed))));
}

/** Intervals of coefficients are in the models' files, and decide no run of the forecast itself. */
function withoutDerivedSpread(deployment: Experiment['deployment']): object {
	const {service} = deployment;
	if (service.kind !== 'work' || service.spread === undefined || service.spread.isJoint) {
		return deployment;
	}

	const {spread: _spread, ...rest} = service;
	return {...deployment, service: rest};
}

/** Release whose autoscaler is simulated, and whether the experiment leaves it open. */
export function releaseOf({kubernetes}: Pick<Experiment, 'kubernetes'>): {release: Release; assumed: boolean} {
	return {release: kubernetes ?? assumedRelease, assumed: kubernetes === undefined};
}

/**
 * Settings of the controller that differ from the defaults: a file that spells out a default is the same experiment.
 */
function otherThanDefault({kubernetes, controller = {}}: Pick<Experiment, 'kubernetes' | 'controller'>) {
	const flags = Object.entries(controller).filter(
		([name, value]) => value !== defaultFlags[name as keyof ControllerFlags],
	);
	return {
		...(kubernetes !== undefined && kubernetes !== assumedRelease && {kubernetes}),
		...(flags.length > 0 && {controller: Object.fromEntries(flags)}),
	};
}

/** JSON with sorted keys and no spaces; an infinite number is the text `Infinity`. */
export function canonicalJson(value: unknown): string {
	if (typeof value === 'number' && !Number.isFinite(value)) {
		return JSON.stringify(String(value));
	}

	if (Array.isArray(value)) {
		if (value.every(Number.isFinite)) {
			return JSON.stringify(value); // the same text, ten times as fast: a trace has millions
		}

		return `[${value.map(item => canonicalJson(item)).join(',')}]`;
	}

	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value)
			.filter(([, item]) => item !== undefined)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
		return `{${entries.join(',')}}`;
	}

	return JSON.stringify(value);
}

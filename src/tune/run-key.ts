import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex, utf8ToBytes} from '@noble/hashes/utils.js';
import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {canonicalJson} from '../experiment/experiment-hash.ts';

type Versions = {readonly controller: ControllerConfig; readonly version: string};

/** Digest of everything that the figures of a run follow from but its candidate and its replication, as hex. */
export function runKey(experiment: Experiment, {controller, version}: Versions): string {
	const {seed, duration, warmup, workload, deployment, metrics, prices, energy, slo, faults} = experiment;
	const {containers: _, ...pods} = deployment;
	const syncPeriod = metrics === 'ideal' ? experiment.controller?.syncPeriod : undefined; // else it is in the model
	const played = {
		...{seed, duration, warmup, workload, pods, metrics, prices, energy, slo, faults, controller, version},
		...(syncPeriod !== undefined && {syncPeriod}),
	};
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(played))));
}

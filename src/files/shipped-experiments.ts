import {join} from 'node:path';
import {packageRoot} from './package-root.ts';

/** The poster's five questions in its order, each with its variants, and what it says of healing. */
const names = [
	'performance-under-load',
	'dynamic-scaling',
	'ramp',
	'spike',
	'resource-consumption',
	'cost-efficiency',
	'multi-tenant',
	'multi-tenant-noisy-neighbour',
	'self-healing',
];

/** Paths of the experiments that come with the package, in the order in which they are shown. */
export function listShippedExperiments(): readonly string[] {
	return names.map(name => join(packageRoot(), 'experiments', `${name}.yaml`));
}

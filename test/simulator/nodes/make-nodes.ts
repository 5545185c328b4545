import type {NodeAutoscaler, NodePool} from '../../../src/experiment/nodes/node-autoscaler.ts';

type TypeParts = {
	readonly name: string;
	readonly cpu: number;
	readonly memory: number;
	readonly pods?: number;
	readonly price?: number;
	/** Taken from what pods may request; 0.1 cores and 10 MiB in Karpenter's own tests. */
	readonly overhead?: {readonly cpu: number; readonly memory: number};
};

type Parts = {
	readonly types: readonly TypeParts[];
	readonly zones?: readonly string[];
	readonly pool?: Partial<NodePool>;
	readonly settings?: Partial<NodeAutoscaler>;
	/** [s] */
	readonly delays?: Partial<Record<keyof NodeAutoscaler['delays'], number>>;
};

/** Karpenter with one pool of the types, in the order of their prices. */
export function makeNodes({types, zones = ['a'], pool = {}, settings = {}, delays = {}}: Parts): NodeAutoscaler {
	const constant = (value = 0) => ({distribution: 'constant', value}) as const;
	const {request, boot, join, driver, images, weights} = delays;
	return {
		kind: 'karpenter',
		batchMaxDuration: 10,
		batchIdleDuration: 1,
		catalogue: {name: 'test', date: '2026-01-01', currency: 'USD'},
		types: types.map(({name, cpu, memory, pods = 110, price = cpu, overhead = {cpu: 0, memory: 0}}) => ({
			name,
			capacity: {cpu, memory},
			allocatable: {cpu: cpu - overhead.cpu, memory: memory - overhead.memory},
			mostPods: pods,
			perHour: {'on-demand': price, spot: price / 2},
		})),
		zones,
		pools: [
			{
				name: 'default',
				types: types.map((_, index) => index),
				zones: zones.map((_, index) => index),
				capacityTypes: ['on-demand'],
				limits: {},
				minSize: 0,
				consolidation: {after: 30, policy: 'WhenEmptyOrUnderutilized', budgets: [{nodes: {fraction: 0.1}}]},
				...pool,
			},
		],
		delays: {
			request: constant(request),
			boot: constant(boot),
			join: constant(join),
			driver: constant(driver),
			images: constant(images),
			weights: constant(weights),
		},
		placement: {requirements: [], tolerations: [], spread: [], doNotDisrupt: false},
		split: {perCoreHour: 1, perGibibyteHour: 0},
		ignored: [],
		...settings,
	} as NodeAutoscaler;
}

import type {ObservedTables} from '../../records/observed-columns.ts';
import type {JournalEntry, PoolNodeEntry} from '../observe/entry.ts';

type Life = Omit<PoolNodeEntry, 'type' | 'at' | 'isUp' | 'isReady' | 'joining'> & {
	readonly ordered: number;
	launched: number;
	ready: number;
	gone: number;
	reason: string;
};

/** The nodes of Karpenter's pools, in the order in which they were seen. */
export function poolNodeTable(entries: readonly JournalEntry[], start: number): ObservedTables['poolNodes'] {
	const lives = [...livesOf(entries).values()];
	const column = (of: (life: Life) => number) => Float64Array.from(lives, life => of(life) - start);
	return {
		node: lives.map(({node}) => node),
		pool: lives.map(({pool}) => pool),
		instanceType: lives.map(({instanceType}) => instanceType),
		zone: lives.map(({zone}) => zone),
		market: lives.map(({market}) => market),
		orderedSeconds: column(({ordered}) => ordered),
		launchedSeconds: column(({launched}) => launched),
		readySeconds: column(({ready}) => ready),
		goneSeconds: column(({gone}) => gone),
		reason: lives.map(({reason}) => reason),
	};
}

function livesOf(entries: readonly JournalEntry[]): Map<string, Life> {
	const lives = new Map<string, Life>();
	const none = {launched: Number.NaN, ready: Number.NaN, gone: Number.NaN, reason: ''};
	for (const entry of entries) {
		if (entry.type === 'poolNode') {
			const {node, pool, instanceType, zone, market, at, isReady} = entry;
			const life = lives.get(node) ?? {node, pool, instanceType, zone, market, ordered: at, ...none};
			life.ready = isReady && Number.isNaN(life.ready) ? at : life.ready;
			lives.set(node, life);
		} else if (entry.type === 'nodeLaunch' || entry.type === 'poolNodeGone') {
			const life = lives.get(entry.node);
			if (life !== undefined) {
				life[entry.type === 'nodeLaunch' ? 'launched' : 'gone'] = entry.at;
			}
		} else if (entry.type === 'nodeClaim' && entry.node !== undefined) {
			const life = lives.get(entry.node);
			if (life !== undefined) {
				life.reason = entry.reason ?? ''; // a reason may be taken back
			}
		}
	}

	return lives;
}

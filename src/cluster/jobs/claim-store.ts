import {UserError} from '../../errors.ts';
import {checkedName, type ObjectStore} from './pod/shard-work.ts';

/** Calls the program of the image in a pod. */
export type CallInPod = (pod: string, words: readonly string[], input?: string) => Promise<string>;

/** Texts on the claim, several at a time. */
export type ShardStore = Pick<ObjectStore, 'put'> & {
	/** Existing texts, by name. */
	readonly getAll: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

/** Claim, reached through the pod that keeps it: the cluster's storage need not be reachable from here. */
export function claimStore(call: CallInPod, keeper: string): ShardStore {
	return {
		async put(name, text) {
			await retried(async () => call(keeper, ['put', checkedName(name)], text));
		},
		async getAll(names) {
			if (names.length === 0) {
				return new Map();
			}

			return retried(async () => {
				const answer = await call(keeper, ['get', ...names.map(checkedName)]);
				return new Map(Object.entries(JSON.parse(answer) as Record<string, string>));
			});
		},
	};
}

/** Once more: a connection may break, and then its output is cut off. */
async function retried<Result>(work: () => Promise<Result>): Promise<Result> {
	try {
		return await work();
	} catch {
		return await work().catch((error: unknown) => {
			throw error instanceof SyntaxError
				? new UserError('E_CLUSTER', 'Expected the pod that keeps the claim to answer, got half of an answer', {
						cause: error,
					})
				: error;
		});
	}
}

import {ExecaError} from 'execa';
import {UserError} from '../../errors.ts';
import {runTool} from '../machine/run-tool.ts';
import type {ClusterAccess} from '../setup/cluster.ts';
import type {CallInPod} from './claim-store.ts';

/** How long one call may take [s]. */
const timeout = 300;

/** Calls the program of the image in the keeper, by `kubectl exec`: its protocol is kubectl's own business. */
export function callerIn({
	kubeconfig,
	namespace,
}: Pick<ClusterAccess, 'kubeconfig'> & {readonly namespace: string}): CallInPod {
	const reach = ['--kubeconfig', kubeconfig, '--namespace', namespace, 'exec', '--container', 'keeper'];
	return async (pod, words, input) => {
		const stdin = input === undefined ? {words: [], options: {}} : {words: ['--stdin'], options: {input}};
		const program = [pod, '--', 'node', 'shard.cjs', ...words];
		try {
			return await runTool('kubectl', [...reach, ...stdin.words, ...program], {...stdin.options, timeout});
		} catch (error) {
			throw inPod(error, pod);
		}
	};
}

/** Output of the program, before kubectl's own report of its failure. */
function inPod(error: unknown, pod: string): unknown {
	const cause = error instanceof UserError ? error.cause : undefined;
	const lines = cause instanceof ExecaError ? String(cause.stderr).split('\n') : [];
	const said = lines.find(line => line.trim() !== '' && !line.startsWith('command terminated'));
	return said === undefined
		? error
		: new UserError('E_CLUSTER', `Expected the pod ${pod} to reach its claim, got ${said.trim()}`, {cause: error});
}

import type {HpaIdentity} from '../kubernetes/hpa-object.ts';
import {inlineReferences} from './inline-references.ts';
import {type ReadOptions, readPreparedTree} from './read-experiment.ts';
import {nodeAt, plainValue} from './source-tree.ts';

/** Name and target of an experiment's own HorizontalPodAutoscaler, so that what is recommended replaces it. */
export async function readHpaIdentity(path: string, options: ReadOptions): Promise<HpaIdentity> {
	const tree = await readPreparedTree(path, options);
	const {tree: inlined} = await inlineReferences(tree!);
	const textAt = (...keys: string[]) => {
		const node = nodeAt(inlined, ['autoscaler', ...keys]);
		const value = node && plainValue(node);
		return typeof value === 'string' ? value : undefined;
	};
	const target = (key: string) => textAt('spec', 'scaleTargetRef', key) ?? textAt('scaleTargetRef', key);
	const namespace = textAt('metadata', 'namespace');
	const isReplayed = textAt('metadata', 'name') === undefined;
	return {
		metadata: {
			name: textAt('metadata', 'name') ?? 'llm',
			...(isReplayed ? {namespace: 'replicast'} : namespace !== undefined && {namespace}),
		},
		scaleTargetRef: {
			apiVersion: target('apiVersion') ?? 'apps/v1',
			kind: target('kind') ?? 'Deployment',
			name: target('name') ?? 'llm',
		},
	};
}

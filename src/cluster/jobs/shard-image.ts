import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {packageRoot} from '../../files/package-root.ts';
import {digestOf} from '../../shards/sealed.ts';
import type {ClusterAccess} from '../setup/cluster.ts';
import {type Build, buildImage, digest, loadImage, makeBundle} from '../setup/images.ts';
import type {JobOptions} from './job-options.ts';

type Providing = {readonly access: ClusterAccess; readonly signal: AbortSignal; readonly say: (text: string) => void};

/** Digest of the program that plays shards, as this package has it. */
export async function shardProgram(): Promise<string> {
	await makeBundle('bundle-shard.js', programPath());
	return digestOf(await readFile(programPath(), 'utf8'));
}

/** How the image is built. Its tag is a digest of what goes into it. */
export async function planShardImage(): Promise<Build> {
	const dockerfile = join(packageRoot(), 'k8s', 'replicast', 'Dockerfile');
	const tag = await digest([dockerfile, programPath()], '');
	return {image: `replicast:${tag}`, words: ['--file', dockerfile, join(packageRoot(), 'dist', 'shard-image')]};
}

/** Sees to it that the cluster has the image: it is built and loaded into a kind cluster, else it is the user's. */
export async function provideImage(
	{image, place}: Pick<JobOptions, 'image' | 'place'>,
	{access, signal, say}: Providing,
): Promise<{readonly image: string; readonly how: string}> {
	if (image !== undefined) {
		return {image, how: image};
	}

	const plan = await planShardImage();
	if (place.kind === 'foreign') {
		throw new RangeError('Expected an image with a cluster that is not kind');
	}

	const built = await buildImage(plan, signal);
	say(`${plan.image} ${built}`);
	const loaded = await loadImage(plan.image, access, signal);
	return {image: plan.image, how: `${plan.image}, ${built === 'built' ? 'built, ' : ''}${loaded}`};
}

function programPath(): string {
	return join(packageRoot(), 'dist', 'shard-image', 'shard.cjs');
}

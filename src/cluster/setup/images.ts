import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {packageRoot} from '../../store/disk/package.ts';
import {runTool} from '../machine/run-tool.ts';
import type {Images} from './render-manifests.ts';

/** Build of an image. */
export type Build = {readonly image: string; readonly words: readonly string[]};

export type Builds = {readonly backend: Build; readonly ollama: Build};

/** Plans the build of the backend's image. Its tag is a digest of its content, so that equal content has equal names. */
export async function planBackend(): Promise<Build> {
	const root = packageRoot();
	const bundle = join(root, 'dist', 'backend-image');
	await makeBundle('bundle-backend.js', join(bundle, 'server.cjs'));
	const file = join(root, 'k8s', 'backend', 'Dockerfile');
	const tag = await digest([file, join(bundle, 'server.cjs')], '');
	return {image: `replicast-backend:${tag}`, words: ['--file', file, bundle]};
}

/**
 * Plans the builds of the two images, tagged alike.
 *
 * @param model - baked into Ollama's image
 */
export async function planImages(model: string): Promise<Builds> {
	const ollama = join(packageRoot(), 'k8s', 'ollama');
	const tag = await digest([join(ollama, 'Dockerfile'), join(ollama, 'bake-model.sh')], model);
	return {
		backend: await planBackend(),
		ollama: {image: `replicast-ollama:${tag}`, words: ['--build-arg', `MODEL=${model}`, ollama]},
	};
}

export function imagesOf({backend, ollama}: Builds): Images {
	return {backend: backend.image, ollama: ollama.image};
}

/** Builds an image unless there is one of that content. */
export async function buildImage({image, words}: Build, signal: AbortSignal): Promise<'built' | 'there'> {
	if (await hasImage(image, signal)) {
		return 'there';
	}

	await runTool('docker', ['build', '--quiet', '--tag', image, ...words], {signal});
	return 'built';
}

/** Brings an image that docker has here into every node of a kind cluster; the nodes pull another one themselves. */
export async function loadLocalImage(
	image: string,
	cluster: {name: string; nodes: readonly string[]},
	signal: AbortSignal,
) {
	if (cluster.nodes.length > 0 && (await hasImage(image, signal))) {
		await loadImage(image, cluster, signal);
	}
}

/** Whether docker has an image here. */
export async function hasImage(image: string, signal?: AbortSignal): Promise<boolean> {
	const words = ['image', 'inspect', '--format', '{{.Id}}', image];
	return runTool('docker', words, signal === undefined ? {} : {signal}).then(
		() => true,
		() => false,
	);
}

/** Name of an image as containerd has it. */
function fullName(image: string): string {
	const [first = '', ...rest] = image.split('/');
	return rest.length === 0
		? `docker.io/library/${image}`
		: first.includes('.') || first.includes(':') || first === 'localhost'
			? image
			: `docker.io/${image}`;
}

/** Brings an image into every node of a kind cluster that lacks it. */
export async function loadImage(image: string, cluster: {name: string; nodes: readonly string[]}, signal: AbortSignal) {
	const lacking: string[] = [];
	for (const node of cluster.nodes) {
		const words = ['exec', node, 'ctr', '--namespace', 'k8s.io', 'images', 'ls', '--quiet'];
		const has = (await runTool('docker', words, {signal})).split('\n');
		if (!has.includes(fullName(image))) {
			lacking.push(node);
		}
	}

	if (lacking.length > 0) {
		const words = ['load', 'docker-image', image, '--name', cluster.name, '--nodes', lacking.join(',')];
		await runTool('kind', words, {signal});
	}

	return lacking.length > 0 ? ('loaded' as const) : ('there' as const);
}

/** Makes a bundle in a checkout; an installed package has it. */
export async function makeBundle(name: string, outfile: string): Promise<void> {
	const script = join(packageRoot(), 'scripts', name);
	if (existsSync(script)) {
		await runTool('node', [script, outfile], {timeout: 120});
	}
}

/** Digest of files and a text, short enough for a tag. */
export async function digest(paths: readonly string[], text: string): Promise<string> {
	const hash = createHash('sha256').update(text);
	for (const path of paths) {
		hash.update(await readFile(path));
	}

	return hash.digest('hex').slice(0, 12);
}

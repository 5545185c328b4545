import {chmod, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {stringify} from 'yaml';

export type KubectlOptions = {readonly server: string; readonly bundle: string; readonly claim: string};

/**
 * Writes a `kubectl` that knows one cluster, and runs the image's program for `exec` in a pod that is there.
 *
 * @returns the environment in which it is the only one
 */
export async function fakeKubectl(folder: string, {server, bundle, claim}: KubectlOptions) {
	const kubeconfig = stringify({
		apiVersion: 'v1',
		kind: 'Config',
		'current-context': 'fake',
		clusters: [{name: 'fake', cluster: {server}}],
		contexts: [{name: 'fake', context: {cluster: 'fake', user: 'fake'}}],
		users: [{name: 'fake', user: {}}],
	});
	const bin = join(folder, 'bin');
	await mkdir(bin, {recursive: true});
	await writeFile(join(bin, 'package.json'), '{"type": "commonjs"}'); // whatever stands above this folder
	await writeFile(join(bin, 'kubectl'), script({kubeconfig, server, bundle, claim}));
	await chmod(join(bin, 'kubectl'), 0o755);
	return {PATH: `${bin}:${process.env['PATH']}`};
}

const script = (known: object) => `#!/usr/bin/env node
const {spawn} = require('node:child_process');
const {kubeconfig, server, bundle, claim} = ${JSON.stringify(known)};
const words = process.argv.slice(2);
const value = name => words[words.indexOf(name) + 1];
(async () => {
	if (words[0] === 'version') {
		console.log(JSON.stringify({clientVersion: {gitVersion: 'v1.34.4'}}));
	} else if (words[0] === 'config') {
		console.log(kubeconfig);
	} else if (words.includes('exec')) {
		const end = words.indexOf('--');
		const pod = await fetch(server + '/api/v1/namespaces/' + value('--namespace') + '/pods/' + words[end - 1]);
		if (!pod.ok) {
			throw new Error('pods "' + words[end - 1] + '" not found');
		}
		const {spec} = await pod.json();
		if (spec.containers[0].env.find(({name}) => name === 'STORE').value !== '/data' || words[end + 1] !== 'node') {
			throw new Error('no such program');
		}
		spawn('node', [bundle, ...words.slice(end + 3)], {
			stdio: [words.includes('--stdin') ? 'inherit' : 'ignore', 'inherit', 'inherit'],
			env: {PATH: process.env.PATH, STORE: claim},
		}).on('close', code => process.exit(code));
	} else {
		throw new Error('unknown command');
	}
})().catch(error => {
	console.error('Error from server: ' + error.message);
	process.exit(1);
});
`;

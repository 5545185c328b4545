import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {largestYaml} from '../experiments/referenced-files.ts';

/** Words by which a template, or one that it includes, makes an autoscaler. */
const autoscalerWords = /HorizontalPodAutoscaler|ScaledObject|autoscal|hpa\b/i;

/** Folders of Helm charts whose templates, or those of a chart that they hold, make autoscalers. */
export async function chartsWithAutoscalers(folders: readonly string[]): Promise<string[]> {
	const found: string[] = [];
	for (const folder of folders) {
		if ((await haveAutoscalers(join(folder, 'templates'))) || (await haveAutoscalers(join(folder, 'charts')))) {
			found.push(folder);
		}
	}

	return found;
}

async function haveAutoscalers(folder: string): Promise<boolean> {
	for (const file of await filesBelow(folder)) {
		if (autoscalerWords.test(await textOf(file))) {
			return true;
		}
	}

	return false;
}

async function filesBelow(folder: string): Promise<string[]> {
	try {
		const entries = await readdir(folder, {withFileTypes: true, recursive: true});
		return entries
			.filter(entry => entry.isFile() && /\.(?:ya?ml|tpl|txt)$/i.test(entry.name))
			.map(entry => join(entry.parentPath, entry.name))
			.sort();
	} catch {
		return [];
	}
}

async function textOf(file: string): Promise<string> {
	try {
		return await readText(file, largestYaml);
	} catch (error) {
		if (error instanceof UnreadableError) {
			return '';
		}

		throw error;
	}
}

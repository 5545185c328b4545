import {readdirSync, readFileSync} from 'node:fs';

/** The pages that people read, by path from the root. */
export const pages: ReadonlyMap<string, string> = new Map(
	[
		...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
		...['docs', 'experiments', 'reports'].flatMap(folder =>
			readdirSync(folder, {recursive: true, encoding: 'utf8'})
				.filter(path => path.endsWith('.md'))
				.map(path => `${folder}/${path}`),
		),
	].map(path => [path, readFileSync(path, 'utf8')]),
);

/** Lines of code blocks, fenced or indented, that are for a shell; a line that goes on is one. */
export function shellLines(text: string): string[] {
	const fenced = [...text.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)].flatMap(([, language, code]) =>
		['sh', 'bash', 'console', ''].includes(language!) ? code! : '',
	);
	const indented = text.replaceAll(/^ *```.*?^ *```$/gms, '').match(/^ {4}\S.*$/gm) ?? [];
	return [...fenced, ...indented]
		.join('\n')
		.replaceAll('\\\n', ' ')
		.split('\n')
		.map(line => line.trim().replace(/^\$ /, ''));
}

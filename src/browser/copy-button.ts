import {byId} from './element.ts';

/** Lets the button of an element copy its text, and tells what became of it. */
export function copyButton(source: string): void {
	byId(`copy-${source}`).addEventListener('click', () => {
		void copyText(byId(source)).then(words => {
			byId(`${source}-copied`).textContent = words;
		});
	});
}

async function copyText(source: HTMLElement): Promise<string> {
	try {
		await navigator.clipboard.writeText(source.textContent ?? '');
		return 'Copied';
	} catch {
		// Not every browser lets a page of a file write there.
		getSelection()?.selectAllChildren(source);
		return 'Selected: copy it with Ctrl+C';
	}
}

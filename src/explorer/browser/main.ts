import './jitless.ts';
import {decodeExplored} from '../explored.ts';
import {byId, showText} from './element.ts';
import {Explorer} from './explorer.ts';
import {serve} from './serve.ts';
import {Simulations} from './simulations.ts';

// One script with two roles: the page's own, and that of the threads that it starts with its own text.
if (typeof document === 'undefined') {
	serve();
} else {
	explore(document.currentScript?.textContent ?? '');
}

/**
 * Brings the page to life.
 *
 * @param script - the text of its own script
 */
function explore(script: string): void {
	try {
		const explored = decodeExplored(byId('explored').textContent ?? '');
		new Explorer(explored, new Simulations(script)).start();
	} catch (error) {
		showText('fault', String(error)); // a browser that allows no threads, for one
	}
}
